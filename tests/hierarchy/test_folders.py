"""The verbs on folders (V3): what they do, what they refuse, and what the journal says of it."""

import datetime as dt

import pytest

from abonent.access.models import Seat
from abonent.access.rights import BuiltIn
from abonent.audit.models import Entry
from abonent.clients.models import Folder
from abonent.hierarchy import folders
from abonent.hierarchy.paths import Paths
from abonent.hierarchy.placing import move_numbers
from abonent.hierarchy.refusal import MAX_DEPTH, FolderRefused, Why
from abonent.lib import clock
from abonent.subscribers.models import Subscriber
from tests.cast import Cast, person
from tests.hierarchy.world import keeper, put, role, tree, whole


def refused(why: Why) -> "pytest.RaisesExc[FolderRefused]":
    return pytest.RaisesExc(FolderRefused, check=lambda error: error.why is why and bool(error.message()))


def last() -> Entry:
    return Entry.objects.select_related("beside").latest("pk")


def test_V3_a_folder_is_made_renamed_and_moved_with_all_below(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales", "Minsk/Sales/South", "Brest")
    assert (last().action, last().beside.after) == ("hierarchy.create", {"folder": "Brest"})
    folders.rename(seat, made["Minsk/Sales"].pk, "  Trade\tteam ")
    assert (last().beside.before, last().beside.after) == ({"name": "Sales"}, {"name": "Trade team"})
    folders.move(seat, made["Minsk/Sales"].pk, made["Brest"].pk)
    assert (last().beside.before, last().beside.after) == (
        {"folder": "Minsk / Trade team"},
        {"folder": "Brest / Trade team"},
    )
    assert Paths.of(seat).path(made["Minsk/Sales/South"].pk) == "Brest / Trade team / South"
    assert last().client_id == cast.company.pk
    assert last().actor_id == str(seat.person_id)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", Why.BLANK),
        (" \t\u2028 ", Why.BLANK),
        ("x" * 121, Why.TOO_LONG),
        ("24/7", Why.SLASH),
        ("минск", Why.TAKEN),
        ("Минск", Why.TAKEN),
    ],
)
def test_V3_a_name_is_bounded_and_once_among_siblings(cast: Cast, name: str, why: Why) -> None:
    seat = whole(cast)
    tree(seat, "Минск", "Brest")
    with refused(why):
        folders.create(seat, name, None)
    with refused(why):
        folders.rename(seat, Folder.objects.get(name="Brest").pk, name)
    assert {"Brest", "Минск"} == set(Folder.objects.filter(parent=None).values_list("name", flat=True)) - {
        "Отдел продаж"
    }


