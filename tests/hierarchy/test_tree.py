"""The trees as each seat sees them: what stands where, how many numbers are below, and nothing beyond the seat."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from abonent.access.models import Seat
from abonent.clients.models import Folder
from abonent.hierarchy import tree as tree_module
from abonent.hierarchy.nodes import Hierarchy, Kind, Level, Ref
from abonent.hierarchy.tree import Tree, hierarchies, lines_below
from abonent.subscribers.models import FolderStay, Subscriber
from tests.cast import Cast, subscriber

pytestmark = pytest.mark.django_db
BILLING, FOLDERS = Hierarchy.BILLING, Hierarchy.FOLDERS


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast without the folders that it brings."""
    Subscriber.objects.update(folder=None)
    FolderStay.objects.all().delete()
    Folder.objects.all().delete()
    return cast


def folder(cast: Cast, name: str, parent: Folder | None = None, *places: int) -> Folder:
    """A folder of the company with the cast's subscribers at these places in it."""
    made = Folder.objects.create(client=cast.company, parent=parent, name=name)
    for place in places:
        Subscriber.objects.filter(pk=cast.subscribers[place].pk).update(folder=made)
    return made


def shown(level: Level) -> list[tuple[str, int]]:
    return [(node.label, node.count) for node in level.nodes]


def bound(cast: Cast, **to: object) -> Seat:
    return Seat.objects.give(cast.anna.person, cast.anna.role, cast.company, **to)  # type: ignore[arg-type]  # by name


def test_V2_the_billing_hierarchy_goes_from_client_to_number(cast: Cast) -> None:
    tree = Tree.of(cast.sergei, BILLING)
    (top,) = tree.roots().nodes
    assert (top.ref, top.label, top.count) == (Ref(Kind.CLIENT, cast.company.pk), "Belaya Rus", 6)
    (contract,) = tree.below(top.ref).nodes
    assert (contract.label, contract.count) == ("D-191234567", 6)
    accounts = tree.below(contract.ref)
    assert shown(accounts) == [("00020777001", 5), ("00020777002", 1)]
    numbers = tree.below(accounts.nodes[0].ref)
    assert [node.label for node in numbers.nodes] == [line.number for line in cast.subscribers[:5]]
    assert (numbers.nodes[0].note, numbers.nodes[0].opens) == ("Ермолаева", False)


def test_V3_folders_count_all_below_and_loose_numbers_stand_behind(cast: Cast) -> None:
    sales = folder(cast, "Sales", None, 0)
    folder(cast, "North", sales, 1, 2)
    folder(cast, "Archive")
    tree = Tree.of(cast.sergei, FOLDERS)
    top = tree.below(tree.roots().nodes[0].ref)
    assert shown(top)[:2] == [("Archive", 0), ("Sales", 3)]
    assert [node.opens for node in top.nodes[:2]] == [False, True]
    assert [node.label for node in top.nodes[2:]] == [cast.subscribers[place].number for place in (3, 4, 5)]
    assert shown(tree.below(top.nodes[1].ref)) == [("North", 2), (cast.subscribers[0].number, 1)]


def test_V8_a_seat_of_one_account_counts_its_own_numbers_alone(cast: Cast) -> None:
    both = folder(cast, "Both", None, 0, 5)
    tree = Tree.of(cast.anna, FOLDERS)
    assert tree.roots().nodes[0].count == 5
    assert tree.folder_nodes([both])[0].count == 1
    assert shown(tree.below(Ref(Kind.FOLDER, both.pk))) == [(cast.subscribers[0].number, 1)]
    billing = Tree.of(cast.anna, BILLING)
    (contract,) = billing.below(billing.roots().nodes[0].ref).nodes
    assert shown(billing.below(contract.ref)) == [("00020777001", 5)]


def test_V8_a_seat_bound_to_folders_sees_no_billing_and_nothing_above(cast: Cast) -> None:
    top = folder(cast, "Top", None, 0)
    middle = folder(cast, "Middle", top, 1)
    low = folder(cast, "Low", middle, 2)
    seat = bound(cast, folders=[middle.pk, low.pk])
    tree = Tree.of(seat, BILLING)
    assert hierarchies(seat) == [FOLDERS]
    assert tree.hierarchy == FOLDERS
    # Its topmost folders alone: what stands below another one is found there.
    assert shown(tree.roots()) == [("Middle", 2)]
    assert shown(tree.below(Ref(Kind.FOLDER, middle.pk))) == [("Low", 1), (cast.subscribers[1].number, 1)]
    contract = cast.first.contract_id
    for beyond in (
        Ref(Kind.FOLDER, top.pk),
        Ref(Kind.CLIENT, cast.company.pk),
        Ref(Kind.CONTRACT, contract),
        Ref(Kind.ACCOUNT, cast.first.pk),
    ):
        with pytest.raises(LookupError):
            tree.below(beyond)


def test_V8_a_seat_of_single_numbers_sees_those_alone(cast: Cast) -> None:
    home = folder(cast, "Home", None, 0, 1)
    tree = Tree.of(cast.elena, BILLING)
    assert shown(tree.roots()) == [(cast.subscribers[0].number, 1)]
    for beyond in (Ref(Kind.CLIENT, cast.company.pk), Ref(Kind.FOLDER, home.pk), Ref(Kind.ACCOUNT, cast.first.pk)):
        with pytest.raises(LookupError):
            tree.below(beyond)
    assert tree.found("Home").nodes == []


