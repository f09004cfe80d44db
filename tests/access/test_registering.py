"""«Зарегистрироваться» and «Забыли пароль» (S0.3)."""

import datetime as dt
import re

import pytest
from django.test import Client

from abonent.access.codes import Kind
from abonent.access.models import LoginSession, Person, Seat
from abonent.access.releasing import release
from abonent.audit.models import Entry
from abonent.clients.models import Account, Delivery
from abonent.lib import clock
from abonent.outbox.models import Letter, TextMessage
from abonent.subscribers.models import Subscriber
from tests.access.people import STRONG
from tests.access.test_login import visible
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ANNA = "375291000001"
UNKNOWN = "375291777777"
NEW = {"name": "Ivan", "password": STRONG, "again": STRONG}


def code_in(body: str) -> str:
    found = re.search(r"\b\d{6}\b", body)
    assert found, body
    return found[0]


def texted() -> str:
    return code_in(TextMessage.objects.latest("pk").body)


def posted() -> str:
    return code_in(Letter.objects.latest("pk").text)


def ask(browser: Client, value: str, way: str = "/register/") -> None:
    answer = browser.post(way, {"value": value})
    assert answer.status_code == 302, answer.content.decode()


def own_number(cast: Cast) -> str:
    """Of a line that nobody logs in by."""
    return cast.subscribers[1].number


def orphan(cast: Cast) -> Account:
    """An account of a company in which nobody has a role."""
    Seat.objects.filter(pk=cast.stas.pk).delete()
    return cast.stranger_account


def register_number(browser: Client, cast: Cast) -> None:
    ask(browser, own_number(cast))
    assert browser.post("/register/code/", {"code": texted()})["Location"] == "/register/finish/"
    assert browser.post("/register/finish/", NEW).status_code == 302


def test_S0_3_whoever_holds_a_number_registers_and_sees_that_number_alone(client: Client, cast: Cast) -> None:
    register_number(client, cast)
    ivan = Person.objects.get(name="Ivan")
    seat = ivan.seats.get()
    assert (seat.role.key, seat.client) == ("subscriber", cast.company)
    assert seat.target_ids == {cast.subscribers[1].pk}
    assert list(Subscriber.objects.within(seat)) == [cast.subscribers[1]]
    assert client.session["seat"] == seat.pk
    other = Client()
    other.post("/login/password/", {"value": own_number(cast), "password": STRONG})
    assert "_auth_user_id" in other.session
    actions = Entry.objects.filter(client_id=cast.company.pk).order_by("pk").values_list("action", flat=True)
    assert list(actions)[:4] == ["access.register-code", "access.register", "access.seat", "access.login"]


@pytest.mark.parametrize("status", ["terminated", "blocked", "pending"])
def test_S0_3_only_an_active_number_is_registered(client: Client, cast: Cast, status: str) -> None:
    Subscriber.objects.filter(pk=cast.subscribers[1].pk).update(status=status)
    ask(client, own_number(cast))
    assert TextMessage.objects.count() == 0


@pytest.mark.usefixtures("noon")
def test_S0_3_an_unknown_number_looks_as_a_known_one(cast: Cast) -> None:
    numbers = {own_number(cast): "+375 29 111-00-02", ANNA: "+375 29 100-00-01", UNKNOWN: "+375 29 177-77-77"}
    pages = []
    for number, pretty in numbers.items():
        browser = Client()
        ask(browser, number)
        shown = browser.get("/register/code/").content.decode()
        wrong = browser.post("/register/code/", {"code": "12"}).content.decode()
        pages.append([visible(page).replace(pretty, "N").replace(number, "N") for page in (shown, wrong)])
    assert pages[0] == pages[1] == pages[2]
    assert TextMessage.objects.count() == 1


@pytest.mark.usefixtures("noon")
def test_S0_3_an_account_with_an_administrator_looks_as_an_unknown_one(cast: Cast) -> None:
    known, unknown = cast.first.number, "00020555555"
    pages = []
    for number in (known, unknown):
        browser = Client()
        ask(browser, number, "/register/account/")
        pages.append(visible(browser.get("/register/code/").content.decode()).replace(number, "N"))
    assert pages[0] == pages[1]
    letter = Letter.objects.get()
    assert letter.to == f"invoices-{known}@example.com"
    assert "ask them to invite you" in letter.text
    assert not re.search(r"\b\d{6}\b", letter.text)


