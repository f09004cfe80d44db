"""Seats: choosing, switching, losing (S0.2, S0.4, V8)."""

import datetime as dt

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import DjangoAssertNumQueries

from abonent.access.entering import offered_seats
from abonent.access.guard import SeatRequest, needs
from abonent.access.middleware import seat_middleware
from abonent.access.models import Identifier, LoginSession, Role, Seat
from abonent.access.releasing import release
from abonent.access.rights import CLIENT_RIGHTS, BuiltIn, Right
from abonent.access.sessions import end_sessions
from abonent.audit.models import Entry
from abonent.clients.models import Account, Folder
from abonent.subscribers.models import Subscriber
from tests.cast import PASSWORD, Cast, account, identify
from tests.conftest import NOON, logged_in

pytestmark = pytest.mark.django_db


@needs(Right.SEE_FINANCE)
def balance(request: SeatRequest) -> HttpResponse:
    return HttpResponse(request.seat.label)


urlpatterns = [path("balance/", balance, name="balance")]


def with_three_seats(cast: Cast) -> list[Seat]:
    give, role, who = Seat.objects.give, Role.objects.built_in, cast.anna.person
    supervisor = give(who, role(BuiltIn.SUPERVISOR), cast.company)
    subscriber = give(who, role(BuiltIn.SUBSCRIBER), cast.company, subscribers=[cast.subscribers[1].pk])
    return [subscriber, cast.anna, supervisor]