def test_V3_a_folder_may_change_its_own_capitals_and_have_a_name_used_elsewhere(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales", "Sales")
    assert folders.rename(seat, made["Sales"].pk, "SALES").name == "SALES"
    with refused(Why.TAKEN):
        folders.move(seat, made["Minsk/Sales"].pk, None)


def test_V3_a_folder_is_not_moved_into_itself_or_below_itself(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "a", "a/b", "a/b/c")
    for place in made.values():
        with refused(Why.INTO_ITSELF):
            folders.move(seat, made["a"].pk, place.pk)
    assert Paths.of(seat).path(made["a/b/c"].pk) == "a / b / c"


def test_V3_folders_stand_at_most_twelve_deep(cast: Cast) -> None:
    seat = whole(cast)
    path = "/".join(map(str, range(MAX_DEPTH)))
    made = tree(seat, *(path[: len("/".join(map(str, range(n))))] for n in range(1, MAX_DEPTH + 1)), "x", "x/y")
    with refused(Why.TOO_DEEP):
        folders.create(seat, "deeper", made[path].pk)
    parent = made[path].parent_id
    with refused(Why.TOO_DEEP):
        folders.move(seat, made["x"].pk, parent)
    folders.move(seat, made["x/y"].pk, parent)


def test_V3_deleting_says_what_goes_and_gives_it_to_the_parent(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales", "Minsk/Sales/South", "Minsk/Sales/Sales")
    lines = Subscriber.objects.within(seat).filter(account=cast.first)
    move_numbers(seat, lines, made["Minsk/Sales"].pk)
    assert folders.going(seat, made["Minsk/Sales"].pk) == folders.Going(5, 2, "Minsk")
    folders.delete(seat, made["Minsk/Sales"].pk)
    assert set(lines.values_list("folder_id", flat=True)) == {made["Minsk"].pk}
    paths = Paths.of(seat)
    left = [paths.path(key) for key in paths.below(made["Minsk"].pk)]
    assert left == ["Minsk", "Minsk / Sales", "Minsk / South"]
    assert last().action == "hierarchy.delete"
    assert last().beside.before == {"folder": "Minsk / Sales", "numbers": 5, "folders": 2}
    # The name is free again, and the row is there for the stays of the past.
    assert Folder.objects.get(pk=made["Minsk/Sales"].pk).deleted is not None
    with refused(Why.GONE):
        folders.delete(seat, made["Minsk/Sales"].pk)


def test_V3_a_subfolder_whose_name_the_parent_has_keeps_the_folder_from_being_deleted(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "a", "a/b", "B")
    with refused(Why.TAKEN):
        folders.delete(seat, made["a"].pk)


def test_V8_a_folder_that_a_role_is_bound_to_is_not_deleted_until_the_role_is_over(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales")
    bound = keeper(cast, made["Minsk/Sales"])
    with refused(Why.PEOPLE_BOUND):
        folders.delete(seat, made["Minsk/Sales"].pk)
    folders.move(seat, made["Minsk/Sales"].pk, None)
    Seat.objects.filter(pk=bound.pk).update(valid_from=clock.now() - dt.timedelta(2), valid_to=clock.now())
    folders.delete(seat, made["Minsk/Sales"].pk)


def test_V8_whoever_is_bound_to_a_deleted_folder_sees_nothing_of_it(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales", "Minsk/Sales/South")
    bound = keeper(cast, made["Minsk/Sales"])
    for line in cast.subscribers[:2]:
        put(line, made["Minsk/Sales"])
    assert Subscriber.objects.within(bound).count() == 2
    Seat.objects.filter(pk=bound.pk).update(valid_from=clock.now() - dt.timedelta(2), valid_to=clock.now())
    folders.delete(seat, made["Minsk/Sales"].pk)
    assert not Subscriber.objects.within(bound).exists()
    assert not Folder.objects.within(bound).exists()


def test_V8_a_seat_of_folders_works_below_its_own_alone(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales", "Minsk/Sales/South", "Brest")
    bound = keeper(cast, made["Minsk/Sales"])
    own = made["Minsk/Sales"].pk
    below = folders.create(bound, "North", own)
    for act in (
        lambda: folders.rename(bound, own, "Mine"),
        lambda: folders.move(bound, own, below.pk),
        lambda: folders.delete(bound, own),
    ):
        with refused(Why.OWN_ROOT):
            act()
    with refused(Why.NOT_AT_TOP):
        folders.create(bound, "Top", None)
    with refused(Why.NOT_AT_TOP):
        folders.move(bound, below.pk, None)
    for foreign in (made["Minsk"].pk, made["Brest"].pk):
        with refused(Why.GONE):
            folders.create(bound, "Mine", foreign)
        with refused(Why.GONE):
            folders.move(bound, below.pk, foreign)
        with refused(Why.GONE):
            folders.rename(bound, foreign, "Mine")
    folders.move(bound, below.pk, made["Minsk/Sales/South"].pk)
    folders.delete(bound, below.pk)
    # What stands above is counted in the depth, though it is not seen.
    assert Paths.of(bound).path(own) == "Sales"


def test_V8_a_seat_of_accounts_takes_no_numbers_along_that_it_does_not_see(cast: Cast) -> None:
    """Anna sees the first account: a number of the second would go to whoever sees the folder's new place."""
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales", "Brest")
    put(cast.subscribers[-1], made["Minsk/Sales"])
    with refused(Why.FOREIGN_NUMBERS):
        folders.move(cast.anna, made["Minsk"].pk, made["Brest"].pk)
    with refused(Why.FOREIGN_NUMBERS):
        folders.delete(cast.anna, made["Minsk/Sales"].pk)
    # Sergei sees both accounts, though not the whole client.
    folders.move(cast.sergei, made["Minsk"].pk, made["Brest"].pk)
    folders.create(cast.anna, "Own", made["Brest"].pk)


def test_V8_another_companys_folder_does_not_exist(cast: Cast) -> None:
    made = tree(whole(cast), "Minsk")
    with refused(Why.GONE):
        folders.rename(cast.stas, made["Minsk"].pk, "Mine")
    with refused(Why.GONE):
        folders.create(cast.stas, "Mine", made["Minsk"].pk)
    foreign = folders.create(cast.stas, "Theirs", None)
    with refused(Why.GONE):
        folders.move(cast.stas, foreign.pk, made["Minsk"].pk)


def test_V8_a_seat_of_single_numbers_has_no_tree(cast: Cast) -> None:
    given = role(cast, key="own")
    single = Seat.objects.give(
        person("Zoya", "375291000023", "zoya@example.com"), given, cast.company, subscribers=[cast.subscribers[0].pk]
    )
    with refused(Why.NOT_AT_TOP):
        folders.create(single, "Mine", None)
    assert single.role.key != BuiltIn.SUPERVISOR
