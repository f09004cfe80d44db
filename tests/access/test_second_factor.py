"""A second factor: codes of an app and recovery codes at a log-in, setting up, and clients that require it (V8)."""

import datetime as dt
import re

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from abonent.access import factors
from abonent.access.models import LoginSession, Seat
from abonent.audit.models import Entry
from abonent.clients.models import Client as Company
from abonent.lib import clock
from abonent.outbox.models import Letter
from abonent.profile import current
from abonent.profile.model import LoginRules
from tests.access.apps import code_of, other_than, shown, with_app
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON, logged_in

pytestmark = pytest.mark.django_db

ANNA = "375291000001"
STEP = 1_000_000


@pytest.fixture(autouse=True)
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """No half minute ends within a test."""
    monkeypatch.setattr(factors, "yield_hotp_counters_from_time", lambda: iter([STEP - 1, STEP, STEP + 1]))


@pytest.fixture
def app(cast: Cast) -> Authenticator:
    return with_app(cast.anna.person)


def waiting(next_page: str = "") -> Client:
    """A browser in which Anna's password was right, and the second factor is asked for."""
    browser = Client()
    where = f"/login/password/?next={next_page}" if next_page else "/login/password/"
    answer = browser.post(where, {"value": ANNA, "password": PASSWORD})
    assert answer["Location"] == "/login/second/"
    return browser


def give(browser: Client, code: str) -> int:
    return browser.post("/login/second/", {"code": code}).status_code


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_V8_without_the_second_factor_nobody_is_in(app: Authenticator) -> None:
    browser = waiting()
    assert not is_in(browser)
    for page in ("/home/", "/seats/", "/me/"):
        assert browser.get(page)["Location"].startswith("/login/?next=")
    assert not Entry.objects.filter(action="access.login", result="done").exists()
    assert give(browser, code_of(app)) == 302
    assert is_in(browser)


def test_V8_the_log_in_goes_on_where_it_was_going(app: Authenticator, cast: Cast) -> None:
    browser = waiting("/orders/")
    answer = browser.post("/login/second/", {"code": code_of(app)}, follow=True)
    assert answer.redirect_chain == [("/seats/?next=%2Forders%2F", 302), ("/orders/", 302)]
    assert browser.session["seat"] == cast.anna.pk
    entry = Entry.objects.get(action="access.login", result="done")
    assert (entry.target_id, entry.beside.after) == ("phone", {"method": "totp"})


@pytest.mark.parametrize("way", ["code", "password"])
def test_V8_every_way_of_logging_in_leads_past_it(app: Authenticator, way: str) -> None:
    browser = Client()
    if way == "password":
        answer = browser.post("/login/account/", {"value": "00020777001", "password": PASSWORD})
    else:
        browser.post("/login/email/", {"value": "anna@example.com"})
        found = re.search(r"\d{6}", Letter.objects.get().text)
        assert found
        answer = browser.post("/login/code/", {"code": found[0]})
    assert answer["Location"] == "/login/second/"
    assert not is_in(browser)
    assert give(browser, code_of(app)) == 302


def test_V8_a_code_of_the_app_is_good_once_and_never_an_earlier_one(app: Authenticator) -> None:
    assert give(waiting(), code_of(app)) == 302
    assert give(waiting(), code_of(app)) == 422
    assert give(waiting(), code_of(app, -1)) == 422
    assert give(waiting(), code_of(app, 1)) == 302


def test_V8_a_clock_may_be_off_by_one_step_and_no_more(app: Authenticator) -> None:
    assert give(waiting(), code_of(app, 2)) == 422
    assert give(waiting(), code_of(app, -2)) == 422
    assert give(waiting(), code_of(app, -1)) == 302


def test_V8_a_log_in_stands_five_wrong_codes_and_begins_anew(app: Authenticator) -> None:
    browser = waiting()
    for _ in range(5):
        assert give(browser, other_than(code_of(app))) == 422
    assert browser.post("/login/second/", {"code": code_of(app)})["Location"] == "/login/"
    assert browser.get("/login/second/")["Location"] == "/login/"
    assert not is_in(browser)
    assert give(waiting(), code_of(app)) == 302


