"""«Изменить способ/адрес доставки», and another address for a document: a code first (S3, S6, L5)."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from abonent.access.bounds import DAY, Limit
from abonent.access.models import ProvenAddress
from abonent.audit.models import Entry
from abonent.clients.models import Account, Delivery
from abonent.documents.models import DocumentRequest
from abonent.lib import clock
from abonent.outbox.models import Letter
from abonent.portal.confirming import code_field
from abonent.profile import current
from tests.cast import Cast
from tests.conftest import NOON, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "noon")]

NEW = "audit@example.org"


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}"


def code(to: str = NEW) -> str:
    """The digits of the last letter to that address."""
    found = re.search(r"\b\d{6}\b", Letter.objects.filter(to=to).latest("pk").text)
    assert found
    return found[0]


def now_of(account: Account) -> tuple[str, tuple[str, ...], str]:
    found = account.delivery_at(clock.now())
    assert found
    return found.method, found.addresses, found.format


def changed(browser: Client, accounts: list[Account], *addresses: str, **more: str) -> int:
    data = {"accounts": [one.pk for one in accounts], "method": "email", "format": "xlsx", **more}
    return browser.post(reverse("delivery"), {**data, "addresses": "\n".join(addresses)}).status_code


def test_L5_several_addresses_count_once_each_is_confirmed(cast: Cast, anna_client: Client) -> None:
    old = now_of(cast.first)
    assert changed(anna_client, [cast.first], NEW, "books@example.org") == 422
    assert now_of(cast.first) == old
    codes = {code_field(NEW): code(), code_field("books@example.org"): "000"}
    assert changed(anna_client, [cast.first], NEW, "books@example.org", **codes) == 422
    # The one that fits is not asked for again.
    page = anna_client.post(
        reverse("delivery"),
        {"accounts": cast.first.pk, "method": "email", "format": "xlsx", "addresses": f"{NEW} books@example.org"},
    ).content.decode()
    assert (code_field(NEW) in page, code_field("books@example.org") in page) == (False, True)
    last = {code_field("books@example.org"): code("books@example.org")}
    assert changed(anna_client, [cast.first], NEW, "books@example.org", **last) == 302
    assert now_of(cast.first) == ("email", (NEW, "books@example.org"), "xlsx")
    entry = Entry.objects.get(action="clients.delivery")
    assert entry.beside.after["email"] == f"{NEW}, books@example.org"


def test_L5_what_is_in_force_already_takes_no_code(cast: Cast, sergei_client: Client) -> None:
    """Nor for another account of the same seat."""
    kept = now_of(cast.first)[1][0]
    assert changed(sergei_client, [cast.first, cast.second], kept) == 302
    assert now_of(cast.first) == now_of(cast.second) == ("email", (kept,), "xlsx")
    # Whoever got the invoices until now is told, and nobody else.
    (told,) = Letter.objects.all()
    assert (told.to, cast.second.number in told.subject) == (f"invoices-{cast.second.number}@example.com", True)
    assert kept not in told.text


def test_L5_collected_in_person_needs_no_address(cast: Cast, anna_client: Client) -> None:
    assert changed(anna_client, [cast.first], "what was typed before", method="hand") == 302
    assert now_of(cast.first) == ("hand", (), "xlsx")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write at least one address."),
        ("no-address", "“no-address” is not an e-mail address."),
        ("ok@example.com, бух@x.by", "“бух@x.by” has letters before the @"),
        (" ".join(f"a{place}@example.com" for place in range(11)), "At most 10 addresses."),
    ],
)
def test_L5_what_cannot_be_is_said_by_name(cast: Cast, anna_client: Client, typed: str, words: str) -> None:
    data = {"accounts": cast.first.pk, "method": "email", "format": "pdf", "addresses": typed}
    answer = anna_client.post(reverse("delivery"), data)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Letter.objects.exists()
    assert typed.split(",", maxsplit=1)[0] in answer.content.decode()


def test_L5_another_companys_account_is_no_choice(cast: Cast, anna_client: Client) -> None:
    for foreign in (cast.second, cast.stranger_account):
        assert changed(anna_client, [cast.first, foreign], method="hand") == 422
    assert Delivery.objects.filter(end__isnull=False).count() == 0


def test_L5_the_page_tells_what_is_in_force_and_what_was(cast: Cast, anna_client: Client) -> None:
    with clock.stopped(NOON - dt.timedelta(days=1)):
        changed(anna_client, [cast.first], method="hand")
    page = anna_client.get(reverse("delivery")).content.decode()
    assert f"invoices-{cast.first.number}@example.com" in page
    assert "Before that" in page


def order(browser: Client, cast: Cast, **more: str) -> int:
    data = {"account": str(cast.first.pk), "first": "2026-10-01", "last": "2026-10-31", "format": "txt"}
    more = {"language": "en", "by": "other", "other": NEW, **more}
    return browser.post(reverse("reconciliation"), {**data, **more}).status_code


def test_S6_another_address_takes_a_code_the_first_time(cast: Cast, anna_client: Client) -> None:
    assert order(anna_client, cast) == 422
    assert not DocumentRequest.objects.exists()
    assert "wants documents of the operator to be sent to this address" in Letter.objects.get().text
    # Pressed twice, it sends one code.
    assert order(anna_client, cast) == 422
    assert Letter.objects.count() == 1
    assert order(anna_client, cast, **{code_field(NEW): f" {code()[:3]}-{code()[3:]} "}) == 302
    assert (DocumentRequest.objects.get().email, DocumentRequest.objects.get().elsewhere) == (NEW, True)
    # From then on it is known.
    assert order(anna_client, cast) == 302
    assert Letter.objects.count() == 1
    actions = Entry.objects.filter(action__startswith="access.address").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["access.address-code", "access.address-proven"]


def test_S6_a_code_works_within_its_tries_and_for_its_address(cast: Cast, anna_client: Client) -> None:
    order(anna_client, cast)
    right = code()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(current().login.code_tries):
        assert order(anna_client, cast, **{code_field(NEW): wrong}) == 422
    assert order(anna_client, cast, **{code_field(NEW): right}) == 422
    # The code of one address proves no other, whatever the field is called.
    order(anna_client, cast, other="own@example.net")
    assert order(anna_client, cast, **{code_field(NEW): code("own@example.net")}) == 422
    assert not DocumentRequest.objects.exists()
    assert not ProvenAddress.objects.exists()


def test_S6_codes_are_bounded_for_the_person_and_for_the_mailbox(cast: Cast, anna_client: Client) -> None:
    most = current().login.codes_per_day
    by_anna = Limit("address by", str(cast.anna.person_id), most, DAY)
    to_mailbox = Limit("code", f"email:{NEW}", most, DAY)
    for _ in range(most - 1):
        assert by_anna.take()
        assert to_mailbox.take()
    order(anna_client, cast)
    order(anna_client, cast, other="another@example.org")
    order(logged_in(cast.sergei), cast)
    assert [letter.to for letter in Letter.objects.all()] == [NEW]


def test_S6_an_old_code_is_none(cast: Cast, anna_client: Client) -> None:
    order(anna_client, cast)
    right = code()
    with clock.stopped(NOON + dt.timedelta(minutes=current().login.code_minutes, seconds=1)):
        assert order(logged_in(cast.anna), cast, **{code_field(NEW): right}) == 422
        # It was another session's, too.
    assert order(logged_in(cast.anna), cast, **{code_field(NEW): right}) == 422


@pytest.mark.parametrize("other", ["", "no-address", "a@b", "бух@x.by", f"{'a' * 300}@x.by"])
def test_S6_another_address_that_cannot_be_gets_a_sentence(cast: Cast, anna_client: Client, other: str) -> None:
    assert order(anna_client, cast, other=other) == 422
    assert not Letter.objects.exists()


def test_S6_confirmed_addresses_are_seen_and_removed_by_their_person_alone(
    cast: Cast, anna_client: Client, sergei_client: Client
) -> None:
    known = ProvenAddress.objects.create(client=cast.company, person=cast.anna.person, email=NEW)
    assert NEW in anna_client.get(reverse("confirmed_addresses")).content.decode()
    assert NEW not in sergei_client.get(reverse("confirmed_addresses")).content.decode()
    assert sergei_client.post(reverse("confirmed_address_removal", args=[known.pk])).status_code == 404
    assert anna_client.post(reverse("confirmed_address_removal", args=[known.pk])).status_code == 302
    assert not ProvenAddress.objects.exists()
    assert Entry.objects.filter(action="access.address-forgotten").count() == 1
    assert order(anna_client, cast) == 422


def test_S6_who_sees_single_numbers_gives_no_address(pavel_client: Client) -> None:
    page = pavel_client.get(reverse("call_details")).content.decode()
    assert 'name="other"' not in page


def test_V5_call_details_ask_for_the_code_on_the_receipt(cast: Cast, anna_client: Client) -> None:
    data = {
        "account": str(cast.first.pk), "period": "month", "month": "2026-10", "directions": "both", "source": "all",
        "format": "txt", "language": "en", "by": "other", "other": NEW, "accept": "1",
    }  # fmt: skip
    receipt = anna_client.post(reverse("call_details"), {**data, "step": "choose"})
    assert (receipt.status_code, NEW in receipt.content.decode()) == (200, True)
    asked = anna_client.post(reverse("call_details"), {**data, "step": "order"})
    assert (asked.status_code, code_field(NEW) in asked.content.decode()) == (422, True)
    done = anna_client.post(reverse("call_details"), {**data, "step": "order", code_field(NEW): code()})
    assert (done.status_code, DocumentRequest.objects.get().email) == (302, NEW)
