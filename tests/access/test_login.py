"""Logging in by code and by password (S0.1, S0.2)."""

import datetime as dt
import re

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from abonent.access.models import LoginCode, LoginSession
from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.outbox.models import Letter, TextMessage
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

ANNA = "375291000001"
UNKNOWN = "375291777777"


def ask(browser: Client, value: str = ANNA, way: str = "/login/") -> HttpResponse:
    return browser.post(way, {"value": value})  # type: ignore[return-value]  # the test client's own response class


def code() -> str:
    found = re.search(r"\d{6}", TextMessage.objects.latest("pk").body)
    assert found
    return found[0]


def other_than(right: str) -> str:
    return f"{(int(right) + 1) % 10**6:06}"


def give(browser: Client, digits: str) -> HttpResponse:
    return browser.post("/login/code/", {"code": digits})  # type: ignore[return-value]  # the test client's own class


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_S0_1_a_code_by_sms_lets_in(client: Client, cast: Cast) -> None:
    assert ask(client, "+375 29 100-00-01")["Location"] == "/login/code/"
    message = TextMessage.objects.get()
    assert message.to == ANNA
    assert give(client, code()).status_code == 302
    assert is_in(client)
    assert client.session["seat"] == cast.anna.pk


def test_S0_1_the_password_stays_as_it_was(client: Client, cast: Cast) -> None:
    before = cast.anna.person.password
    ask(client)
    give(client, code())
    cast.anna.person.refresh_from_db()
    assert cast.anna.person.password == before


@pytest.mark.usefixtures("cast")
def test_S0_1_a_code_works_once(client: Client) -> None:
    ask(client)
    right = code()
    other = Client()
    asked = dict(client.session["asked"])
    give(client, right)
    second = other.session
    second["asked"] = asked
    second.save()
    assert give(other, right).status_code == 422
    assert not is_in(other)


@pytest.mark.usefixtures("cast")
def test_S0_1_a_code_expires(client: Client) -> None:
    with clock.stopped(NOON):
        ask(client)
    with clock.stopped(NOON + dt.timedelta(minutes=5)):
        assert give(client, code()).status_code == 422
    with clock.stopped(NOON + dt.timedelta(minutes=4, seconds=59)):
        assert give(client, code()).status_code == 302


@pytest.mark.usefixtures("cast")
def test_S0_1_a_code_stands_five_tries_and_then_the_right_one_is_refused_too(client: Client) -> None:
    ask(client)
    right = code()
    for _ in range(5):
        assert give(client, other_than(right)).status_code == 422
    assert give(client, right).status_code == 422
    assert not is_in(client)
    assert LoginCode.objects.get().tries == 5


@pytest.mark.usefixtures("cast")
def test_S0_1_the_fifth_try_still_counts(client: Client) -> None:
    ask(client)
    right = code()
    for _ in range(4):
        give(client, other_than(right))
    assert give(client, right).status_code == 302


@pytest.mark.usefixtures("cast", "noon")
def test_S0_1_fifteen_codes_a_day_for_one_number(client: Client) -> None:
    for _ in range(15):
        assert ask(Client()).status_code == 302
    answer = ask(client)
    assert answer.status_code == 422
    assert TextMessage.objects.count() == 15
    with clock.stopped(NOON + dt.timedelta(days=1)):
        assert ask(client).status_code == 302