@pytest.mark.usefixtures("noon")
def test_V8_fifteen_wrong_codes_a_day_over_all_log_ins(app: Authenticator) -> None:
    for _ in range(3):
        browser = waiting()
        for _ in range(5):
            assert give(browser, other_than(code_of(app))) == 422
    assert give(waiting(), code_of(app)) == 422
    with clock.stopped(NOON + dt.timedelta(days=1)):
        assert give(waiting(), code_of(app)) == 302
    refused = Entry.objects.filter(action="access.second-factor", result="refused")
    assert refused.count() == 15


@pytest.mark.usefixtures("noon")
def test_V8_right_codes_are_no_guesses(app: Authenticator) -> None:
    codes = factors.make_recovery_codes(app.user)
    for code in codes:
        assert give(waiting(), code) == 302
    for code in factors.make_recovery_codes(app.user):
        assert give(waiting(), code) == 302


def test_S0_1_V8_a_days_guesses_hit_with_less_than_one_chance_in_ten_thousand() -> None:
    rules = current().login
    assert rules.code_tries * rules.codes_per_day / 10**6 < 1e-4
    assert rules.factor_guesses_per_day * len(factors.counters()) / 10**6 < 1e-4
    recovery = rules.factor_guesses_per_day * 10 / 10**8
    assert rules.factor_guesses_per_day * len(factors.counters()) / 10**6 + recovery < 1e-4


def test_V8_a_recovery_code_lets_in_once_and_new_ones_replace_all(app: Authenticator) -> None:
    first, second, *_rest = factors.make_recovery_codes(app.user)
    assert give(waiting(), f"{first[:4]} {first[4:]}") == 302
    assert give(waiting(), first) == 422
    assert factors.strength_of(app.user).codes_left == 9
    factors.make_recovery_codes(app.user)
    assert give(waiting(), second) == 422


def test_V8_the_code_of_another_person_is_wrong(app: Authenticator, cast: Cast) -> None:
    foreign = with_app(cast.sergei.person)
    assert give(waiting(), code_of(foreign)) == 422
    assert app.pk != foreign.pk


def test_V8_a_person_who_was_blocked_meanwhile_does_not_get_in(app: Authenticator, cast: Cast) -> None:
    browser = waiting()
    cast.anna.person.is_active = False
    cast.anna.person.save()
    assert browser.post("/login/second/", {"code": code_of(app)})["Location"] == "/login/"
    assert not is_in(browser)


def test_V8_a_log_in_that_waits_can_be_dropped(app: Authenticator) -> None:
    browser = waiting()
    assert browser.post("/login/second/drop/")["Location"] == "/login/"
    assert browser.post("/login/second/", {"code": code_of(app)})["Location"] == "/login/"
    assert not is_in(browser)


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "x",
        "[]",
        "{}",
        "[" * 15_000,
        '{"id": 1, "rawId": [], "response": null}',
        '{"id":"AA","rawId":"AA","response":{}}',
    ],
)
def test_V8_a_forged_passkey_is_refused_and_not_an_error(client: Client, app: Authenticator, credential: str) -> None:
    client.post("/login/passkey/options/")
    assert client.post("/login/passkey/", {"credential": credential})["Location"] == "/login/"
    browser = waiting()
    browser.post("/login/second/options/")
    assert browser.post("/login/second/", {"credential": credential}).status_code == 200
    anna = logged_in(Seat.objects.get(person=app.user))
    anna.post("/me/second-factor/passkeys/options/")
    assert anna.post("/me/second-factor/passkeys/", {"name": "x", "credential": credential}).status_code in {302, 422}
    assert not any(map(is_in, (client, browser)))
    assert Entry.objects.filter(action="access.login", result="refused").count() == 1
    assert Authenticator.objects.count() == 1


# Setting up.


def pending(browser: Client) -> str:
    request = HttpRequest()
    request.session = browser.session
    return factors.pending_secret(request)


