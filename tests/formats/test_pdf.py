import io
import itertools
from collections.abc import Iterator
from decimal import Decimal

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abonent.formats.report import Column, Kind, Report, Row, Section
from tests.formats.sample import COLUMNS, EMPTY, FORMED, ROW, names, pages_of, report, written


def check(data: bytes) -> None:
    with pikepdf.open(io.BytesIO(data)) as document:
        assert document.check_pdf_syntax() == []


def test_S5_every_kind_of_value_is_shown_for_people() -> None:
    data = written("pdf", report([ROW, EMPTY]))
    check(data)
    (text,) = pages_of(data)
    for shown in ["Іваноў Ян", "+375 29 123-45-67", "31.10.2026 23:59:59", "27:03:05", "ООО «Пример»", "00020123456"]:
        assert shown in text


def test_S5_grouped_numbers_are_copied_as_numbers() -> None:
    (text,) = pages_of(written("pdf", report([ROW])))
    assert "1234567,50" in text
    assert "1536,000" in text


def test_S5_page_numbers_tell_the_total_and_the_header_repeats() -> None:
    data = written("pdf", report(itertools.repeat(ROW, 200)))
    check(data)
    pages = pages_of(data)
    assert len(pages) > 3
    for number, text in enumerate(pages, start=1):
        assert f"{number} " in text
        assert str(len(pages)) in text
        assert "Вызовов" in text
    assert sum(text.count("+375 29 123-45-67") for text in pages) == 200


def test_S5_totals_stand_after_the_last_row_and_are_asked_for_after_the_rows() -> None:
    seen: list[int] = []

    def rows() -> Iterator[Row]:
        for index in range(3):
            seen.append(index)
            yield ROW

    def totals() -> Row:
        return ("Итого", None, len(seen), *EMPTY[3:])

    section = Section("all", "", COLUMNS, rows(), totals)
    (text,) = pages_of(written("pdf", Report("x", "Список", "ru", (), (section,), FORMED)))
    assert "3" in text[text.index("Итого") :].split()
    assert text.index("Итого") > text.rindex("Іваноў")


def test_S5_the_same_report_gives_the_same_bytes() -> None:
    assert written("pdf", report([ROW] * 50)) == written("pdf", report([ROW] * 50))


def test_S5_a_long_name_is_cut_and_a_long_number_is_not() -> None:
    columns = (Column("name", "Имя", Kind.TEXT, 10), Column("net", "Сумма", Kind.AMOUNT, 5), *COLUMNS[2:])
    row = ("Слово " * 40, Decimal("123456789012.34"), *ROW[2:])
    (text,) = pages_of(written("pdf", report([row], columns)))
    assert "…" in text
    assert "123456789012,34" in text


@pytest.mark.parametrize(
    "name", ["Ωμέγα Ђорђе", "Հայկ ქართული", "שלום", "漢字", "😀 smile", "(\\)\r\n\t", "Ѝ\u0428\u010d\u0a0d"]
)
def test_S5_any_script_is_shown_or_replaced_and_never_fails(name: str) -> None:
    data = written("pdf", names(name))
    check(data)
    assert len(pages_of(data)) == 1


def test_S5_characters_that_inter_lacks_come_from_the_second_font() -> None:
    (text,) = pages_of(written("pdf", names("Հայկ и Ђорђе")))
    assert "Հայկ" in text
    assert "Ђорђе" in text


def test_S5_an_empty_report_is_a_page() -> None:
    data = written("pdf", report([]))
    check(data)
    assert len(pages_of(data)) == 1


# Few files of many names: a file costs its fonts, whatever it says.
@settings(max_examples=6, deadline=None)
@given(st.lists(st.text(st.characters(codec=None, categories=None), max_size=60), max_size=120))
def test_S5_no_name_makes_a_broken_file(texts: list[str]) -> None:
    check(written("pdf", names(*texts)))