def test_V8_nothing_of_another_company_is_shown_or_opened(cast: Cast) -> None:
    strange = Folder.objects.create(client=cast.stranger, name="Strange")
    foreign = [
        Ref(Kind.CLIENT, cast.stranger.pk),
        Ref(Kind.CONTRACT, cast.stranger_account.contract_id),
        Ref(Kind.ACCOUNT, cast.stranger_account.pk),
        Ref(Kind.FOLDER, strange.pk),
        Ref(Kind.NUMBER, cast.stranger_subscriber.pk),
    ]
    for seat in (cast.sergei, cast.anna, cast.elena):
        for hierarchy in Hierarchy:
            tree = Tree.of(seat, hierarchy)
            for ref in foreign:
                with pytest.raises(LookupError):
                    tree.below(ref)
            assert tree.found("Strange").nodes == []
            assert tree.found(cast.stranger_account.number).nodes == []
        assert not any(lines.exists() for lines in lines_below(seat, foreign))


def test_V2_lines_below_any_mix_of_nodes(cast: Cast) -> None:
    sales = folder(cast, "Sales", None, 0)
    folder(cast, "North", sales, 1)
    refs = [Ref(Kind.ACCOUNT, cast.second.pk), Ref(Kind.FOLDER, sales.pk), Ref(Kind.NUMBER, cast.subscribers[2].pk)]
    found = {line.pk for lines in lines_below(cast.sergei, refs) for line in lines}
    assert found == {cast.subscribers[place].pk for place in (0, 1, 2, 5)}
    (everything,) = lines_below(cast.sergei, [Ref(Kind.CLIENT, cast.company.pk)])
    assert everything.count() == 6
    (whole,) = lines_below(cast.sergei, [Ref(Kind.CONTRACT, cast.first.contract_id)])
    assert whole.count() == 6


def test_V2_long_levels_come_in_pages_folders_first(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "PAGE", 3)
    for name in ("a", "b", "c", "d"):
        folder(cast, name)
    for place in range(2):
        subscriber(cast.first, f"37529112000{place}", "More", cast.catalog)
    tree = Tree.of(cast.sergei, FOLDERS)
    top = tree.roots().nodes[0].ref
    seen, after = [], ""
    for _ in range(10):
        level = tree.below(top, after)
        assert len(level.nodes) <= 3
        seen += [node.label for node in level.nodes]
        after = level.more
        if not after:
            break
    numbers = Subscriber.objects.filter(account__in=[cast.first, cast.second]).order_by("number")
    assert seen == ["a", "b", "c", "d", *numbers.values_list("number", flat=True)]


def test_V2_a_full_page_of_folders_leads_on_to_the_numbers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree_module, "PAGE", 2)
    folder(cast, "a")
    folder(cast, "b")
    tree = Tree.of(cast.sergei, FOLDERS)
    level = tree.below(tree.roots().nodes[0].ref)
    assert level.more
    assert shown(tree.below(tree.roots().nodes[0].ref, level.more))[0] == (cast.subscribers[0].number, 1)


def test_V2_narrowed_to_some_numbers_the_tree_leaves_out_what_has_none(cast: Cast) -> None:
    sales = folder(cast, "Sales", None, 3)
    folder(cast, "North", sales, 0)
    folder(cast, "Empty", None, 4)
    some = Subscriber.objects.within(cast.sergei).filter(pk__in=[cast.subscribers[0].pk, cast.subscribers[5].pk])
    tree = Tree.of(cast.sergei, FOLDERS, some)
    assert shown(tree.below(tree.roots().nodes[0].ref)) == [("Sales", 1), (cast.subscribers[5].number, 1)]
    assert shown(tree.below(Ref(Kind.FOLDER, sales.pk))) == [("North", 1)]
    billing = Tree.of(cast.sergei, BILLING, some.filter(account=cast.second))
    assert shown(billing.below(Ref(Kind.CONTRACT, cast.first.contract_id))) == [("00020777002", 1)]


def test_V2_search_finds_names_in_any_case_and_numbers(cast: Cast) -> None:
    folder(cast, "Склад")
    tree = Tree.of(cast.sergei, FOLDERS)
    assert shown(tree.found("скЛ")) == [("Склад", 0)]
    assert shown(tree.found("ковал")) == [(cast.subscribers[1].number, 1)]
    assert shown(Tree.of(cast.sergei, BILLING).found("00020777002")) == [("00020777002", 1)]


def test_V2_a_level_costs_the_same_few_queries_however_many_folders(cast: Cast) -> None:
    tree = Tree.of(cast.sergei, FOLDERS)
    top = tree.roots().nodes[0].ref

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            tree.below(top)
        return len(captured)

    folder(cast, "One", None, 0)
    few = queries()
    for place in range(30):
        folder(cast, f"Folder {place}")
    assert queries() == few <= 8


@pytest.mark.parametrize("text", ["", "account", "account:", "account:x", "card:1", "account:" + "9" * 30, "client:-1"])
def test_V2_what_names_no_node_is_none(text: str) -> None:
    assert Ref.parse(text) is None
    assert str(Ref.parse("account:12")) == "account:12"