def test_V8_an_app_is_set_up_by_its_first_code_and_brings_recovery_codes(anna_client: Client, cast: Cast) -> None:
    page = anna_client.get("/me/second-factor/app/").content.decode()
    secret = pending(anna_client)
    assert secret in page
    assert 'src="data:image/svg+xml;base64,' in page
    assert anna_client.post("/me/second-factor/app/", {"code": other_than(shown(secret))}).status_code == 422
    assert secret in anna_client.get("/me/second-factor/app/").content.decode()
    answer = anna_client.post("/me/second-factor/app/", {"code": shown(secret)})
    codes = [f"{a}{b}" for a, b in re.findall(r"<code>(\d{4}) (\d{4})</code>", answer.content.decode())]
    assert len(set(codes)) == 10
    app = Authenticator.objects.get(type="totp")
    assert secret not in str(app.data)
    assert not any(code in str(list(Authenticator.objects.values_list("data"))) for code in codes)
    assert not LoginSession.objects.filter(session_data__contains=secret).exists()
    # The code that set it up is used up, and is not asked for twice.
    assert give(waiting(), shown(secret)) == 422
    assert give(waiting(), codes[0]) == 302
    assert anna_client.get("/me/second-factor/app/")["Location"] == "/me/second-factor/"
    entry = Entry.objects.get(action="access.second-factor-added")
    assert (entry.client_id, entry.beside.after) == (cast.company.pk, {"kind": "totp", "name": ""})
    assert "anna@example.com" in Letter.objects.filter(purpose="log-in").values_list("to", flat=True)


def test_V8_changing_a_factor_wants_a_new_proof(cast: Cast) -> None:
    with clock.stopped(NOON):
        browser = logged_in(cast.anna)
    with clock.stopped(NOON + dt.timedelta(minutes=16)):
        for page in ("app/", "app/removal/", "recovery/", "passkeys/1/", "passkeys/1/removal/", "passkeys/"):
            address = f"/me/second-factor/{page}"
            assert browser.get(address)["Location"].startswith("/login/again/?next=%2Fme%2Fsecond-factor%2F")
            assert browser.post(address)["Location"].startswith("/login/again/")
        assert browser.post("/me/second-factor/passkeys/options/")["Location"].startswith("/login/again/")
        assert browser.get("/me/second-factor/").status_code == 200


def test_V8_a_factor_is_changed_only_from_a_session_that_was_given_one(anna_client: Client, app: Authenticator) -> None:
    """A password alone, with a session from before, must not take the second factor away."""
    for page in ("app/removal/", "recovery/", "passkeys/"):
        for method in (anna_client.get, anna_client.post):
            answer = method(f"/me/second-factor/{page}")
            assert answer["Location"].startswith("/login/second/?next=%2Fme%2Fsecond-factor%2F")
    assert Authenticator.objects.count() == 1
    there = "/login/second/?next=%2Fme%2Fsecond-factor%2Fapp%2Fremoval%2F"
    assert anna_client.post(there, {"code": code_of(app)})["Location"] == "/me/second-factor/app/removal/"
    factors.make_recovery_codes(app.user)
    assert "only second factor" in anna_client.get("/me/second-factor/app/removal/").content.decode()
    assert anna_client.post("/me/second-factor/app/removal/").status_code == 302
    # Recovery codes alone are no factor.
    assert Authenticator.objects.count() == 0
    assert Entry.objects.get(action="access.second-factor-removed").beside.after == {"kind": "totp", "name": ""}
    assert Letter.objects.filter(subject__contains="removed").count() == 1


def test_V8_new_recovery_codes_are_shown_once(anna_client: Client, app: Authenticator) -> None:
    anna_client.post("/login/second/", {"code": code_of(app)})
    assert "<code>" not in anna_client.get("/me/second-factor/recovery/").content.decode()
    shown_codes = re.findall(r"<code>", anna_client.post("/me/second-factor/recovery/").content.decode())
    assert len(shown_codes) == 10
    assert "<code>" not in anna_client.get("/me/second-factor/").content.decode()
    assert Entry.objects.filter(action="access.recovery-codes").count() == 1