def test_S0_3_the_first_of_an_account_becomes_its_administrator(client: Client, cast: Cast) -> None:
    account = orphan(cast)
    ask(client, account.number, "/register/account/")
    page = client.get("/register/code/").content.decode()
    assert "invoices-" not in page
    client.post("/register/code/", {"code": posted()})
    assert client.post("/register/finish/", NEW).status_code == 302
    ivan = Person.objects.get(name="Ivan")
    seat = ivan.seats.get()
    assert (seat.role.key, seat.reach, seat.target_ids) == ("administrator", "accounts", frozenset({account.pk}))
    assert {found.value for found in ivan.identifiers.all()} == {
        account.number,
        f"invoices-{account.number}@example.com",
    }
    ask(Client(), account.number, "/register/account/")
    assert "ask them to invite you" in Letter.objects.latest("pk").text


def test_S0_3_of_two_who_prove_the_same_account_one_becomes_its_administrator(cast: Cast) -> None:
    account = orphan(cast)
    browsers = [Client(), Client()]
    for browser in browsers:
        ask(browser, account.number, "/register/account/")
        browser.post("/register/code/", {"code": posted()})
    assert [browser.post("/register/finish/", NEW).status_code for browser in browsers] == [302, 409]
    assert Person.objects.filter(name="Ivan").count() == 1
    assert Seat.objects.filter(client=cast.stranger).count() == 1


def test_S0_3_a_blocked_administrator_still_has_the_account(client: Client, cast: Cast) -> None:
    Seat.objects.filter(pk=cast.stas.pk).update(blocked=True)
    ask(client, cast.stranger_account.number, "/register/account/")
    assert "ask them to invite you" in Letter.objects.get().text


def test_S0_3_whoever_reads_the_mailbox_later_cannot_use_the_code(client: Client, cast: Cast) -> None:
    account = orphan(cast)
    ask(client, account.number, "/register/account/")
    client.post("/register/code/", {"code": posted()})
    Delivery.objects.filter(account=account).update(address="other@example.com")
    assert client.post("/register/finish/", NEW).status_code == 409
    assert not Person.objects.filter(name="Ivan").exists()


def test_S0_3_somebody_with_a_log_in_gets_the_role_without_a_second_log_in(client: Client, cast: Cast) -> None:
    account = orphan(cast)
    Delivery.objects.filter(account=account).update(address="Kolya@Example.com")
    before = cast.kolya.person.password
    ask(client, account.number, "/register/account/")
    client.post("/register/code/", {"code": posted()})
    assert "You have a log-in already" in client.get("/register/finish/").content.decode()
    assert client.post("/register/finish/", NEW).status_code == 302
    assert client.session["_auth_user_id"] == str(cast.kolya.person_id)
    assert cast.kolya.person.seats.filter(client=cast.stranger).exists()
    cast.kolya.person.refresh_from_db()
    assert cast.kolya.person.password == before


def test_S0_3_a_role_that_was_taken_away_is_not_got_back_by_registering(client: Client, cast: Cast) -> None:
    number = cast.subscribers[0].number
    for change in ({"blocked": True}, {"blocked": False, "valid_to": clock.now()}):
        Seat.objects.filter(pk=cast.elena.pk).update(**change)
        ask(client, number)
        client.post("/register/code/", {"code": texted()})
        client.post("/register/finish/")
        assert cast.elena.person.seats.count() == 1
        assert not Seat.objects.of(cast.elena.person).exists()
        client.logout()


def test_S0_3_a_number_that_was_lost_meanwhile_is_not_registered(client: Client, cast: Cast) -> None:
    ask(client, own_number(cast))
    client.post("/register/code/", {"code": texted()})
    Subscriber.objects.filter(pk=cast.subscribers[1].pk).update(status="terminated")
    assert client.post("/register/finish/", NEW).status_code == 409


def test_S0_3_whoever_loses_the_number_loses_the_log_in(client: Client, cast: Cast) -> None:
    register_number(client, cast)
    release(Kind.PHONE, own_number(cast))
    assert client.get("/home/")["Location"].startswith("/login/")
    other = Client()
    ask(other, own_number(cast))
    other.post("/register/code/", {"code": texted()})
    assert "You have a log-in already" not in other.get("/register/finish/").content.decode()


