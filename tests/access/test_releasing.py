"""Whoever loses a number loses the log-in by it, and what it opened, at once; the rest of the log-ins stay (S15.5)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from abonent.access.models import Identifier, LoginSession, Person
from abonent.access.releasing import release, release_all
from abonent.audit.models import Entry
from tests.cast import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

Kind = Identifier.Kind
# Anna's number, and the account number by which she logs in too.
ANNA, ACCOUNT = "375291000001", "00020777001"


def by_password(value: str) -> Client:
    browser = Client()
    way = "account" if value == ACCOUNT else "password"
    assert browser.post(f"/login/{way}/", {"value": value, "password": PASSWORD}).status_code == 302
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/seats/").status_code == 200


@pytest.mark.usefixtures("cast")
def test_S15_5_the_session_opened_by_the_number_dies_and_the_other_goes_on() -> None:
    by_phone, by_account = by_password(ANNA), by_password(ACCOUNT)
    assert release(Kind.PHONE, ANNA)
    assert (is_in(by_phone), is_in(by_account)) == (False, True)
    assert Client().post("/login/password/", {"value": ANNA, "password": PASSWORD}).status_code == 422
    assert is_in(by_password(ACCOUNT))
    assert not release(Kind.PHONE, ANNA)


def test_S15_5_a_session_of_unknown_origin_ends_and_one_by_a_passkey_stays(cast: Cast) -> None:
    keys = {}
    for name, via in (("passkey", 0), ("unknown", None), ("long gone", 10**9)):
        browser = Client()
        browser.force_login(cast.anna.person)
        session = browser.session
        if via is not None:
            session["via"] = via
        session.save()
        keys[name] = session.session_key
    release(Kind.PHONE, ANNA)
    left = set(LoginSession.objects.values_list("session_key", flat=True))
    assert {name for name, key in keys.items() if key in left} == {"passkey"}


@pytest.mark.usefixtures("cast")
def test_S15_5_a_log_in_that_waits_for_its_second_factor_dies_too() -> None:
    browser = Client()
    session = browser.session
    session["via"] = Identifier.objects.get(value=ANNA).pk
    session.save()
    assert LoginSession.objects.get(pk=session.session_key).person is None
    release(Kind.PHONE, ANNA)
    assert not LoginSession.objects.filter(pk=session.session_key).exists()


def test_S15_5_the_journal_says_who_lost_what(cast: Cast) -> None:
    by_password(ANNA)
    assert release_all(Kind.PHONE, [ANNA, "375299999999"], client_id=cast.company.pk, reason="terminated") == 1
    entry = Entry.objects.get(action="access.release")
    assert (entry.client_id, entry.target_kind) == (cast.company.pk, "identifier")
    assert (entry.beside.before, entry.beside.after) == (
        {"phone": [ANNA]},
        {"sessions_ended": 1, "reason": "terminated"},
    )
    release_all(Kind.PHONE, ["375299999999"])
    assert Entry.objects.filter(action="access.release").count() == 1


def statements(numbers: list[str]) -> int:
    with CaptureQueriesContext(connection) as seen:
        release_all(Kind.PHONE, numbers)
    return len(seen)


@pytest.mark.usefixtures("cast")
def test_S15_5_ten_thousand_numbers_take_as_many_statements_as_one() -> None:
    def plant(first: int, count: int) -> list[str]:
        numbers = [f"37525{place:07}" for place in range(first, first + count)]
        people = Person.objects.bulk_create(Person(name=number) for number in numbers)
        Identifier.objects.bulk_create(
            Identifier(kind=Kind.PHONE, value=number, person=who, verified=True)
            for number, who in zip(numbers, people, strict=True)
        )
        return numbers

    one, many = plant(0, 1), plant(1, 4000)
    assert statements(many) <= statements(one) + 2
    assert not Identifier.objects.filter(value__startswith="37525").exists()
