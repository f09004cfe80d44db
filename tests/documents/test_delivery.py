"""Where documents go: every address of the delivery, another proven one, or into somebody's hands (S3, S6, L3, L5)."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import override
from pytest_django.fixtures import Settings

from abonent.access.models import Identifier, ProvenAddress
from abonent.audit.journal import Origin
from abonent.audit.models import Entry
from abonent.billing import guards
from abonent.billing.models import Invoice
from abonent.clients.addresses import addresses_in, check_addresses, why_not
from abonent.clients.deliveries import Way, change
from abonent.clients.models import Account
from abonent.documents.kinds import KINDS
from abonent.documents.making import document_requests_queue
from abonent.documents.models import DocumentRequest, Stage
from abonent.documents.ordering import By, NotNow, Wish, address_now, place, repeat
from abonent.documents.regular import deliver_issued
from abonent.jobs.models import State
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.outbox.models import Letter
from abonent.outbox.queues import QUEUES
from tests.cast import Cast
from tests.conftest import NOON, logged_in
from tests.matrix.finance import issued
from tests.outbox.mailserver import free_port, mail_server

LATER = NOON + dt.timedelta(minutes=1)
TXT = Wish("txt", "en", By.EMAIL)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def by_mail(cast: Cast, account: Account, *addresses: str) -> bool:
    """Change it; the letter that tells the old address is not what is looked at here."""
    changed = change(account, Way("email", addresses, "txt"), cast.anna.actor(), Origin())
    Letter.objects.filter(purpose="delivery changed").delete()
    return changed


def ordered(cast: Cast, wish: Wish = TXT) -> DocumentRequest:
    """A small document of the first account, made."""
    made = place(KINDS["subscriber_list"], cast.first, {}, wish, cast.anna)
    drain([document_requests_queue])
    made.refresh_from_db()
    return made


def formed(cast: Cast, delivery: dict[str, str]) -> Invoice:
    """An invoice of last month that remembers `delivery` as in force when it was formed."""
    invoice = issued(cast)
    with guards.lifted(connection):
        invoice.snapshot["delivery"] = delivery
        Invoice.objects.filter(pk=invoice.pk).update(snapshot=invoice.snapshot)
    return invoice


def test_L5_the_history_of_the_delivery_is_half_open_and_journaled(cast: Cast) -> None:
    with clock.stopped(NOON):
        assert by_mail(cast, cast.first, "a@example.com", "b@example.com")
        assert not by_mail(cast, cast.first, "a@example.com", "b@example.com")
    with clock.stopped(LATER):
        change(cast.first, Way("hand", (), "pdf"), cast.anna.actor(), Origin())
    rows = [(row.start, row.end, row.method, row.addresses) for row in cast.first.deliveries.order_by("start")]
    assert [row[1:] for row in rows] == [
        (NOON, "email", (f"invoices-{cast.first.number}@example.com",)),
        (LATER, "email", ("a@example.com", "b@example.com")),
        (None, "hand", ()),
    ]
    assert [row[0] for row in rows[1:]] == [NOON, LATER]
    entries = list(Entry.objects.filter(action="clients.delivery").order_by("pk"))
    assert entries[1].beside.before == {"delivered": "email", "email": "a@example.com, b@example.com", "format": "txt"}
    assert entries[1].beside.after == {"delivered": "hand", "email": "", "format": "pdf"}


def test_L5_two_changes_in_one_instant_leave_the_last(cast: Cast) -> None:
    with clock.stopped(NOON):
        by_mail(cast, cast.first, "a@example.com")
        by_mail(cast, cast.first, "b@example.com")
        assert address_now(cast.first) == "b@example.com"
    assert cast.first.deliveries.count() == 2


@pytest.mark.usefixtures("noon")
def test_L3_the_regular_invoice_goes_to_all_addresses_of_its_forming_once_each(cast: Cast) -> None:
    formed(cast, {"method": "email", "address": "a@x.by, b@x.by, A@x.by", "format": "txt"})
    by_mail(cast, cast.first, "later@x.by")
    assert [deliver_issued(), deliver_issued()] == [1, 0]
    request = DocumentRequest.objects.get()
    assert (request.by, request.format, request.addresses) == (By.EMAIL, "txt", ("a@x.by", "b@x.by"))
    # What is ordered now goes to what is in force now.
    assert repeat(request, cast.anna).addresses == ("later@x.by",)


def test_S2_each_address_gets_a_letter_of_its_own_once(cast: Cast) -> None:
    by_mail(cast, cast.first, "a@x.by", "b@x.by")
    request = ordered(cast)
    letters = request.letters
    assert [letter.to for letter in letters] == ["a@x.by", "b@x.by"]
    assert len({letter.message_id for letter in letters}) == Letter.objects.count() == 2
    assert all(letter.attachments.count() == 1 for letter in letters)


def test_S2_one_of_several_that_is_refused_is_shown_with_its_address(cast: Cast, settings: Settings) -> None:
    by_mail(cast, cast.first, "nobody@example.com", "books@example.com")
    request = ordered(cast)
    assert request.stage == Stage.SENDING
    with mail_server() as box:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{box.port}"
        box.recipient_answers.append("550 5.1.1 No such user")
        drain(QUEUES)
    assert [letter["To"] for letter in box.letters] == ["books@example.com"]
    request = DocumentRequest.objects.get(pk=request.pk)
    assert (request.stage, request.reason) == (Stage.REFUSED, "nobody@example.com: 550 5.1.1 No such user")


def test_S6_another_address_has_to_be_proven_and_a_repeat_goes_there_again(cast: Cast) -> None:
    anna, wish = cast.anna, Wish("txt", "en", By.EMAIL, "audit@example.org")
    with pytest.raises(NotNow, match="by a code"):
        ordered(cast, wish)
    # Whoever proved it for another company, or is somebody else, has proven nothing here.
    assert anna.client is not None
    ProvenAddress.objects.create(client=cast.stranger, person=anna.person, email=wish.email)
    ProvenAddress.objects.create(client=anna.client, person=cast.sergei.person, email=wish.email)
    with pytest.raises(NotNow, match="by a code"):
        ordered(cast, wish)
    proven = ProvenAddress.objects.create(client=anna.client, person=anna.person, email=wish.email)
    request = ordered(cast, wish)
    assert (request.addresses, request.elsewhere) == (("audit@example.org",), True)
    assert repeat(request, anna).addresses == ("audit@example.org",)
    proven.delete()
    with pytest.raises(NotNow, match="by a code"):
        repeat(request, anna)


def test_S6_what_one_logs_in_by_is_proven_and_what_was_not_verified_is_not(cast: Cast) -> None:
    own = Wish("txt", "en", By.EMAIL, "anna@example.com")
    assert ordered(cast, own).addresses == ("anna@example.com",)
    Identifier.objects.filter(value="anna@example.com").update(verified=False)
    with pytest.raises(NotNow, match="by a code"):
        ordered(cast, own)


@pytest.mark.usefixtures("noon")
def test_L5_what_is_collected_in_person_waits_for_the_staff(cast: Cast) -> None:
    formed(cast, {"method": "hand", "address": "", "format": "txt"})
    deliver_issued()
    request = DocumentRequest.objects.get()
    assert (request.by, request.email) == (By.HAND, "")
    DocumentRequest.objects.update(state=State.DONE, expires=NOON)
    with clock.stopped(NOON + dt.timedelta(days=60)):
        assert DocumentRequest.objects.get().stage == Stage.TO_COLLECT


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A@x.by; b@x.by,c@x.by\nb@x.by", ("a@x.by", "b@x.by", "c@x.by")),
        (" , ;", ()),
    ],
)
def test_addresses_are_read_each_once(text: str, found: tuple[str, ...]) -> None:
    assert addresses_in(text) == found


@pytest.mark.parametrize("wrong", ["a", "a@", "@x.by", "a@x", "a@x..by", '"a b"@x.by', f"{'a' * 300}@x.by", "бух@x.by"])
def test_an_address_that_cannot_be_gets_a_sentence(wrong: str) -> None:
    assert why_not(wrong)
    with pytest.raises(Exception, match=r"address|letters"):
        check_addresses(f"ok@example.com, {wrong}")


def test_an_address_of_another_alphabet_after_the_at_is_one() -> None:
    assert why_not("office@почта.бел") == ""


def test_nobody_gives_eleven_addresses() -> None:
    with pytest.raises(Exception, match="At most 10"):
        check_addresses(", ".join(f"a{place}@example.com" for place in range(11)))


def test_S2_a_mail_server_that_is_down_for_a_day_loses_nothing(cast: Cast, settings: Settings) -> None:
    """All that time the page says that it waits, and never that it was sent."""
    port = free_port()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    with clock.stopped(NOON):
        request = ordered(cast)
    browser = logged_in(cast.anna)
    for hour in (0, 1, 6, 12, 24):
        with clock.stopped(NOON + dt.timedelta(hours=hour)):
            drain(QUEUES)
    page = browser.get(reverse("document_row", args=[request.pk])).content.decode()
    assert "waiting to be sent" in page
    assert "The mail server could not be reached." in page
    assert Letter.objects.get().sent_at is None
    with mail_server(port) as box, clock.stopped(NOON + dt.timedelta(hours=26)):
        drain(QUEUES)
        drain(QUEUES)
    assert [letter["Message-ID"] for letter in box.letters] == [Letter.objects.get().message_id]
    assert DocumentRequest.objects.get().stage == Stage.SENT


def test_S2_what_comes_back_is_shown_on_the_request(cast: Cast) -> None:
    request = ordered(cast)
    Letter.objects.update(state=State.DONE, returned="550 5.1.1 User unknown")
    assert DocumentRequest.objects.get().stage == Stage.RETURNED
    page = logged_in(cast.anna).get(reverse("document_row", args=[request.pk])).content.decode()
    assert "returned" in page
    assert "550 5.1.1 User unknown" in page