def test_V8_the_page_of_factors_reads_little(
    anna_client: Client, app: Authenticator, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(7):
        assert anna_client.get("/me/second-factor/").status_code == 200
    assert app.pk


# A client that requires it.


@pytest.fixture
def strict(cast: Cast) -> Cast:
    Company.objects.filter(pk=cast.company.pk).update(second_factor=True)
    return cast


def test_V8_a_seat_of_a_strict_client_is_not_taken_without_a_second_factor(strict: Cast) -> None:
    sergei = Client()
    sergei.post("/login/password/", {"value": "375291000002", "password": PASSWORD})
    there = "/login/second/?next=%2Fhome%2F"
    assert sergei.get("/home/")["Location"] == there
    assert sergei.get(there)["Location"] == "/me/second-factor/?next=%2Fhome%2F"
    page = sergei.get("/me/second-factor/?next=%2Fhome%2F").content.decode()
    assert "requires a second factor" in page
    assert "/me/second-factor/app/?next=%2Fhome%2F" in page
    set_up = "/me/second-factor/app/?next=%2Fhome%2F"
    assert sergei.get(set_up).status_code == 200
    answer = sergei.post(set_up, {"code": shown(pending(sergei))})
    assert 'href="/home/"' in answer.content.decode()
    assert sergei.get("/home/").status_code == 200
    assert strict.company.pk


def test_V8_a_requirement_works_at_once_and_what_was_posted_waits(app: Authenticator, anna_client: Client) -> None:
    assert anna_client.get("/home/").status_code == 200
    Company.objects.update(second_factor=True)
    assert anna_client.get("/home/")["Location"].startswith("/login/second/")
    anna_client.post(
        "/orders/new/services/", {"action": "connect_service"}, headers={"Referer": "http://testserver/orders/"}
    )
    answer = anna_client.post("/login/second/?next=%2Forders%2F", {"code": code_of(app)}, follow=True)
    assert answer.redirect_chain[-1][0] == "/login/resume/"
    page = answer.content.decode()
    assert 'action="/orders/new/services/"' in page
    assert 'value="connect_service"' in page
    assert anna_client.get("/home/").status_code == 200


@pytest.mark.usefixtures("strict")
def test_V8_a_fragment_leads_the_window_to_the_second_factor(anna_client: Client) -> None:
    answer = anna_client.get("/orders/running/", headers={"HX-Request": "true", "HX-Current-URL": "/home/"})
    assert answer.headers["HX-Redirect"] == "/login/second/?next=%2Fhome%2F"


def test_V8_other_clients_ask_for_none(strict: Cast, stas_client: Client) -> None:
    assert stas_client.get("/home/").status_code == 200
    assert strict.stas.client != strict.company


def test_V8_the_operators_staff_need_one_where_the_profile_says_so(
    olga_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert olga_client.get("/operator/").status_code == 200
    monkeypatch.setattr(LoginRules, "staff_second_factor", property(lambda _self: True))
    assert olga_client.get("/operator/")["Location"].startswith("/login/second/")


def whole(cast: Cast) -> Client:
    """Anna as administrator of the whole client."""
    Seat.objects.filter(pk=cast.anna.pk).update(reach=Seat.Reach.CLIENT)
    return logged_in(cast.anna)


def test_V8_who_manages_people_of_the_whole_client_requires_it_with_a_factor_of_their_own(cast: Cast) -> None:
    there = "/company/second-factor/"
    assert logged_in(cast.sergei).get(there).status_code == 403
    assert logged_in(cast.sergei).post(there, {"required": "1"}).status_code == 403
    anna = whole(cast)
    page = anna.get(there).content.decode()
    assert "Set up a second factor of your own first" in page
    assert anna.post(there, {"required": "1"})["Location"].startswith("/login/second/")
    assert not Company.objects.get(pk=cast.company.pk).second_factor
    app = with_app(cast.anna.person)
    assert anna.post(there, {"required": "1"})["Location"].startswith("/login/second/")
    anna.post("/login/second/", {"code": code_of(app)})
    people = Seat.objects.filter(client=cast.company).values("person").distinct().count()
    assert f"{people - 1} have no second factor yet" in anna.get(there).content.decode()
    assert anna.post(there, {"required": "1"})["Location"] == there
    assert Company.objects.get(pk=cast.company.pk).second_factor
    anna.post(there, {"required": "1"})
    entry = Entry.objects.get(action="access.second-factor-required")
    assert (entry.beside.before, entry.beside.after) == ({"required": False}, {"required": True})
    anna.post(there, {"required": "0"})
    assert not Company.objects.get(pk=cast.company.pk).second_factor
    assert not Company.objects.get(pk=cast.stranger.pk).second_factor


def test_V8_the_requirement_of_a_client_wants_a_new_proof(cast: Cast) -> None:
    with clock.stopped(NOON):
        anna = whole(cast)
    with clock.stopped(NOON + dt.timedelta(minutes=16)):
        assert anna.post("/company/second-factor/", {"required": "0"})["Location"].startswith("/login/again/")
