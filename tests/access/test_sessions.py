"""Everybody sees and ends the own sessions (V8)."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from abonent.access.devices import device_name
from abonent.access.models import LoginSession
from abonent.access.sessions import name_of
from abonent.audit.models import Entry
from abonent.lib import clock
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON, logged_in

pytestmark = pytest.mark.django_db

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
MINUTE = dt.timedelta(minutes=1)


def entered(address: str = "198.51.100.7", device: str = CHROME) -> Client:
    """Anna, logged in by her password from there."""
    browser = Client(REMOTE_ADDR=address, headers={"User-Agent": device})
    browser.post("/login/password/", {"value": "375291000001", "password": PASSWORD})
    return browser


def row_of(browser: Client) -> LoginSession:
    return LoginSession.objects.get(pk=browser.session.session_key)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (CHROME, "Chrome on Windows"),
        (CHROME + " Edg/131.0.0.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) Chrome/131.0 YaBrowser/24.10 Mobile Safari/537.36",
            "Yandex Browser on Android",
        ),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
@pytest.mark.usefixtures("english")
def test_V8_a_device_is_told_in_words(agent: str, words: str) -> None:
    assert device_name(agent) == words


@pytest.mark.usefixtures("cast")
def test_V8_a_session_knows_since_when_and_from_where_and_keeps_it() -> None:
    with clock.stopped(NOON):
        browser = entered()
        row = row_of(browser)
        assert (row.opened, row.seen, row.address, row.device) == (NOON, NOON, "198.51.100.7", CHROME)
    with clock.stopped(NOON + 2 * MINUTE):
        # Saving the session, and giving it a new key, does not make it a new one.
        session = browser.session
        session["x"] = 1
        session.save()
        session.cycle_key()
        session.save()
        again = LoginSession.objects.get(pk=session.session_key)
        assert (again.opened, again.address, again.device) == (NOON, "198.51.100.7", CHROME)


@pytest.mark.usefixtures("cast")
def test_V8_use_is_written_now_and_then_and_a_move_soon() -> None:
    with clock.stopped(NOON):
        browser = entered()
    seen = []
    for minutes, address in ((4, "198.51.100.7"), (5, "198.51.100.7"), (9, "198.51.100.7"), (10, "203.0.113.9")):
        with clock.stopped(NOON + minutes * MINUTE):
            browser.get("/login/again/", REMOTE_ADDR=address)
        row = row_of(browser)
        seen.append((int((row.seen - NOON) / MINUTE), row.address))
    assert seen == [(0, "198.51.100.7"), (5, "198.51.100.7"), (5, "198.51.100.7"), (10, "203.0.113.9")]
    with clock.stopped(NOON + 11 * MINUTE - dt.timedelta(seconds=1)), CaptureQueriesContext(connection) as asked:
        browser.get("/login/again/", REMOTE_ADDR="198.51.100.7")
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []
    assert row_of(browser).address == "203.0.113.9"


@pytest.mark.usefixtures("cast")
def test_V8_nothing_is_kept_of_somebody_who_is_not_logged_in() -> None:
    browser = Client(REMOTE_ADDR="198.51.100.7")
    browser.post("/login/", {"value": "375291777777"})
    assert row_of(browser).address == ""


def test_V8_the_own_sessions_are_listed_and_no_key_is_shown(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    here, other, foreign = entered(), entered(device="curl/8.0"), logged_in(cast.sergei)
    with clock.stopped(clock.now() - dt.timedelta(days=2)):
        entered()
    with django_assert_max_num_queries(8):
        page = here.get("/me/sessions/").content.decode()
    assert page.count("198.51.100.7") == 2
    assert page.count("this one") == 1
    assert page.index("Chrome on Windows") < page.index("this one") < page.index("Unknown device")
    for browser in (here, other, foreign):
        assert str(browser.session.session_key) not in page
    assert name_of(row_of(other)) in page
    assert name_of(row_of(foreign)) not in page


def test_V8_a_session_is_ended_at_once_and_by_its_owner_alone(cast: Cast) -> None:
    here, other, foreign = entered(), entered(), logged_in(cast.sergei)
    name = name_of(row_of(other))
    assert foreign.post("/me/sessions/end/", {"session": name}).status_code == 404
    assert here.post("/me/sessions/end/", {"session": row_of(other).session_key}).status_code == 404
    assert here.post("/me/sessions/end/", {"session": name})["Location"] == "/me/sessions/"
    assert other.get("/me/sessions/")["Location"].startswith("/login/")
    assert here.get("/me/sessions/").status_code == 200
    assert here.post("/me/sessions/end/", {"session": name}).status_code == 404
    entry = Entry.objects.get(action="access.session-end")
    assert entry.client_id == cast.company.pk
    assert entry.beside.before == {"device": CHROME, "address": "198.51.100.7"}


def test_V8_all_others_are_ended_at_once(cast: Cast) -> None:
    here, *others = entered(), entered(), entered()
    foreign = logged_in(cast.sergei)
    here.post("/me/sessions/end/", {"session": "others"})
    assert [browser.get("/me/sessions/").status_code for browser in (here, foreign, *others)] == [200, 200, 302, 302]
    here.post("/me/sessions/end/", {"session": "others"})
    assert Entry.objects.get(action="access.session-end").beside.before == {"sessions": 2}
