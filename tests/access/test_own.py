"""The own log-in: name, password, another number or address, proven at both ends (V8)."""

import re

import pytest
from django.test import Client

from abonent.access.codes import Kind
from abonent.access.models import Identifier
from abonent.access.own import Words, tell
from abonent.access.releasing import release
from abonent.audit.models import Entry
from abonent.outbox.models import Letter, TextMessage
from abonent.profile import current
from tests.access.people import STRONG
from tests.cast import PASSWORD, Cast
from tests.conftest import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ANNA = "375291000001"
NEW = "375291234567"


def codes() -> list[str]:
    """The digits of every text message, oldest first."""
    bodies = TextMessage.objects.order_by("pk").values_list("body", flat=True)
    return [found[0] for body in bodies if (found := re.search(r"\b\d{6}\b", body))]


def phone_of(cast: Cast) -> Identifier:
    return cast.anna.person.identifiers.get(kind="phone")


def begin(browser: Client, cast: Cast, value: str = NEW) -> int:
    phone = phone_of(cast)
    return browser.post(f"/me/identifiers/{phone.pk}/", {"value": value, "proof": phone.pk}).status_code


def test_V8_another_number_is_proven_at_both_ends(anna_client: Client, cast: Cast) -> None:
    assert begin(anna_client, cast) == 302
    old, new = codes()
    assert [message.to for message in TextMessage.objects.order_by("pk")] == [ANNA, NEW]
    assert anna_client.post("/me/identifiers/codes/", {"old_code": old, "new_code": new})["Location"] == "/me/"
    assert phone_of(cast).value == NEW
    assert not Identifier.objects.filter(value=ANNA).exists()
    notice = TextMessage.objects.latest("pk")
    assert (notice.to, "+375 29 123-45-67" in notice.body) == (ANNA, True)
    entry = Entry.objects.get(action="access.identifier")
    assert (entry.beside.before, entry.beside.after) == ({"phone": ANNA}, {"phone": NEW})
    assert Client().post("/login/password/", {"value": NEW, "password": PASSWORD}).status_code == 302
    assert Client().post("/login/password/", {"value": ANNA, "password": PASSWORD}).status_code == 422


@pytest.mark.parametrize("wrong", ["old_code", "new_code"])
def test_V8_one_end_alone_changes_nothing_and_the_other_is_not_asked_again(
    anna_client: Client, cast: Cast, wrong: str
) -> None:
    begin(anna_client, cast)
    right = dict(zip(("old_code", "new_code"), codes(), strict=True))
    other = f"{(int(right[wrong]) + 1) % 10**6:06}"
    answer = anna_client.post("/me/identifiers/codes/", {**right, wrong: other})
    assert answer.status_code == 422
    assert phone_of(cast).value == ANNA
    assert anna_client.post("/me/identifiers/codes/", {wrong: right[wrong]}).status_code == 302
    assert phone_of(cast).value == NEW


def test_V8_a_code_may_go_to_another_identifier_of_the_person(anna_client: Client, cast: Cast) -> None:
    email = cast.anna.person.identifiers.get(kind="email")
    anna_client.post(f"/me/identifiers/{phone_of(cast).pk}/", {"value": NEW, "proof": email.pk})
    found = re.search(r"\b\d{6}\b", Letter.objects.get().text)
    assert found
    anna_client.post("/me/identifiers/codes/", {"old_code": found[0], "new_code": codes()[0]})
    assert phone_of(cast).value == NEW


def test_V8_the_proof_goes_to_nobody_else(anna_client: Client, cast: Cast) -> None:
    theirs = cast.stas.person.identifiers.get(kind="phone")
    answer = anna_client.post(f"/me/identifiers/{phone_of(cast).pk}/", {"value": NEW, "proof": theirs.pk})
    assert answer.status_code == 422
    assert anna_client.post(f"/me/identifiers/{theirs.pk}/", {"value": NEW, "proof": theirs.pk}).status_code == 404
    account = cast.anna.person.identifiers.get(kind="account")
    assert anna_client.get(f"/me/identifiers/{account.pk}/").status_code == 404
    assert TextMessage.objects.count() == 0


def test_V8_what_somebody_else_has_is_told_only_to_whoever_reads_it(anna_client: Client, cast: Cast) -> None:
    stas = "375291000009"
    assert begin(anna_client, cast, stas) == 302
    assert "Somebody else" not in anna_client.get("/me/identifiers/codes/").content.decode()
    old, new = codes()
    answer = anna_client.post("/me/identifiers/codes/", {"old_code": old, "new_code": new})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Somebody else logs in by this" in page
    assert "Stas" not in page
    assert phone_of(cast).value == ANNA
    assert Identifier.objects.get(value=stas).person == cast.stas.person


