"""V8: nobody gives what they don't have, nor over more than they reach, nor for longer than they have it."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal

import pytest

from abonent.access.giving import MAX_TARGETS, Reach, givable, givable_reaches, may_give, may_touch
from abonent.access.models import Role, Seat
from abonent.access.rights import CLIENT_RIGHTS, BuiltIn, Right
from abonent.clients.models import Folder
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@dataclass(frozen=True, slots=True)
class World:
    """The company with folders Minsk ▸ Sales and Brest; line 0 stands in Sales, line 1 in Brest."""

    cast: Cast
    minsk: Folder
    sales: Folder
    brest: Folder
    foreign: Folder

    def seat(self, reach: Reach, role: Role | None = None) -> Seat:
        """An administrator's seat of Kolya: over all, the first account, Minsk, or line 0 alone."""
        bounds = {
            Reach.CLIENT: {},
            Reach.ACCOUNTS: {"accounts": [self.cast.first.pk]},
            Reach.FOLDERS: {"folders": [self.minsk.pk]},
            Reach.SUBSCRIBERS: {"subscribers": [self.line(0)]},
        }
        role = role or Role.objects.built_in(BuiltIn.ADMINISTRATOR)
        return Seat.objects.give(self.cast.kolya.person, role, self.cast.company, **bounds[reach])

    def line(self, place: int) -> int:
        return self.cast.subscribers[place].pk

    def own(self, rights: Collection[Right], rows: int | None = None, cost: Decimal | None = None) -> Role:
        place = Role.objects.count()
        return Role.objects.create(
            client=self.cast.company,
            key=f"own-{place}",
            own_name=f"Own {place}",
            own_rights=sorted(rights),
            max_rows=rows,
            max_cost=cost,
        )


@pytest.fixture
def world(cast: Cast) -> World:
    make = Folder.objects.create
    minsk, brest = make(client=cast.company, name="Minsk"), make(client=cast.company, name="Brest")
    sales = make(client=cast.company, parent=minsk, name="Sales")
    for place, folder in ((0, sales), (1, brest)):
        Subscriber.objects.filter(pk=cast.subscribers[place].pk).update(folder=folder)
    return World(cast, minsk, sales, brest, make(client=cast.stranger, name="Foreign"))


def refused(giver: Seat, reach: Reach, targets: Collection[int], role: Role | None = None) -> str:
    """The code of the refusal; empty where it may be given."""
    seen = Subscriber.objects.within(giver).filter(pk__in=targets).values_list("pk", flat=True)
    wanted = role or Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    refusal = may_give(giver, wanted, reach, targets, seen=list(seen))
    return refusal.code if refusal else ""


ALL, ACC, FLD, NUM = Reach.CLIENT, Reach.ACCOUNTS, Reach.FOLDERS, Reach.SUBSCRIBERS
# Whose giver, over what, which targets (names of `named`), the answer.
REACHES = [
    (ALL, ALL, "", ""),
    (ALL, ACC, "first", ""),
    (ALL, ACC, "second", ""),
    (ALL, ACC, "foreign account", "target"),
    (ALL, FLD, "minsk", ""),
    (ALL, FLD, "foreign folder", "target"),
    (ALL, NUM, "line of brest", ""),
    (ALL, NUM, "line of the second", ""),
    (ALL, NUM, "foreign line", "target"),
    (ACC, ALL, "", "reach"),
    (ACC, ACC, "first", ""),
    (ACC, ACC, "second", "target"),
    (ACC, ACC, "foreign account", "target"),
    (ACC, FLD, "minsk", "reach"),
    (ACC, FLD, "foreign folder", "reach"),
    (ACC, NUM, "line of brest", ""),
    (ACC, NUM, "line of the second", "target"),
    (ACC, NUM, "foreign line", "target"),
    (FLD, ALL, "", "reach"),
    (FLD, ACC, "first", "reach"),
    (FLD, ACC, "foreign account", "reach"),
    (FLD, FLD, "minsk", ""),
    (FLD, FLD, "sales", ""),
    (FLD, FLD, "brest", "target"),
    (FLD, FLD, "foreign folder", "target"),
    (FLD, NUM, "line of sales", ""),
    (FLD, NUM, "line of brest", "target"),
    (FLD, NUM, "foreign line", "target"),
    (NUM, ALL, "", "reach"),
    (NUM, ACC, "first", "reach"),
    (NUM, FLD, "sales", "reach"),
    (NUM, NUM, "line of sales", ""),
    (NUM, NUM, "line of brest", "target"),
    (NUM, NUM, "foreign line", "target"),
]


def named(world: World, name: str) -> list[int]:
    return {
        "": [],
        "first": [world.cast.first.pk],
        "second": [world.cast.second.pk],
        "foreign account": [world.cast.stranger_account.pk],
        "minsk": [world.minsk.pk],
        "sales": [world.sales.pk],
        "brest": [world.brest.pk],
        "foreign folder": [world.foreign.pk],
        "line of sales": [world.line(0)],
        "line of brest": [world.line(1)],
        "line of the second": [world.line(5)],
        "foreign line": [world.cast.stranger_subscriber.pk],
    }[name]