@pytest.mark.usefixtures("cast", "noon")
def test_S0_1_codes_are_bounded_for_an_address_of_the_network_too(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abonent.access.codes.CODES_A_DAY_PER_ADDRESS", 3)
    for last in range(3):
        assert ask(client, f"37529155555{last}").status_code == 302
    assert ask(client).status_code == 422
    assert client.post("/login/", {"value": ANNA}, REMOTE_ADDR="10.0.0.9").status_code == 302


@pytest.mark.usefixtures("noon")
def test_S0_1_codes_are_bounded_for_a_client_without_telling_who_is_known(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abonent.access.credentials.CODES_A_DAY_PER_CLIENT", 1)
    ask(client)
    assert ask(client, "375291000002").status_code == 302
    assert TextMessage.objects.count() == 1
    assert Entry.objects.filter(client_id=cast.company.pk, result="refused").count() == 1


@pytest.mark.usefixtures("cast")
def test_S0_2_a_code_by_email_lets_in(client: Client) -> None:
    ask(client, "Anna@Example.com", "/login/email/")
    letter = Letter.objects.get()
    assert letter.to == "anna@example.com"
    found = re.search(r"\d{6}", letter.text)
    assert found
    assert give(client, found[0]).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize(
    ("way", "value"),
    [("/login/password/", ANNA), ("/login/password/", "291000001"), ("/login/account/", "00020777001")],
)
@pytest.mark.usefixtures("cast")
def test_S0_2_a_password_lets_in_by_number_and_by_account(client: Client, way: str, value: str) -> None:
    assert client.post(way, {"value": value, "password": PASSWORD}).status_code == 302
    assert is_in(client)


@pytest.mark.usefixtures("cast", "noon")
def test_S0_2_an_unknown_number_and_a_wrong_password_look_the_same() -> None:
    answers = [Client().post("/login/password/", {"value": value, "password": "wrong"}) for value in (ANNA, UNKNOWN)]
    assert {answer.status_code for answer in answers} == {422}
    known, unknown = (visible(answer.content.decode()) for answer in answers)
    assert known.replace(ANNA, UNKNOWN) == unknown


@pytest.mark.usefixtures("cast", "noon")
def test_S0_1_an_unknown_number_looks_as_if_a_code_were_sent() -> None:
    pages = []
    for value in (ANNA, UNKNOWN):
        browser = Client()
        assert ask(browser, value)["Location"] == "/login/code/"
        pages += [visible(browser.get("/login/code/").content.decode()), visible(give(browser, "12").content.decode())]
    known, wrong_known, unknown, wrong_unknown = (
        page.replace("+375 29 100-00-01", "N").replace("+375 29 177-77-77", "N").replace(UNKNOWN, ANNA)
        for page in pages
    )
    assert known == unknown
    assert wrong_known == wrong_unknown
    assert TextMessage.objects.count() == 1


def visible(page: str) -> str:
    """The page without what is new at each request."""
    without_token = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return re.sub(r'"X-CSRFToken": "\w+"', "", without_token)


@pytest.mark.usefixtures("cast")
def test_S0_2_an_unknown_person_costs_one_hash_as_a_wrong_password_does(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for value in (ANNA, UNKNOWN):
        hashed.clear()
        client.post("/login/password/", {"value": value, "password": "wrong"})
        assert hashed == ["wrong"]


@pytest.mark.parametrize(("way", "unknown"), [("/login/", UNKNOWN), ("/login/email/", "nobody@example.com")])
@pytest.mark.usefixtures("cast")
def test_S0_2_a_code_for_nobody_is_as_much_work_and_is_sent_to_nobody(way: str, unknown: str) -> None:
    known = ANNA if way == "/login/" else "anna@example.com"
    done = []
    for value in (known, unknown):
        # The first of a day makes the counters.
        ask(Client(REMOTE_ADDR="10.0.0.1"), value, way)
        with CaptureQueriesContext(connection) as queries:
            assert ask(Client(REMOTE_ADDR="10.0.0.1"), value, way).status_code == 302
        tables = [re.findall(r'(?:INSERT INTO|UPDATE|FROM) "(\w+)"', query["sql"]) for query in queries]
        done.append(sorted(table for found in tables for table in found))
    assert done[0] == done[1]
    assert {message.to for message in TextMessage.objects.all()} <= {ANNA}
    assert {letter.to for letter in Letter.objects.all()} <= {"anna@example.com"}


@pytest.mark.usefixtures("cast", "noon")
def test_S0_2_ten_guesses_an_hour_and_a_right_one_is_no_guess(client: Client) -> None:
    for _ in range(12):
        assert Client().post("/login/password/", {"value": ANNA, "password": PASSWORD}).status_code == 302
    for _ in range(10):
        client.post("/login/password/", {"value": ANNA, "password": "wrong"})
    assert client.post("/login/password/", {"value": ANNA, "password": PASSWORD}).status_code == 422
    assert not is_in(client)
    with clock.stopped(NOON + dt.timedelta(hours=1)):
        assert client.post("/login/password/", {"value": ANNA, "password": PASSWORD}).status_code == 302


def test_S0_2_an_identifier_that_is_not_proven_lets_nobody_in(client: Client, cast: Cast) -> None:
    cast.anna.person.identifiers.update(verified=False)
    assert client.post("/login/password/", {"value": ANNA, "password": PASSWORD}).status_code == 422
    ask(client)
    assert TextMessage.objects.count() == 0


def test_S0_2_a_person_who_was_blocked_is_out_at_once(anna_client: Client, cast: Cast) -> None:
    cast.anna.person.is_active = False
    cast.anna.person.save()
    assert anna_client.get("/seats/")["Location"].startswith("/login/")


@pytest.mark.usefixtures("cast")
def test_a_session_that_was_planted_is_worth_nothing_after_the_login(client: Client) -> None:
    ask(client)
    planted = client.session.session_key
    give(client, code())
    assert client.session.session_key != planted
    assert not LoginSession.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"])
@pytest.mark.usefixtures("cast")
def test_next_leads_to_this_site_alone(client: Client, address: str) -> None:
    answer = client.post(
        "/login/password/", {"value": ANNA, "password": PASSWORD, "next": address}, query_params={"next": address}
    )
    assert answer["Location"] == "/seats/?next=%2F"
    assert client.get("/seats/", {"next": address})["Location"] == "/"


def test_every_login_refusal_and_logout_is_in_the_journal(client: Client, cast: Cast) -> None:
    client.post("/login/password/", {"value": ANNA, "password": "wrong"})
    client.post("/login/password/", {"value": UNKNOWN, "password": "wrong"})
    client.post("/login/password/", {"value": ANNA, "password": PASSWORD}, headers={"User-Agent": "Firefox"})
    assert client.post("/logout/")["Location"] == "/login/"
    assert not is_in(client)
    kept = [(entry.client_id, entry.action, entry.result) for entry in Entry.objects.order_by("pk")]
    own = cast.company.pk
    assert kept == [
        (own, "access.login", "refused"),
        (None, "access.login", "refused"),
        (own, "access.login", "done"),
        (own, "access.logout", "done"),
    ]
    assert Entry.objects.get(result="done", action="access.login").beside.device == "Firefox"


def test_no_form_of_djangos_own_lets_in_past_the_bounds(cast: Cast) -> None:
    assert authenticate(username=str(cast.anna.person.key), password=PASSWORD) is None