def test_S0_3_what_was_proven_is_forgotten_after_a_while(client: Client, cast: Cast) -> None:
    with clock.stopped(NOON):
        ask(client, own_number(cast))
        client.post("/register/code/", {"code": texted()})
        assert client.get("/register/finish/").status_code == 200
    with clock.stopped(NOON + dt.timedelta(minutes=15)):
        assert client.get("/register/finish/")["Location"] == "/register/"


@pytest.mark.parametrize("weak", ["short", "12345678901", "password123", "Ivanivanov"])
def test_S0_3_a_weak_password_is_refused_with_its_reason(client: Client, cast: Cast, weak: str) -> None:
    ask(client, own_number(cast))
    client.post("/register/code/", {"code": texted()})
    form = {"name": "Ivan Ivanov", "password": weak, "again": weak}
    answer = client.post("/register/finish/", form)
    assert answer.status_code == 422
    assert "Ivan Ivanov" in answer.content.decode()
    assert client.post("/register/finish/", {**NEW, "again": STRONG + "x"}).status_code == 422


def test_S0_3_a_code_is_good_for_what_it_was_sent_for_alone(client: Client, cast: Cast) -> None:
    number = cast.subscribers[0].number
    ask(client, number, "/login/")
    key = client.session["asked"]["key"]
    login_code = texted()
    ask(client, number, "/password/")
    session = client.session
    session["asked password"] = {**session["asked password"], "key": key}
    session.save()
    assert client.post("/password/code/", {"code": login_code}).status_code == 422
    ask(client, number)
    register_code = texted()
    session = client.session
    session["asked"] = {**session["asked register"]}
    session.save()
    assert client.post("/login/code/", {"code": register_code}).status_code == 422


@pytest.mark.parametrize(("way", "value"), [("/password/", ANNA), ("/password/email/", "anna@example.com")])
def test_S0_3_a_forgotten_password_is_set_anew_and_every_other_session_ends(
    client: Client, cast: Cast, way: str, value: str
) -> None:
    elsewhere = logged_in(cast.anna)
    ask(client, value, way)
    digits = texted() if way == "/password/" else posted()
    assert client.post("/password/code/", {"code": digits})["Location"] == "/password/new/"
    assert client.post("/password/new/", {"password": STRONG, "again": STRONG}).status_code == 302
    assert client.session["seat"] == cast.anna.pk
    assert elsewhere.get("/home/")["Location"].startswith("/login/")
    assert LoginSession.objects.filter(person=cast.anna.person).count() == 1
    other = Client()
    assert other.post("/login/password/", {"value": ANNA, "password": PASSWORD}).status_code == 422
    assert other.post("/login/password/", {"value": ANNA, "password": STRONG}).status_code == 302
    assert Entry.objects.filter(action="access.password", client_id=cast.company.pk).count() == 1
    assert Letter.objects.filter(subject="Your password was changed", to="anna@example.com").count() == 1
    assert client.get("/password/new/")["Location"] == "/password/"


@pytest.mark.usefixtures("cast", "noon")
def test_S0_3_a_forgotten_password_does_not_tell_who_is_known() -> None:
    pages = []
    for value, pretty in ((ANNA, "+375 29 100-00-01"), (UNKNOWN, "+375 29 177-77-77")):
        browser = Client()
        ask(browser, value, "/password/")
        page = visible(browser.get("/password/code/").content.decode())
        pages.append(page.replace(pretty, "N").replace(value, "N"))
    assert pages[0] == pages[1]
    assert TextMessage.objects.count() == 1


def test_S0_3_a_proof_is_worth_nothing_once_the_number_is_lost(client: Client, cast: Cast) -> None:
    ask(client, ANNA, "/password/")
    client.post("/password/code/", {"code": texted()})
    release(Kind.PHONE, ANNA)
    assert client.post("/password/new/", {"password": STRONG, "again": STRONG})["Location"] == "/password/"
    cast.anna.person.refresh_from_db()
    assert cast.anna.person.check_password(PASSWORD)


@pytest.mark.usefixtures("cast", "noon")
def test_S0_3_codes_of_all_kinds_share_their_bound(client: Client) -> None:
    for way in ("/login/", "/register/", "/password/") * 5:
        client.post(way, {"value": ANNA})
    assert client.post("/password/", {"value": ANNA}).status_code == 422
    assert client.post("/register/", {"value": ANNA}).status_code == 422


def test_S0_3_the_links_stand_on_the_log_in_page(client: Client) -> None:
    assert 'href="/register/"' in client.get("/login/").content.decode()
    page = client.get("/login/account/").content.decode()
    assert 'href="/password/"' in page