def test_V8_the_table_names_every_pair_of_reaches() -> None:
    assert {(giver, reach) for giver, reach, _, _ in REACHES} == {(one, two) for one in Reach for two in Reach}


@pytest.mark.parametrize(("giver", "reach", "name", "answer"), REACHES)
def test_V8_nobody_gives_over_more_than_they_reach(
    world: World, giver: Reach, reach: Reach, name: str, answer: str
) -> None:
    seat = world.seat(giver)
    assert refused(seat, reach, named(world, name)) == answer
    assert (reach in givable_reaches(seat)) == (answer != "reach")


@pytest.mark.parametrize(("giver", "reach", "name"), [row[:3] for row in REACHES if row[3] == ""])
def test_V8_what_may_be_given_never_shows_more(world: World, giver: Reach, reach: Reach, name: str) -> None:
    """The oracle: every number that the new seat sees, the giver sees, wherever the numbers of the company go."""
    seat = world.seat(giver)
    key = {ALL: "", ACC: "accounts", FLD: "folders", NUM: "subscribers"}[reach]
    given = Seat.objects.give(
        world.cast.elena.person, seat.role, world.cast.company, **({key: named(world, name)} if key else {})
    )
    Subscriber.objects.filter(pk=world.line(2)).update(folder=world.sales)
    seen = set(Subscriber.objects.within(given).values_list("pk", flat=True))
    assert seen <= set(Subscriber.objects.within(seat).values_list("pk", flat=True))


def test_V8_one_foreign_id_among_own_ones_spoils_all(world: World) -> None:
    seat = world.seat(ALL)
    assert refused(seat, ACC, [world.cast.first.pk, world.cast.stranger_account.pk]) == "target"
    assert refused(seat, FLD, [world.minsk.pk, world.foreign.pk]) == "target"
    assert refused(seat, NUM, [world.line(0), world.cast.stranger_subscriber.pk]) == "target"
    assert refused(seat, ACC, [world.cast.first.pk, 10**12]) == "target"


def test_V8_a_number_counts_only_if_the_caller_saw_it(world: World) -> None:
    role = Role.objects.built_in(BuiltIn.SUBSCRIBER)
    refusal = may_give(world.seat(ALL), role, NUM, [world.line(0)])
    assert refusal is not None
    assert refusal.code == "target"
    sly = may_give(world.seat(NUM), role, NUM, [world.line(1)], seen=[world.line(1)])
    assert sly is not None
    assert sly.code == "target"


def test_V8_too_few_and_too_many_targets(world: World) -> None:
    seat = world.seat(ALL)
    assert [refused(seat, reach, []) for reach in (ACC, FLD, NUM)] == ["nothing"] * 3
    assert refused(seat, ACC, range(1, MAX_TARGETS + 2)) == "many"


def test_V8_nobody_gives_a_right_that_they_do_not_have(world: World) -> None:
    giver = world.seat(ALL, world.own({Right.SEE_FINANCE, Right.MANAGE_PEOPLE}))
    assert refused(giver, ALL, [], world.own({Right.SEE_FINANCE})) == ""
    refusal = may_give(giver, world.own({Right.SEE_FINANCE, Right.TERMINATE, Right.SEE_CALLS}), ALL, [])
    assert refusal is not None
    assert refusal.code == "rights"
    assert refusal.message == "You do not have these rights yourself: See calls, Terminate service."
    assert refused(giver, NUM, [world.line(0)], Role.objects.built_in(BuiltIn.SUBSCRIBER)) == "rights"


@pytest.mark.parametrize("right", sorted(CLIENT_RIGHTS))
def test_V8_each_single_right_is_looked_at(world: World, right: Right) -> None:
    without = world.seat(ALL, world.own(CLIENT_RIGHTS - {right}))
    assert refused(without, ALL, [], world.own({right})) == "rights"
    assert refused(without, ALL, [], world.own(CLIENT_RIGHTS - {right})) == ""


LIMITS = [
    (20, None, 20, None, ""),
    (20, None, 19, None, ""),
    (20, None, 21, None, "rows"),
    (20, None, None, None, "rows"),
    (None, Decimal(100), None, Decimal("100.00"), ""),
    (None, Decimal(100), None, Decimal("100.01"), "cost"),
    (None, Decimal(100), 5, None, "cost"),
    (None, None, None, None, ""),
    (0, Decimal(0), 0, Decimal(0), ""),
    (0, Decimal(0), 1, Decimal(0), "rows"),
]


