"""Giving, blocking and taking away roles; the last administrator; whose sessions end (V8)."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client as Browser

from abonent.access import seating
from abonent.access.grants import Grant, RefusedError
from abonent.access.keeping import WHOLE, managed
from abonent.access.models import LoginSession, Person, Role, Seat
from abonent.access.rights import BuiltIn, Right
from abonent.audit.models import Entry
from abonent.clients.models import Client, Folder
from abonent.lib import clock
from abonent.subscribers.people import people_within, seats_within, seen_by
from tests.access.people import HERE, over_accounts, role
from tests.cast import Cast, person
from tests.conftest import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

DAY = dt.timedelta(days=1)
Verb = Callable[[Seat, Seat], object]

LOSSES: dict[str, Verb] = {
    "end": lambda giver, seat: seating.end(giver, seat, seen_by, HERE),
    "block": lambda giver, seat: seating.block(giver, seat, seen_by, HERE),
    "expire": lambda giver, seat: seating.set_term(giver, seat, None, clock.now() + DAY, seen_by, HERE),
    "remove": lambda giver, seat: seating.remove(giver, seat.person, seats_within(giver), seen_by, HERE),
}


def wide(cast: Cast, name: str, phone: str) -> Seat:
    """Somebody with the say over the whole company."""
    who = person(name, phone, f"{name.lower()}@aist.example")
    return Seat.objects.give(who, role(BuiltIn.SUPERVISOR), cast.company)


def again(seat: Seat) -> Seat:
    return Seat.objects.select_related("role", "client", "person").get(pk=seat.pk)


@pytest.mark.parametrize("loss", LOSSES)
def test_V8_the_last_administrator_stays(cast: Cast, loss: str) -> None:
    only = wide(cast, "Maria", "375291000020")
    with pytest.raises(RefusedError) as refused:
        LOSSES[loss](only, only)
    assert refused.value.refusal.code == "last"
    assert again(only) in Seat.objects.in_force()
    assert again(only).valid_to is None
    assert not Entry.objects.exists()
    other = wide(cast, "Nina", "375291000021")
    LOSSES[loss](other, only)
    assert managed(cast.company) >= {WHOLE, cast.first.pk, cast.second.pk}


@pytest.mark.parametrize("change", ["blocked", "limited", "later", "inactive", "nameless", "powerless"])
def test_V8_who_is_no_administrator_does_not_count_as_the_other_one(cast: Cast, change: str) -> None:
    only, other = wide(cast, "Maria", "375291000020"), wide(cast, "Nina", "375291000021")
    if change == "blocked":
        other.blocked = True
    elif change == "limited":
        other.valid_to = clock.now() + DAY
    elif change == "later":
        other.valid_from = clock.now() + DAY
    elif change == "inactive":
        Person.objects.filter(pk=other.person_id).update(is_active=False)
    elif change == "nameless":
        other.person.identifiers.update(verified=False)
    else:
        own = [Right.SEE_CALLS.value]
        other.role = Role.objects.create(client=cast.company, key="few", own_name="Few", own_rights=own)
    other.save()
    with pytest.raises(RefusedError, match="Nobody would be left"):
        seating.end(only, only, seen_by, HERE)


def test_V8_each_account_keeps_somebody_where_nobody_has_the_whole_client(cast: Cast) -> None:
    seating.end(cast.sergei, cast.anna, seen_by, HERE)
    with pytest.raises(RefusedError, match="Nobody would be left"):
        seating.end(cast.sergei, cast.sergei, seen_by, HERE)
    assert managed(cast.company) == {"anybody", cast.first.pk, cast.second.pk}


@pytest.mark.parametrize("verb", ["end", "block", "remove", "expire"])
def test_V8_nobody_touches_a_role_that_reaches_more_than_theirs(cast: Cast, verb: str) -> None:
    maria = wide(cast, "Maria", "375291000020")
    for target in (maria, cast.sergei, cast.stas):
        with pytest.raises(RefusedError):
            LOSSES[verb if verb != "remove" else "end"](cast.anna, target)
        assert again(target) in Seat.objects.in_force()
    assert maria.person not in people_within(cast.anna)


def test_V8_nobody_touches_a_role_with_a_right_that_they_lack(cast: Cast) -> None:
    few = [Right.MANAGE_PEOPLE.value]
    own = Role.objects.create(client=cast.company, key="few", own_name="Few", own_rights=few)
    manager = Seat.objects.give(person("Rita", "375291000030", "rita@aist.example"), own, cast.company)
    with pytest.raises(RefusedError):
        seating.block(manager, cast.anna, seen_by, HERE)
    seating.block(manager, cast.kolya, seen_by, HERE)


def test_V8_who_is_within_reach(cast: Cast) -> None:
    folder = Folder.objects.create(client=cast.company, name="Minsk")
    below = Folder.objects.create(client=cast.company, name="Shop", parent=folder)
    beside = Folder.objects.create(client=cast.company, name="Brest")
    line = cast.subscribers[1]
    line.folder = below
    line.save()
    manager_role, give = role(BuiltIn.ADMINISTRATOR), Seat.objects.give
    who = cast.kolya.person
    of_folder = give(who, manager_role, cast.company, folders=[folder.pk])
    of_below = give(who, manager_role, cast.company, folders=[below.pk])
    of_beside = give(who, manager_role, cast.company, folders=[below.pk, beside.pk])
    of_line = give(who, manager_role, cast.company, subscribers=[line.pk])
    whole = wide(cast, "Maria", "375291000020")

    def seen(manager: Seat) -> set[int]:
        return set(seats_within(again(manager)).values_list("pk", flat=True))

    assert seen(of_folder) == {of_folder.pk, of_below.pk, of_line.pk}
    assert seen(of_line) == {of_line.pk}
    assert seen(cast.anna) == {cast.anna.pk, cast.kolya.pk, cast.elena.pk, of_line.pk}
    everybody = {seat.pk for seat in Seat.objects.filter(client=cast.company)}
    assert seen(whole) == everybody
    assert of_beside.pk not in seen(of_folder)
    assert seen(cast.olga) == set()


def test_V8_a_role_is_given_once_and_works_at_once(cast: Cast) -> None:
    grant = over_accounts(cast.first.pk)
    browser = logged_in(cast.kolya)
    assert browser.get("/people/").status_code == 403
    seat = seating.give(cast.anna, cast.kolya.person, grant, seen_by, HERE)
    assert seat.given_by == cast.anna.person
    with pytest.raises(RefusedError, match="already"):
        seating.give(cast.anna, cast.kolya.person, grant, seen_by, HERE)
    assert browser.post("/seats/", {"seat": seat.pk}).status_code == 302
    assert browser.get("/people/").status_code == 200
    seating.end(cast.anna, seat, seen_by, HERE)
    assert browser.get("/people/")["Location"].startswith("/seats/")
    seating.give(cast.anna, cast.kolya.person, grant, seen_by, HERE)


def test_V8_a_manager_whose_time_is_limited_gives_no_longer_than_that(cast: Cast) -> None:
    end = clock.now() + 5 * DAY
    Seat.objects.filter(pk=cast.anna.pk).update(valid_to=end)
    anna, reach = again(cast.anna), Seat.Reach.ACCOUNTS
    administrator = role(BuiltIn.ADMINISTRATOR)
    for until in (None, end + DAY):
        grant = Grant(administrator, reach, (cast.first.pk,), until=until)
        with pytest.raises(RefusedError):
            seating.give(anna, cast.kolya.person, grant, seen_by, HERE)
    with pytest.raises(RefusedError):
        seating.set_term(anna, cast.kolya, None, end + DAY, seen_by, HERE)
    seating.set_term(anna, cast.kolya, None, end, seen_by, HERE)


def test_V8_a_right_that_was_lost_while_the_page_was_open_does_nothing(cast: Cast) -> None:
    Seat.objects.filter(pk=cast.anna.pk).update(blocked=True)
    for loss in LOSSES.values():
        with pytest.raises(RefusedError):
            loss(cast.anna, cast.kolya)
    with pytest.raises(RefusedError):
        seating.give(cast.anna, cast.kolya.person, over_accounts(cast.first.pk), seen_by, HERE)
    assert again(cast.kolya) in Seat.objects.in_force()


def test_V8_a_blocked_role_ends_at_the_next_click_and_comes_back(cast: Cast) -> None:
    elena = logged_in(cast.elena)
    assert elena.get("/subscribers/").status_code == 200
    anna = logged_in(cast.anna)
    anna.post(f"/people/seats/{cast.elena.pk}/block/")
    assert elena.get("/subscribers/")["Location"].startswith("/seats/")
    anna.post(f"/people/seats/{cast.elena.pk}/unblock/")
    assert elena.get("/subscribers/").status_code == 200
    actions = Entry.objects.filter(target_kind="seat").order_by("pk").values_list("action", flat=True)
    assert [action for action in actions if action.startswith("access.seat")] == [
        "access.seat-block",
        "access.seat-unblock",
    ]


def test_V8_blocking_touches_the_roles_of_this_client_alone(cast: Cast) -> None:
    theirs = Seat.objects.give(cast.stas.person, role(BuiltIn.SUPERVISOR), cast.company, accounts=[cast.first.pk])
    anna = logged_in(cast.anna)
    page = anna.get(f"/people/{cast.stas.person_id}/").content.decode()
    assert "Chuzhaya" not in page
    assert "stas@example.org" not in page
    assert "375291000009" not in page
    assert anna.post(f"/people/seats/{cast.stas.pk}/block/").status_code == 404
    assert anna.post(f"/people/{cast.stas.person_id}/remove/").status_code == 302
    assert again(theirs).valid_to is not None
    assert again(cast.stas).valid_to is None
    assert anna.get(f"/people/{cast.stas.person_id}/").status_code == 404
    assert Person.objects.get(pk=cast.stas.person_id).is_active


def test_V8_the_sessions_that_end_are_those_at_this_client(cast: Cast) -> None:
    theirs = Seat.objects.give(cast.stas.person, role(BuiltIn.SUPERVISOR), cast.company, accounts=[cast.first.pk])
    at_home, here = logged_in(cast.stas), logged_in(theirs)
    assert seating.end_sessions(cast.anna, cast.stas.person, HERE) == 1
    assert here.get("/home/")["Location"].startswith("/login/")
    assert at_home.get("/home/").status_code == 200
    without_role = Browser()
    without_role.force_login(cast.elena.person)
    assert seating.end_sessions(cast.anna, cast.elena.person, HERE) == 1
    assert not LoginSession.objects.filter(person=cast.elena.person).exists()


def test_V8_a_role_that_has_not_begun_leaves_nothing_behind(cast: Cast) -> None:
    administrator = role(BuiltIn.ADMINISTRATOR)
    grant = Grant(administrator, Seat.Reach.ACCOUNTS, (cast.first.pk,), clock.now() + DAY, clock.now() + 2 * DAY)
    seat = seating.give(cast.anna, cast.kolya.person, grant, seen_by, HERE)
    seating.end(cast.anna, seat, seen_by, HERE)
    assert not Seat.objects.filter(pk=seat.pk).exists()


def test_V8_a_role_taken_away_twice_says_so(cast: Cast) -> None:
    seating.end(cast.anna, cast.kolya, seen_by, HERE)
    with pytest.raises(RefusedError):
        seating.end(cast.anna, cast.kolya, seen_by, HERE)


def test_V8_the_history_tells_what_was_taken_from_whom(cast: Cast) -> None:
    seating.end(cast.anna, cast.elena, seen_by, HERE)
    entry = Entry.objects.get(action="access.seat-end")
    assert entry.client_id == cast.company.pk
    assert entry.beside.before["person"] == "Elena"
    assert entry.beside.before["targets"] == [cast.subscribers[0].number]
    assert entry.beside.address == HERE.address


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("loss", ["end", "remove"])
def test_V8_of_two_administrators_who_remove_each_other_at_once_one_stays(loss: str) -> None:
    company = Client.objects.create(name="Aist", tax_id="190000001")
    seats = [
        Seat.objects.give(person(name, phone, f"{name}@a.by"), role(BuiltIn.SUPERVISOR), company)
        for name, phone in (("a", "375291000001"), ("b", "375291000002"))
    ]

    def work(pair: tuple[Seat, Seat]) -> str:
        try:
            LOSSES[loss](*pair)
        except RefusedError as no:
            return no.refusal.code
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(work, [(seats[0], seats[1]), (seats[1], seats[0])]))
    assert said == ["done", "giver"]
    assert Seat.objects.in_force().count() == 1
