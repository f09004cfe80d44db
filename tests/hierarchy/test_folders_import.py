"""The structure from and to an Excel file (V3): every row gets a verdict first, and nothing is half done."""

import datetime as dt
import io
from collections.abc import Sequence

import pytest

from abonent.access.models import Seat
from abonent.audit.models import Entry
from abonent.clients.models import Folder
from abonent.files.keeping import store
from abonent.files.models import StoredFile
from abonent.formats import xlsx
from abonent.hierarchy import folders
from abonent.hierarchy.exporting import report
from abonent.hierarchy.importing import IMPORTS, FileRefused, apply, begin, check_again, discard, prune_imports
from abonent.hierarchy.models import StructureImport
from abonent.hierarchy.paths import Paths
from abonent.hierarchy.placing import move_numbers
from abonent.hierarchy.reasons import remark
from abonent.hierarchy.refusal import FolderRefused
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.subscribers.models import FolderStay, Subscriber
from tests.cast import Cast
from tests.formats import workbooks
from tests.hierarchy.world import chains, keeper, put, tree, whole
from tests.orders.world import workbook

# What is written with SQL of our own must hold on both databases.
pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("english")]


def checked(seat: Seat, content: bytes) -> StructureImport:
    structure = begin(seat, store(content, name="structure.xlsx", mime="application/xlsx"))
    drain([IMPORTS])
    structure.refresh_from_db()
    return structure


def of(seat: Seat, *rows: Sequence[object]) -> StructureImport:
    return checked(seat, workbook(rows))


def verdicts(structure: StructureImport) -> list[tuple[str, str]]:
    assert all(remark(row.reason, row.args) for row in structure.rows.all())
    return list(structure.rows.order_by("row").values_list("verdict", "reason"))


def paths(seat: Seat) -> set[str]:
    found = Paths.of(seat)
    return {found.path(folder) for folder in found.folders}


def exported(seat: Seat) -> bytes:
    stream = io.BytesIO()
    xlsx.write(report(seat), stream, lambda _rows: None)
    return stream.getvalue()


@pytest.fixture
def seat(cast: Cast) -> Seat:
    made = whole(cast)
    move_numbers(made, Subscriber.objects.within(made), None)
    return made


def test_V3_every_row_gets_a_verdict_and_then_the_fine_ones_are_done(cast: Cast, seat: Seat) -> None:
    made = tree(seat, "Minsk", "Minsk/Sales")
    one, two, three, four, *_rest = cast.subscribers
    put(three, made["Minsk/Sales"])
    structure = of(
        seat,
        ["Number", "Folder"],
        [one.number, "Minsk/Sales"],
        [int(two.number), " minsk /  Store  / Night "],
        [three.number, "Minsk / Sales"],
        [f"+{one.number}", "MINSK/sales"],
        [two.number, "Minsk"],
        [cast.stranger_subscriber.number, "Minsk"],
        ["375299999999", "Minsk"],
        ["12", "Minsk"],
        [four.number, "Minsk//Sales"],
        [None, "Brest"],
        [None, "Minsk"],
        [four.number, "x" * 121],
        [three.number, ""],
    )
    assert verdicts(structure) == [
        ("nothing", "header"),
        ("fine", "moves"),
        ("fine", "moves"),
        ("nothing", "there"),
        ("nothing", "duplicate"),
        ("refused", "elsewhere"),
        # Nothing tells a number of somebody else from one that nobody has.
        ("refused", "not_yours"),
        ("refused", "not_yours"),
        ("refused", "not_a_number"),
        ("refused", "blank"),
        ("fine", "folder_made"),
        ("nothing", "folder_there"),
        ("refused", "too_long"),
        ("refused", "elsewhere"),
    ]
    assert (structure.fine, structure.nothing, structure.refused) == (3, 4, 7)
    assert (structure.numbers, structure.folders) == (2, 3)
    assert not Folder.objects.filter(name="Brest").exists()
    assert not FolderStay.objects.filter(subscriber__in=[one, two], end=None).exists()
    apply(structure, seat)
    assert {"Minsk / Store / Night", "Brest"} <= paths(seat)
    assert Paths.of(seat).path(Subscriber.objects.get(pk=two.pk).folder_id) == "Minsk / Store / Night"
    assert all(chains(line) for line in (one, two))
    entry = Entry.objects.select_related("beside").latest("pk")
    assert (entry.action, entry.digest) == ("hierarchy.import", structure.digest)
    assert entry.beside.after["numbers"] == 2
    # Sent twice, it is done once.
    assert apply(structure, seat).moves == {}
    assert Entry.objects.latest("pk") == entry


def test_V3_a_row_without_a_folder_takes_the_number_out_of_all(cast: Cast, seat: Seat) -> None:
    line = cast.subscribers[0]
    move_numbers(seat, Subscriber.objects.filter(pk=line.pk), tree(seat, "a")["a"].pk)
    structure = of(seat, [line.number, None])
    assert remark("moves", structure.rows.get().args) == "Moves from “a”."
    apply(structure, seat)
    assert Subscriber.objects.get(pk=line.pk).folder_id is None


