import io
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwt
from django.utils.translation import override
from hypothesis import example, given, settings
from hypothesis import strategies as st

from abonent.formats.workbook import Limits, Reason, WorkbookRefused, is_rounded, read_column, read_rows
from tests.formats.sample import names, written
from tests.formats.workbooks import bomb, numbers, package, with_forged_sizes

FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BILLION = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
FOREIGN = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
NAMED_OFTEN = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 100_001))
HOSTILE = {
    "far cell": (package(FAR), Reason.TOO_MANY_COLUMNS),
    "far row": (package('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), Reason.TOO_MANY_ROWS),
    "entities": (package("", declaration=BILLION), Reason.DECLARATIONS),
    "foreign entity": (package("", declaration=FOREIGN), Reason.DECLARATIONS),
    "spaces": (bomb(b" " * 1024, 300_000), Reason.INFLATES_TOO_FAR),
    "empty cells": (bomb(b"<row>" + b"<c/>" * 200 + b"</row>", 60_000), Reason.TOO_COMPLEX),
    "long text": (package('<row r="1"><c r="A1"><v>' + "1" * 50_000 + "</v></c></row>"), Reason.TEXT_TOO_LONG),
    "long tag": (package(b"<worksheet " + b"a" * 4_000_000), Reason.TOO_COMPLEX),
    "small sizes": (with_forged_sizes(bomb(b" " * 1024, 30_000), 100), Reason.BROKEN),
    "too deep": (package(b"<worksheet>" + b"<a>" * 1_000_000), Reason.TOO_COMPLEX),
    "unclosed": (package(b"<worksheet><sheetData><row>"), Reason.BROKEN),
    "no workbook": (b"PK\x03\x04 not really", Reason.BROKEN),
    "text": (b"375291234567\n", Reason.NOT_A_WORKBOOK),
    "nothing": (b"", Reason.NOT_A_WORKBOOK),
    "broken xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, Reason.NOT_A_WORKBOOK),
    "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED),
    "no cells": (package('<row r="1"><c r="A1"/></row>'), Reason.EMPTY),
    "one string named often": (
        package(NAMED_OFTEN, strings=f"<si><t>{'9' * 30_000}</t></si>"),
        Reason.INFLATES_TOO_FAR,
    ),
    "a string longer than a cell": (
        package(NAMED_OFTEN, strings=f"<si><t>{'9' * 5_000_000}</t></si>"),
        Reason.TEXT_TOO_LONG,
    ),
    "missing string": (package('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), Reason.BROKEN),
}
READ_IN_A_CHILD = """
import resource
import sys
import time
from pathlib import Path
from abonent.formats.workbook import WorkbookRefused, read_column
start = time.process_time()
try:
    list(read_column(Path(sys.argv[1])))
except WorkbookRefused as refusal:
    print(refusal.reason.value)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
children = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.process_time() - start + children.ru_utime + children.ru_stime)
"""


def read(data: bytes, limits: Limits | None = None) -> list[tuple[int, list[tuple[int, str]]]]:
    return list(read_column(data, limits))


def excel(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("A", 0)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def old_excel(*rows: Sequence[object]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for index, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(index, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("make", [excel, old_excel])
def test_S5_numbers_come_as_exact_digits_with_their_rows(make: Callable[..., bytes]) -> None:
    data = make(["Номер"], [375291234567], [375291234567.0], ["+375 29 123-45-67"], [""], ["a", 2.5])
    assert read(data) == [
        (1, [(0, "Номер")]),
        (2, [(0, "375291234567")]),
        (3, [(0, "375291234567")]),
        (4, [(0, "+375 29 123-45-67")]),
        (6, [(0, "a"), (1, "2.5")]),
    ]


@pytest.mark.parametrize("make", [excel, old_excel])
def test_S14_a_number_of_which_excel_has_lost_digits_says_so(make: Callable[..., bytes]) -> None:
    (row,) = read(make([8937501000000000017, 893750100000001]))
    assert row == (1, [(0, "8.93750100000000E+18"), (1, "893750100000001")])
    assert [is_rounded(cell) for _place, cell in row[1]] == [True, False]


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("3.75291234567E11", "375291234567"),
        ("375291234567.0", "375291234567"),
        ("0.10", "0.1"),
        ("1E999", "1E999"),
        ("x", "x"),
    ],
)
def test_S5_a_float_is_its_digits(raw: str, shown: str) -> None:
    assert read(package(numbers([raw]))) == [(1, [(0, shown)])]


def test_S5_shared_and_rich_strings_are_read() -> None:
    strings = "<si><t>один</t></si><si><r><t>дв</t></r><r><t>а</t></r><rPh><t>x</t></rPh></si>"
    cells = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>три</t></is></c></row>'
    assert read(package(cells, strings)) == [(1, [(0, "один"), (1, "два"), (2, "три")])]


def test_S5_a_file_that_this_product_wrote_is_read() -> None:
    assert read(written("xlsx", names("Ян", "_x000D_a")))[2:] == [(3, [(0, "Ян")]), (4, [(0, "_x000D_a")])]


def test_S15_1_sizes_that_a_file_claims_are_not_asked() -> None:
    assert read(with_forged_sizes(package(numbers(["1"])), 2**31)) == [(1, [(0, "1")])]


def test_S15_1_an_old_workbook_with_a_far_cell_kills_only_the_child() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    sheet.write(0, 0, 1)
    sheet.write(65535, 255, 1)
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(WorkbookRefused) as refusal:
        read(stream.getvalue())
    assert refusal.value.reason is Reason.TOO_COMPLEX


@pytest.mark.parametrize("case", HOSTILE)
def test_S15_1_a_hostile_file_is_refused_with_its_reason(case: str) -> None:
    data, reason = HOSTILE[case]
    with pytest.raises(WorkbookRefused) as refusal:
        read(data)
    assert refusal.value.reason is reason


@pytest.mark.parametrize("case", HOSTILE)
def test_S15_1_a_hostile_file_costs_little(case: str, tmp_path: Path) -> None:
    data, reason = HOSTILE[case]
    path = tmp_path / "upload"
    path.write_bytes(data)
    command = [sys.executable, "-c", READ_IN_A_CHILD, str(path)]
    answer, peak, seconds = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()  # noqa: S603  # this test's own program
    assert answer == reason.value
    assert int(peak) < 200
    assert float(seconds) < 2, "of processor time, so that a busy machine does not matter"


def test_S15_1_the_answer_names_the_cell() -> None:
    with pytest.raises(WorkbookRefused) as refusal:
        read(package(FAR))
    assert (refusal.value.row, refusal.value.column) == (1048576, 16383)
    with override("en"):
        assert "XFD1048576" in refusal.value.message()


def test_S15_1_every_reason_says_what_to_do() -> None:
    messages = {WorkbookRefused(reason).message() for reason in Reason}
    assert len(messages) == len(Reason)


def test_S15_1_more_rows_than_allowed_are_refused_at_the_row() -> None:
    data = package(numbers(["1"] * 12))
    assert len(read(data, Limits(rows=11))) == 12
    with pytest.raises(WorkbookRefused) as refusal:
        read(data, Limits(rows=10))
    assert (refusal.value.reason, refusal.value.row) == (Reason.TOO_MANY_ROWS, 12)
    with pytest.raises(WorkbookRefused) as refusal:
        read(old_excel(*[["1"]] * 12), Limits(rows=10))
    assert refusal.value.reason is Reason.TOO_MANY_ROWS


def test_S15_1_a_file_beyond_the_size_is_not_even_opened() -> None:
    with pytest.raises(WorkbookRefused) as refusal:
        read(excel(["1"]), Limits(bytes=100))
    assert refusal.value.reason is Reason.FILE_TOO_LARGE


def test_S15_1_a_hundred_thousand_rows_are_read() -> None:
    data = package(numbers(str(375290000000 + index) for index in range(100_000)))
    start = time.process_time()
    assert len(read(data)) == 100_000
    assert time.process_time() - start < 5


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000))
@example(b"\xd3", 1320)  # an offset that lies before the file
def test_S15_1_damage_anywhere_is_a_refusal_or_a_list(noise: bytes, at: int) -> None:
    data = package(numbers(["375291234567"] * 20))
    try:
        read(data[:at] + noise + data[at + len(noise) :])
    except WorkbookRefused as refusal:
        assert refusal.message()  # noqa: PT017  # either outcome is right, anything else is not


def test_S15_3_a_hundred_thousand_numbers_with_three_names_each_are_read() -> None:
    """None of the names twice: Excel keeps each of them as a shared string."""
    many = 100_000
    strings = "".join(f"<si><t>N{place}</t></si>" for place in range(3 * many))
    cell = '<c r="{}{}" t="s"><v>{}</v></c>'
    rows = "".join(
        f'<row r="{place + 1}"><c r="A{place + 1}"><v>{375290000000 + place}</v></c>'
        + "".join(cell.format(letter, place + 1, 3 * place + at) for at, letter in enumerate("BCD"))
        + "</row>"
        for place in range(many)
    )
    last = list(read_rows(io.BytesIO(package(rows, strings=strings)), Limits()))[-1]
    assert last == (many, [(0, "375290099999"), (1, "N299997"), (2, "N299998"), (3, "N299999")])


def test_what_is_no_character_by_itself_is_replaced() -> None:
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>1_xD800_2_x0000_3_x0436_</t></is></c></row>'
    assert read(package(cell)) == [(1, [(0, "1\ufffd2\ufffd3ж")])]
    shared = package('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', strings="<si><t>_xDC00_1</t></si>")
    assert read(shared) == [(1, [(0, "\ufffd1")])]


def test_a_long_text_in_many_cells_of_an_xls_is_refused() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for row in range(3000):
        sheet.write(row, 0, "ж" * 6000)
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(WorkbookRefused) as refused:
        read(stream.getvalue())
    assert refused.value.reason == Reason.INFLATES_TOO_FAR
