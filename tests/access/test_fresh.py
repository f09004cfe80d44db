"""A sensitive action asks again for a proof when the last one is old (V8)."""

import datetime as dt
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from abonent.access.guard import PersonRequest, SeatRequest, needs, signed_in
from abonent.access.rights import Right
from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.outbox.models import TextMessage
from abonent.profile import current
from tests.access.apps import code_of, with_app
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.access.fresh_addresses")]

OLD = NOON + dt.timedelta(minutes=15, seconds=1)


@needs(Right.MANAGE_PEOPLE, fresh=True)
def people(request: SeatRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("name", "shown"))


@signed_in(fresh=True)
def own(request: PersonRequest) -> HttpResponse:
    return HttpResponse(request.user.name)


urlpatterns = [path("sensitive/", people, name="sensitive"), path("own/", own, name="own")]


@pytest.fixture
def anna(cast: Cast) -> Client:
    """Logged in at `NOON`, by a password."""
    with clock.stopped(NOON):
        return logged_in(cast.anna)


def test_V8_a_proof_is_new_for_as_long_as_the_profile_says(anna: Client) -> None:
    assert current().login.fresh_minutes == 15
    with clock.stopped(NOON + dt.timedelta(minutes=15)):
        assert anna.get("/sensitive/").content == b"shown"
        assert anna.get("/own/").content == b"Anna"
    with clock.stopped(OLD):
        assert anna.get("/sensitive/?a=1")["Location"] == "/login/again/?next=%2Fsensitive%2F%3Fa%3D1"
        assert anna.get("/own/")["Location"] == "/login/again/?next=%2Fown%2F"
        assert anna.get("/home/").status_code == 200


def test_V8_whoever_lacks_the_right_is_refused_and_not_asked_for_a_proof(cast: Cast) -> None:
    with clock.stopped(NOON):
        kolya = logged_in(cast.kolya)
    with clock.stopped(OLD):
        assert kolya.get("/sensitive/").status_code == 403


def test_V8_a_session_that_proved_nothing_is_asked(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.anna.person)
    assert browser.get("/own/").status_code == 302


def test_V8_the_proof_of_another_person_counts_for_nothing(anna: Client, cast: Cast) -> None:
    with clock.stopped(NOON):
        session = anna.session
        session["account_authentication_methods_user"] = str(cast.sergei.person_id)
        session.save()
        assert anna.get("/own/").status_code == 302


def test_V8_what_was_posted_waits_for_the_proof_and_can_be_sent(anna: Client) -> None:
    with clock.stopped(OLD):
        referer = {"Referer": "http://testserver/people/"}
        answer = anna.post("/sensitive/", {"name": "Жук", "password": "secret"}, headers=referer)
        assert answer["Location"] == "/login/again/?next=%2Fpeople%2F"
        key = anna.session.session_key
        answer = anna.post(answer["Location"], {"password": PASSWORD}, follow=True)
        assert answer.redirect_chain == [("/login/resume/", 302)]
        page = answer.content.decode()
        assert 'action="/sensitive/"' in page
        assert 'name="name" value="Жук"' in page
        assert "secret" not in page
        assert anna.session.session_key != key
        assert anna.post("/sensitive/", {"name": "Жук"}).content.decode() == "Жук"
    entry = Entry.objects.get(action="access.proof")
    assert (entry.result, entry.beside.after) == ("done", {"by": "password"})


def test_V8_a_wrong_password_proves_nothing_and_guesses_are_bounded(anna: Client) -> None:
    with clock.stopped(OLD):
        for _ in range(10):
            assert anna.post("/login/again/", {"password": "wrong"}).status_code == 422
        assert anna.post("/login/again/", {"password": PASSWORD}).status_code == 422
        assert anna.get("/own/").status_code == 302
    assert Entry.objects.filter(action="access.proof", result="refused").count() == 10


def test_V8_a_code_to_an_own_number_proves_it_too_and_works_once(anna: Client, cast: Cast) -> None:
    own_phone = cast.anna.person.identifiers.get(kind="phone")
    foreign = cast.sergei.person.identifiers.get(kind="phone")
    with clock.stopped(OLD):
        assert anna.post("/login/again/code/", {"to": foreign.pk}).status_code == 422
        assert TextMessage.objects.count() == 0
        there = "/login/again/code/?next=%2Fown%2F"
        assert anna.post(there, {"to": own_phone.pk})["Location"] == there
        message = TextMessage.objects.get()
        assert message.to == own_phone.value
        found = re.search(r"\d{6}", message.body)
        assert found
        wrong = f"{(int(found[0]) + 1) % 10**6:06}"
        assert anna.post(there, {"code": wrong}).status_code == 422
        assert anna.post(there, {"code": found[0]})["Location"] == "/own/"
        assert anna.get("/own/").status_code == 200
    later = OLD + dt.timedelta(minutes=16)
    with clock.stopped(later):
        assert anna.get("/own/").status_code == 302
        anna.post(there, {"code": found[0]})
        assert anna.get("/own/").status_code == 302


def test_V8_a_code_of_the_own_app_proves_it_too(anna: Client, cast: Cast) -> None:
    app = with_app(cast.anna.person)
    with clock.stopped(OLD):
        assert "/login/second/?next=%2Fown%2F" in anna.get("/login/again/?next=%2Fown%2F").content.decode()
        assert anna.post("/login/second/?next=%2Fown%2F", {"code": code_of(app)})["Location"] == "/own/"
        assert anna.get("/own/").status_code == 200
    with clock.stopped(OLD + dt.timedelta(minutes=16)):
        assert anna.get("/own/").status_code == 302
        page = anna.get("/login/second/?next=%2Fown%2F").content.decode()
        assert "/login/again/?next=%2Fown%2F" in page


def test_V8_codes_of_a_proof_count_among_those_of_the_number(anna: Client, cast: Cast) -> None:
    own_phone = cast.anna.person.identifiers.get(kind="phone")
    with clock.stopped(OLD):
        for _ in range(15):
            assert anna.post("/login/again/code/", {"to": own_phone.pk}).status_code == 302
        assert anna.post("/login/again/code/", {"to": own_phone.pk}).status_code == 422
        assert Client().post("/login/", {"value": own_phone.value}).status_code == 422
    assert TextMessage.objects.count() == 15


def test_V8_without_a_password_a_code_is_offered_at_once(cast: Cast) -> None:
    cast.anna.person.set_unusable_password()
    cast.anna.person.save()
    anna = logged_in(cast.anna)
    assert anna.get("/login/again/?next=%2Fown%2F")["Location"] == "/login/again/code/?next=%2Fown%2F"