def test_V3_export_and_import_change_nothing(cast: Cast, seat: Seat) -> None:
    names = ["=1+1", "2024", "007", "_x000D_", "ёж & <b>", "é\u200b", "tab\there", "-", "'quoted'", "a\\b", "\u202eabc"]
    made = tree(seat, "Minsk", *(f"Minsk/{name}" for name in names), "Empty")
    for line, name in zip(cast.subscribers, names, strict=False):
        move_numbers(seat, Subscriber.objects.filter(pk=line.pk), made[f"Minsk/{name}"].pk)
    move_numbers(seat, Subscriber.objects.filter(pk=cast.subscribers[0].pk), None)
    before = paths(seat)
    structure = checked(seat, exported(seat))
    assert (structure.fine, structure.refused) == (0, 0)
    assert {"header", "folder_there", "there"} == set(structure.rows.values_list("reason", flat=True))
    assert paths(seat) == before
    # Into an empty tree it makes the same one.
    content = exported(seat)
    placed = dict(Subscriber.objects.values_list("number", "folder__name"))
    move_numbers(seat, Subscriber.objects.within(seat), None)
    Folder.objects.filter(client=cast.company).update(deleted="2026-01-01T00:00Z")
    apply(checked(seat, content), seat)
    assert paths(seat) == before
    assert dict(Subscriber.objects.values_list("number", "folder__name")) == placed


def test_V8_a_seat_of_folders_imports_below_its_own_alone(cast: Cast, seat: Seat) -> None:
    made = tree(seat, "Minsk", "Minsk/Sales", "Minsk/Sales/South", "Brest")
    put(cast.subscribers[0], made["Minsk/Sales"])
    put(cast.subscribers[1], made["Brest"])
    bound = keeper(cast, made["Minsk/Sales"])
    one, two, *_rest = cast.subscribers
    structure = of(
        bound,
        [None, "Mine"],
        [None, "Minsk / Sales"],
        [one.number, ""],
        [two.number, "Sales"],
        [one.number, "Sales/North"],
        [None, "Sales/" + "/".join("123456789ab")],
    )
    assert verdicts(structure) == [
        ("refused", "outside"),
        ("refused", "outside"),
        ("refused", "outside"),
        ("refused", "not_yours"),
        ("fine", "moves"),
        ("refused", "too_deep"),
    ]
    fine = of(bound, [one.number, "sales/North"])
    apply(fine, bound)
    assert Paths.of(seat).path(Subscriber.objects.get(pk=one.pk).folder_id) == "Minsk / Sales / North"


def test_V8_two_folders_of_one_name_that_a_seat_sees_are_told_apart_by_nobody(cast: Cast, seat: Seat) -> None:
    made = tree(seat, "Minsk", "Minsk/Sales", "Brest", "Brest/Sales")
    bound = keeper(cast, made["Minsk/Sales"], made["Brest/Sales"])
    assert verdicts(of(bound, [None, "Sales/North"])) == [("refused", "ambiguous")]


def test_V3_what_changed_since_the_check_stops_it_all_and_is_checked_again(cast: Cast, seat: Seat) -> None:
    made = tree(seat, "a")
    one, two, *_rest = cast.subscribers
    structure = of(seat, [one.number, "a"], [two.number, "b"])
    folders.rename(seat, made["a"].pk, "z")
    with pytest.raises(FolderRefused):
        apply(structure, seat)
    assert "b" not in paths(seat)
    check_again(structure)
    drain([IMPORTS])
    structure.refresh_from_db()
    assert (structure.folders, structure.numbers) == (2, 2)
    apply(structure, seat)
    assert {"a", "b", "z"} <= paths(seat)


def test_V8_a_number_that_left_the_seats_sight_stops_it(cast: Cast, seat: Seat) -> None:
    tree(seat, "a")
    line = cast.subscribers[0]
    structure = of(cast.anna, [line.number, "a"])
    Subscriber.objects.filter(pk=line.pk).update(account=cast.second)
    with pytest.raises(FolderRefused):
        apply(structure, cast.anna)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no workbook", "not_a_workbook"),
        (workbook([]), "empty"),
        (workbook([["375291110001", "a", "b"]]), "third_column"),
        (workbooks.bomb(b" " * 100_000, 1_000), "inflates_too_far"),
        (workbooks.package("", declaration="<!DOCTYPE x>"), "declarations"),
    ],
)
def test_V3_a_file_that_is_not_a_structure_is_refused_as_a_whole(seat: Seat, content: bytes, code: str) -> None:
    structure = checked(seat, content)
    assert structure.stage == StructureImport.Stage.UNREADABLE
    assert FileRefused.read(structure.refusal).code == code
    assert FileRefused.read(structure.refusal).message()
    assert not structure.rows.exists()
    discard(structure)
    assert not StructureImport.objects.exists()


def test_V3_an_old_import_is_removed_with_its_file(cast: Cast, seat: Seat) -> None:
    old = of(seat, [cast.subscribers[0].number, "a"])
    with clock.stopped(clock.now() + dt.timedelta(days=6)):
        prune_imports()
        assert StructureImport.objects.filter(pk=old.pk).exists()
        young = of(seat, [cast.subscribers[1].number, "a"])
    with clock.stopped(clock.now() + dt.timedelta(days=8)):
        prune_imports()
    assert list(StructureImport.objects.all()) == [young]
    assert list(StoredFile.objects.all()) == [young.file]


def test_V8_an_import_is_its_seats_alone(cast: Cast, seat: Seat) -> None:
    structure = of(seat, [cast.subscribers[0].number, "a"])
    assert list(StructureImport.objects.within(seat)) == [structure]
    for other in (cast.anna, cast.stas):
        assert not StructureImport.objects.within(other).exists()
