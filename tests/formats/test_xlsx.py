import io
import time
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from abonent.formats import xlsx_sheet
from abonent.formats.report import Column, Kind, Report, Section
from tests.formats.sample import COLUMNS, EMPTY, FORMED, ROW, names, report, written


def sheets(data: bytes) -> Sequence[Worksheet]:
    return list(openpyxl.load_workbook(io.BytesIO(data)))


def test_S7_values_come_back_with_their_types() -> None:
    sheet = sheets(
        written("xlsx", report([ROW, EMPTY], totals=("Итого", None, 5, Decimal("0.10"), None, None, 60, None)))
    )[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == tuple(column.title for column in COLUMNS)
    assert rows[2] == (
        "Іваноў Ян",
        "375291234567",
        1234,
        1234567.5,
        datetime(2026, 10, 31),  # noqa: DTZ001  # a workbook knows no zones
        datetime(2026, 10, 31, 23, 59, 59),  # noqa: DTZ001  # likewise
        timedelta(hours=27, minutes=3, seconds=5),
        1536,
    )
    assert set(rows[3]) == {None}
    assert rows[4][2:4] == (5, 0.1)
    assert sheet["A5"].font.bold


def test_S7_the_header_is_frozen_and_filtered() -> None:
    sheet = sheets(written("xlsx", report([ROW] * 3, totals=EMPTY)))[0]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H5"
    assert sheet.column_dimensions["A"].width > 20


def test_S7_the_heading_stands_on_the_last_sheet() -> None:
    last = sheets(written("xlsx", report([ROW])))[-1]
    assert [tuple(row) for row in last.iter_rows(values_only=True)][1:] == [
        ("Клиент", "ООО «Пример»"),
        ("Лицевой счёт", "00020123456"),
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "http://example.org", " a ", "<b>&"]
)
def test_S7_text_is_never_a_formula_or_a_link(text: str) -> None:
    cell = sheets(written("xlsx", names(text)))[0]["A3"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_S7_a_text_keeps_within_a_cell() -> None:
    assert len(str(sheets(written("xlsx", names("ы" * 40_000)))[0]["A3"].value)) == 32_767


def test_S7_a_number_beyond_fifteen_digits_stays_exact_as_text() -> None:
    columns = (Column("n", "N", Kind.INTEGER, 20),)
    assert sheets(written("xlsx", report([(12345678901234567890,)], columns)))[0]["A3"].value == "12345678901234567890"


def test_S7_rows_go_on_on_a_further_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_sheet, "MAX_ROWS", 100)
    found = sheets(written("xlsx", report([ROW] * 250)))
    assert [sheet.max_row for sheet in found[:3]] == [100, 100, 54]
    assert [sheet["A1"].value for sheet in found[:3]] == ["Имя"] * 3


def test_S7_sections_with_the_same_columns_share_a_sheet() -> None:
    sections = [Section("a", f"Раздел/{index}", COLUMNS, [ROW]) for index in range(3)]
    sections.append(Section("b", "Раздел/0", COLUMNS[:2], [ROW[:2]]))
    content = Report("x", "Список", "ru", (), sections, FORMED)
    found = sheets(written("xlsx", content))
    assert [sheet.title for sheet in found[:2]] == ["Раздел 0", "Раздел 0 2"]
    assert found[0].max_row == 7


def test_S7_a_day_before_march_1900_is_text() -> None:
    columns = (Column("d", "D", Kind.DATE, 10),)
    assert sheets(written("xlsx", report([(date(1899, 1, 2),)], columns)))[0]["A3"].value == "1899-01-02"


def test_S7_text_that_looks_like_an_escape_is_kept() -> None:
    with zipfile.ZipFile(io.BytesIO(written("xlsx", names("_x000D_")))) as archive:
        assert b">_x005F_x000D_<" in archive.read("xl/worksheets/sheet1.xml")


def test_S7_the_file_is_the_same_each_time() -> None:
    assert written("xlsx", report([ROW])) == written("xlsx", report([ROW]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec=None, categories=None), max_size=60), max_size=20))
def test_S7_no_name_makes_a_broken_file(texts: list[str]) -> None:
    sheet = sheets(written("xlsx", names(*texts)))[0]
    assert sheet.max_row <= 2 + len(texts)


def test_S5_thousands_of_short_sections_cost_no_more_than_their_rows() -> None:
    sections = (Section("s", f"Абонент {index}", COLUMNS, [ROW], ROW) for index in range(2000))
    start = time.process_time()
    written("xlsx", Report("x", "Список", "ru", (), sections, FORMED))
    assert time.process_time() - start < 10, "a totals row once cost 80 ms"