def test_S0_4_with_several_seats_one_is_chosen_with_the_words_of_the_seed(client: Client, cast: Cast) -> None:
    seats = with_three_seats(cast)
    answer = client.post("/login/password/", {"value": "375291000001", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/seats/?next=%2F"
    assert "seat" not in client.session
    page = answer.content.decode()
    places = [page.index(f'value="{seat.pk}"') for seat in seats]
    assert places == sorted(places)
    assert "Services and information of your own number only" in page


def test_S0_2_the_way_of_logging_in_sets_the_seat_offered_first(cast: Cast) -> None:
    fixed = account(cast.company, "00020777003", "fixed")
    subscriber, administrator, supervisor = with_three_seats(cast)
    own = Seat.objects.give(
        cast.anna.person, Role.objects.built_in(BuiltIn.ADMINISTRATOR), cast.company, accounts=[fixed.pk]
    )
    person = cast.anna.person
    by_account = identify(person, Identifier.Kind.ACCOUNT, fixed.number)
    by_phone = person.identifiers.get(kind="phone")
    by_email = person.identifiers.get(kind="email")
    assert offered_seats(person, by_phone)[0] == subscriber
    assert offered_seats(person, by_email)[0] == supervisor
    assert set(offered_seats(person, by_account)[:2]) == {own, supervisor}
    assert len(offered_seats(person, by_account)) == 4
    assert administrator in offered_seats(person, by_account)


def test_S0_4_a_seat_is_switched_without_logging_out(anna_client: Client, cast: Cast) -> None:
    supervisor = with_three_seats(cast)[2]
    key = anna_client.session.session_key
    answer = anna_client.post("/seats/", {"seat": supervisor.pk, "next": "/inbox/"})
    assert answer["Location"] == "/inbox/"
    assert anna_client.session["seat"] == supervisor.pk
    assert anna_client.session.session_key != key
    entry = Entry.objects.get(action="access.switch")
    assert entry.client_id == cast.company.pk
    assert str(entry.beside.before["seat"]).startswith("Administrator")
    assert str(entry.beside.after["seat"]).startswith("Supervisor")


def test_S0_4_nobody_takes_the_seat_of_another(anna_client: Client, cast: Cast) -> None:
    assert anna_client.post("/seats/", {"seat": cast.sergei.pk}).status_code == 404
    assert anna_client.post("/seats/", {"seat": "x"}).status_code == 404
    assert anna_client.session["seat"] == cast.anna.pk


@pytest.mark.urls("tests.access.addresses")
def test_a_right_that_is_taken_away_works_at_once(anna_client: Client, cast: Cast) -> None:
    assert anna_client.get("/balance/").status_code == 200
    cast.anna.role = Role.objects.create(client=cast.company, key="few", own_name="Few", own_rights=["see_calls"])
    cast.anna.save()
    assert anna_client.get("/balance/").status_code == 403
    entry = Entry.objects.get(action="access.refused")
    assert (entry.client_id, entry.result, entry.target_id) == (cast.company.pk, "refused", "/balance/")


@pytest.mark.urls("tests.access.addresses")
@pytest.mark.parametrize("change", [{"blocked": True}, {"valid_to": NOON}, {"valid_from": NOON + dt.timedelta(days=1)}])
@pytest.mark.usefixtures("noon")
def test_a_seat_that_is_blocked_over_or_not_begun_is_no_seat(cast: Cast, change: dict[str, object]) -> None:
    Seat.objects.filter(pk=cast.anna.pk).update(valid_from=NOON - dt.timedelta(days=1))
    browser = logged_in(cast.anna)
    assert browser.get("/balance/").status_code == 200
    Seat.objects.filter(pk=cast.anna.pk).update(**change)
    assert browser.get("/balance/")["Location"] == "/seats/?next=%2Fbalance%2F"
    assert offered_seats(cast.anna.person, None) == []


@pytest.mark.urls("tests.access.addresses")
def test_anonymous_is_led_to_the_login_and_back_by_page_and_by_fragment(client: Client) -> None:
    assert client.get("/balance/?a=1")["Location"] == "/login/?next=%2Fbalance%2F%3Fa%3D1"
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/list/?q=2"}
    answer = client.get("/balance/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/login/?next=%2Flist%2F%3Fq%3D2")
    headers["HX-Current-URL"] = "https://evil.example/"
    assert client.get("/balance/", headers=headers).headers["HX-Redirect"] == "/login/?next=%2F"


def test_S0_4_the_rights_of_the_built_in_roles(cast: Cast) -> None:
    assert cast.anna.rights == CLIENT_RIGHTS
    assert cast.sergei.rights == CLIENT_RIGHTS
    assert not cast.elena.has(Right.SEE_FINANCE)
    assert cast.elena.has(Right.CHANGE_SERVICES)
    assert cast.olga.has(Right.OPERATOR_SUPPORT)
    assert not cast.olga.rights & CLIENT_RIGHTS


def test_V8_a_role_of_a_client_never_gives_a_right_of_the_operator(cast: Cast) -> None:
    names = ["operator_support", "see_calls", "unheard_of"]
    cast.anna.role = Role.objects.create(client=cast.company, key="sly", own_name="Sly", own_rights=names)
    assert cast.anna.rights == {Right.SEE_CALLS}
    cast.anna.role = Role.objects.built_in(BuiltIn.OPERATOR)
    assert cast.anna.rights == frozenset()


def test_V8_what_a_seat_reaches(cast: Cast) -> None:
    folder = Folder.objects.create(client=cast.company, name="Minsk")
    Subscriber.objects.filter(pk=cast.subscribers[2].pk).update(folder=folder)
    role = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    of_folder = Seat.objects.give(cast.kolya.person, role, cast.company, folders=[folder.pk])
    whole = Seat.objects.give(cast.kolya.person, role, cast.company)
    nothing = Seat.objects.give(cast.kolya.person, role, cast.company, accounts=[])

    def seen(seat: Seat) -> int:
        return Subscriber.objects.within(seat).count()

    assert [seen(seat) for seat in (cast.anna, cast.sergei, cast.elena, of_folder, whole)] == [5, 6, 1, 1, 6]
    assert [seen(seat) for seat in (nothing, cast.olga)] == [0, 0]
    assert list(Account.objects.within(cast.anna)) == [cast.first]
    assert list(Account.objects.within(whole)) == [cast.first, cast.second]
    assert list(Account.objects.within(cast.stas)) == [cast.stranger_account]
    assert [list(Account.objects.within(seat)) for seat in (cast.elena, of_folder, cast.olga)] == [[], [], []]
    with pytest.raises(ValueError, match="one kind"):
        Seat.objects.give(cast.kolya.person, role, cast.company, folders=[1], accounts=[1])


def test_a_seat_without_a_single_target_sees_nothing(cast: Cast) -> None:
    cast.anna.targets.all().delete()
    bare = Seat.objects.get(pk=cast.anna.pk)
    assert bare.account_ids == frozenset()
    assert Subscriber.objects.within(bare).count() == 0


def test_who_loses_a_number_loses_the_login_by_it_and_the_sessions_at_once(elena_client: Client, cast: Cast) -> None:
    number = cast.subscribers[0].number
    assert elena_client.get("/seats/").status_code == 200
    assert release(Identifier.Kind.PHONE, number)
    assert elena_client.get("/seats/")["Location"].startswith("/login/")
    assert Client().post("/login/password/", {"value": number, "password": PASSWORD}).status_code == 422
    assert not release(Identifier.Kind.PHONE, number)


def test_ended_sessions_are_of_that_person_alone(anna_client: Client, sergei_client: Client, cast: Cast) -> None:
    logged_in(cast.anna)
    assert end_sessions(cast.anna.person) == 2
    assert anna_client.get("/seats/").status_code == 302
    assert sergei_client.get("/seats/").status_code == 200
    assert LoginSession.objects.get().person == cast.sergei.person


def test_the_language_of_the_person_is_spoken(anna_client: Client, cast: Cast) -> None:
    answer = anna_client.post("/language/", {"language": "be", "next": "/seats/"})
    assert answer["Location"] == "/seats/"
    cast.anna.person.refresh_from_db()
    assert cast.anna.person.language == "be"
    page = anna_client.get("/seats/", headers={"Accept-Language": "en"})
    assert '<html lang="be"' in page.content.decode()
    assert anna_client.post("/language/", {"language": "xx"}).status_code == 404


def test_a_seat_is_read_once_a_request(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    request = RequestFactory().get("/")
    request.user = cast.anna.person
    request.session = logged_in(cast.anna).session
    request.COOKIES["sessionid"] = "x"
    assert request.session["seat"] == cast.anna.pk
    seen: list[Seat] = []

    def view(inner: HttpRequest) -> HttpResponse:
        seen.append(inner.seat)  # type: ignore[attr-defined]  # what the middleware is for
        return HttpResponse()

    with django_assert_num_queries(1):
        seat_middleware(view)(request)
    assert seen == [cast.anna]
    assert seen[0].person is cast.anna.person