def test_V8_a_number_that_was_lost_meanwhile_proves_nothing(cast: Cast) -> None:
    browser = logged_in(cast.anna)
    begin(browser, cast)
    old, new = codes()
    kept = dict(browser.session["changing"])
    release(Kind.PHONE, ANNA)
    again = logged_in(cast.anna)
    session = again.session
    session["changing"] = kept
    session.save()
    assert again.post("/me/identifiers/codes/", {"old_code": old, "new_code": new}).status_code == 404
    assert not cast.anna.person.identifiers.filter(value=NEW).exists()


def test_V8_the_second_address_of_a_kind_is_not_added(anna_client: Client, cast: Cast) -> None:
    assert anna_client.get("/me/identifiers/add/email/").status_code == 404
    assert anna_client.get("/me/identifiers/add/account/").status_code == 404
    cast.anna.person.identifiers.filter(kind="email").delete()
    proof = phone_of(cast)
    form = {"value": "New@Example.com", "proof": proof.pk}
    assert anna_client.post("/me/identifiers/add/email/", form).status_code == 302
    found = re.search(r"\b\d{6}\b", Letter.objects.get().text)
    assert found
    anna_client.post("/me/identifiers/codes/", {"old_code": codes()[0], "new_code": found[0]})
    assert cast.anna.person.identifiers.get(kind="email").value == "new@example.com"


def test_V8_the_password_is_changed_by_the_old_one_and_other_sessions_end(anna_client: Client, cast: Cast) -> None:
    elsewhere = logged_in(cast.anna)
    form = {"old": PASSWORD, "password": STRONG, "again": STRONG}
    assert anna_client.post("/me/password/", {**form, "old": "wrong"}).status_code == 422
    assert anna_client.post("/me/password/", form).status_code == 302
    assert anna_client.get("/home/").status_code == 200
    assert elsewhere.get("/home/")["Location"].startswith("/login/")
    cast.anna.person.refresh_from_db()
    assert cast.anna.person.check_password(STRONG)
    assert Letter.objects.get().to == "anna@example.com"


@pytest.mark.usefixtures("noon")
def test_V8_the_old_password_is_not_guessed(anna_client: Client, cast: Cast) -> None:
    form = {"password": STRONG, "again": STRONG}
    for _ in range(10):
        anna_client.post("/me/password/", {**form, "old": "wrong"})
    assert anna_client.post("/me/password/", {**form, "old": PASSWORD}).status_code == 422
    cast.anna.person.refresh_from_db()
    assert cast.anna.person.check_password(PASSWORD)


def test_V8_the_name_is_changed_and_the_history_knows_both(anna_client: Client, cast: Cast) -> None:
    assert anna_client.post("/me/name/", {"name": "Анна Ковалёва"}).status_code == 302
    cast.anna.person.refresh_from_db()
    assert (cast.anna.person.name, cast.anna.person.search_key) == ("Анна Ковалёва", "анна ковалева")
    entry = Entry.objects.get(action="access.rename")
    assert (entry.beside.before, entry.beside.after) == ({"name": "Anna"}, {"name": "Анна Ковалёва"})


def test_V8_the_own_page_shows_what_one_logs_in_by(anna_client: Client) -> None:
    page = anna_client.get("/me/").content.decode()
    assert all(shown in page for shown in ("+375 29 100-00-01", "anna@example.com", "00020777001"))
    assert 'href="/me/"' in anna_client.get("/home/").content.decode()


@pytest.mark.usefixtures("noon")
def test_V8_messages_to_ever_new_numbers_are_bounded_for_a_person(anna_client: Client, cast: Cast) -> None:
    most = current().login.codes_per_day
    # Those to the old number count for it: another one, which nobody has asked for today, bears the proofs.
    for turn in range(most):
        Identifier.objects.filter(pk=phone_of(cast).pk).update(value=f"3752977700{turn:02}")
        assert begin(anna_client, cast, f"3752912345{turn:02}") == 302
    Identifier.objects.filter(pk=phone_of(cast).pk).update(value=ANNA)
    assert begin(anna_client, cast, "375291234599") == 422
    assert TextMessage.objects.count() == 2 * most


@pytest.mark.usefixtures("noon")
def test_V8_messages_to_ever_new_numbers_are_bounded_for_a_client(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abonent.access.own.CODES_A_DAY_PER_CLIENT", 2)
    assert begin(logged_in(cast.anna), cast) == 302
    phone = cast.sergei.person.identifiers.get(kind="phone")
    form = {"value": "375291234568", "proof": phone.pk}
    assert logged_in(cast.sergei).post(f"/me/identifiers/{phone.pk}/", form).status_code == 422
    assert TextMessage.objects.count() == 2


def test_V8_what_is_told_by_text_message_is_bounded_a_day(cast: Cast) -> None:
    """A message costs: making recovery codes again and again sends no more of them than a day allows."""
    cast.anna.person.identifiers.exclude(kind="phone").delete()
    for _ in range(current().login.codes_per_day + 3):
        tell(cast.anna.person, Words("New recovery codes", "New recovery codes were made."))
    assert TextMessage.objects.filter(to=ANNA).count() == current().login.codes_per_day