@pytest.mark.parametrize(("own_rows", "own_cost", "rows", "cost", "answer"), LIMITS)
def test_V8_nobody_gives_a_higher_limit_than_their_own(
    world: World, own_rows: int | None, own_cost: Decimal | None, rows: int | None, cost: Decimal | None, answer: str
) -> None:
    giver = world.seat(ALL, world.own(CLIENT_RIGHTS, own_rows, own_cost))
    assert refused(giver, ALL, [], world.own({Right.CHANGE_SERVICES}, rows, cost)) == answer
    assert refused(giver, ALL, [], world.own({Right.SEE_CALLS}, rows, cost)) == "", "where nothing is ordered"


def test_V8_roles_of_others_do_not_exist(world: World) -> None:
    foreign = Role.objects.create(client=world.cast.stranger, key="x", own_name="X", own_rights=[])
    giver = world.seat(ALL)
    assert refused(giver, ALL, [], foreign) == "role"
    assert refused(giver, ALL, [], Role.objects.built_in(BuiltIn.OPERATOR)) == "role"
    assert refused(world.cast.olga, ALL, [], Role.objects.built_in(BuiltIn.SUBSCRIBER)) == "role"
    assert givable(world.cast.olga) == []


def test_V8_who_is_seated_for_a_time_gives_no_longer(world: World) -> None:
    giver = world.seat(ALL)
    giver.valid_to = NOON
    second = dt.timedelta(seconds=1)
    role = Role.objects.built_in(BuiltIn.SUBSCRIBER)
    codes = [may_give(giver, role, ALL, [], until=until) for until in (None, NOON + second, NOON, NOON - second)]
    assert [refusal and refusal.code for refusal in codes] == ["until", "until", None, None]


def test_V8_the_choice_of_roles_has_no_more_than_may_be_given(world: World) -> None:
    few = world.own({Right.SEE_FINANCE})
    own = world.own({Right.SEE_FINANCE, Right.MANAGE_PEOPLE})
    assert [role.key for role in givable(world.seat(ALL, own))] == ["nobody", few.key, own.key]
    everything = [role.key for role in givable(world.cast.anna)]
    assert everything[:3] == ["subscriber", "administrator", "supervisor"]
    assert {few.key, own.key, "nobody"} <= set(everything[3:])


def test_V8_a_role_that_shrinks_gives_less_at_once(world: World) -> None:
    """The role made by someone who then loses the right: they can no longer give it, nor take it themselves."""
    role = world.own({Right.TERMINATE, Right.MANAGE_PEOPLE})
    giver = world.seat(ALL, world.own({Right.TERMINATE, Right.MANAGE_PEOPLE}))
    assert refused(giver, ALL, [], role) == ""
    Role.objects.filter(pk=giver.role.pk).update(own_rights=[Right.MANAGE_PEOPLE])
    assert refused(Seat.objects.get(pk=giver.pk), ALL, [], role) == "rights"


TOUCHES: list[tuple[Reach, Callable[[World], Seat], str]] = [
    (ALL, lambda world: world.seat(ALL), ""),
    (ALL, lambda world: world.seat(NUM), ""),
    (ACC, lambda world: world.seat(ALL), "reach"),
    (ACC, lambda world: world.seat(FLD), "reach"),
    (ACC, lambda world: world.seat(ACC), ""),
    (ACC, lambda world: world.cast.sergei, "reach"),
    (ACC, lambda world: world.cast.elena, ""),
    (FLD, lambda world: world.seat(ACC), "reach"),
    (FLD, lambda world: world.seat(FLD), ""),
    (FLD, lambda world: world.cast.elena, ""),
    (NUM, lambda world: world.seat(FLD), "reach"),
    (NUM, lambda world: world.seat(NUM), ""),
    (ALL, lambda world: world.cast.stas, "target"),
    (ALL, lambda world: world.cast.olga, "target"),
]


@pytest.mark.parametrize(("giver", "made", "answer"), TOUCHES)
def test_V8_a_wider_seat_is_not_touched(world: World, giver: Reach, made: Callable[[World], Seat], answer: str) -> None:
    seat, own = made(world), world.seat(giver)
    seen = Subscriber.objects.within(own).values_list("pk", flat=True)
    refusal = may_touch(own, seat, seen=list(seen))
    assert (refusal.code if refusal else "") == answer


def test_V8_a_seat_with_more_rights_is_not_touched(world: World) -> None:
    giver = world.seat(ALL, world.own({Right.MANAGE_PEOPLE}))
    refusal = may_touch(giver, world.cast.anna)
    assert refusal is not None
    assert refusal.code == "rights"
    assert may_touch(giver, world.cast.kolya) is None


def test_V8_who_has_the_whole_client_clears_away_a_seat_whose_folder_is_gone(world: World) -> None:
    orphan = world.seat(FLD)
    world.sales.subscribers.update(folder=None)
    world.sales.delete()
    world.minsk.delete()
    assert may_touch(world.seat(ALL), orphan) is None
