"""Whatever a cell holds, it comes back as what it is, and nothing beside it moves (V5; bad input)."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.utils.translation import gettext, override
from hypothesis import given, settings
from hypothesis import strategies as st

from abonent.documents.document import Document
from abonent.expenses.formats.columns_txt import _NARROW, _places
from abonent.expenses.formats.content import Holds
from abonent.expenses.formats.layouts import LAYOUTS, Layout
from abonent.formats.report import Column, Fact, Kind, Report, Row, Section
from tests.expenses.taken_apart import FORMS, assert_same, bytes_of, taken

MINSK = dt.timezone(dt.timedelta(hours=3))
FORMED = dt.datetime(2026, 11, 3, 9, 5, 7, tzinfo=MINSK)
HOSTILE = [
    "a;b", 'say "so"', "two\nlines\r\n\tthree", "=1+1", "'=1+1", "''+x", "'quoted'", "+375291234567", "-5",
    "@sum", "|x", "%0",
    "<b>&amp;</b> ]]> <!-- -->", "<!DOCTYPE x>", "שלום עולם", "\u202eevil\u202c", "😀 smile",
    "漢字 wide", "e\u0301 \u0301start",
    "_x000D_ _x0041_", "two  spaces   three", "-----------------------", "----  ----", " ends with spaces  ", "\u00a0",
    "…", "1\u00a0234,50",
    "31.10.2026", "0001", "12,05", "Total", "Итого", "(a) \\ (b", "\x00\x1f\x7f", "x" * 400,
    "слово " * 6000, "null", "{}", "''",
]  # fmt: skip
AT = dt.datetime(2026, 10, 31, 23, 59, 59, tzinfo=MINSK)
VALUES: dict[Holds, list[str | int | Decimal | dt.date | None]] = {
    Holds.PHONE: ["375291234567", "4930123456", "DNS-SHOP", "+375291234567", None, "37533*****12"],
    Holds.INTEGER: [0, 1234567, -1, None],
    Holds.AMOUNT: [Decimal("1234567.50"), Decimal("-0.01"), Decimal(0), Decimal("999999999999.99"), None],
    Holds.DATE: [dt.date(2026, 10, 31), dt.date(1899, 1, 1), None],
    Holds.DATETIME: [AT, AT.replace(hour=0, minute=0, second=0), None],
    Holds.DURATION: [0, 59, 97385, 360000, None],
    Holds.VOLUME: [0, 1, 1610612736, 10**12 + 7, None],
}


def document(layout: Layout, rows: list[Row], language: str = "ru") -> Document:
    """The rows as a document of the layout's kind."""
    with override(language):
        columns = tuple(Column(key, gettext(title), Kind(holds.value), 14) for key, title, holds in layout.fields)
        title = gettext(layout.title) if layout.title else ""
        totals = None
        if layout.totals:
            figures = [5 if column.kind.numeric else None for column in columns]
            place = next(
                at for at, column in enumerate(columns) if column.kind is Kind.TEXT or column.kind is Kind.PHONE
            )
            totals = tuple(gettext("Total") if at == place else figure for at, figure in enumerate(figures))
        facts = (Fact("client", gettext("Client"), 'ООО «Пример»; "и" <сыновья>'),)
        section = Section(layout.key, title, columns, rows, totals)
        return Document(Report(layout.kinds[0], "Документ", language, facts, (section,), FORMED), len(rows))


def rows_of(layout: Layout, texts: list[str]) -> list[Row]:
    """As many rows as texts, with each text in each column of text, and every value of the other columns."""
    cells = []
    for place, (_, _, holds) in enumerate(layout.fields):
        source = texts[place % len(texts) :] + texts[: place % len(texts)] if holds is Holds.TEXT else VALUES[holds]
        cells.append(itertools.islice(itertools.cycle(source), len(texts)))
    return list(zip(*cells, strict=True))


def check(layout: Layout, rows: list[Row], form: str, language: str = "ru") -> None:
    made = document(layout, rows, language)
    found = taken(bytes_of(made, form), MINSK)
    (section,), (table,) = list(made.report.sections), found.tables
    assert_same(table, section, form)
    assert found.strays == []
    assert [fact.value for fact in found.opening.facts] == ([] if form == "csv" else [made.report.facts[0].value])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: f"{layout.kinds[0]}-{layout.key}")
def test_V5_a_hostile_cell_stays_what_it_is(layout: Layout, form: str) -> None:
    check(layout, rows_of(layout, HOSTILE), form)


@pytest.mark.parametrize("form", FORMS)
def test_V5_an_empty_table_and_empty_rows_are_told(form: str) -> None:
    layout = next(layout for layout in LAYOUTS if layout.key == "subscribers" and not layout.title)
    check(layout, [], form)
    empty: Row = (None,) * len(layout.fields)
    check(layout, [empty, *rows_of(layout, ["x"]), empty, empty], form, "be")


@pytest.mark.parametrize("form", FORMS)
def test_V5_a_long_table_goes_over_pages_and_loses_no_row(form: str) -> None:
    layout = next(layout for layout in LAYOUTS if layout.key == "calls")
    rows: list[Row] = [
        (f"37529{1_000_000 + n}", AT, "out", None, f"line {n}", None, n, None, n, Decimal(n)) for n in range(150)
    ]
    check(layout, rows, form, "en")


def test_V5_a_page_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abonent.expenses.formats.page_html._PART", 2_000)
    monkeypatch.setattr("abonent.expenses.formats.page_html._PIECE", 500)
    for layout in LAYOUTS[:3]:
        check(layout, rows_of(layout, HOSTILE[:20] * 3), "html")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(codec=None, categories=None), max_size=40), min_size=1, max_size=6))
def test_V5_any_text_comes_back(texts: list[str]) -> None:
    layout = next(layout for layout in LAYOUTS if layout.key == "bookings")
    rows: list[Row] = [(dt.date(2026, 10, 1), text, Decimal(1), None) for text in texts]
    for form in ("xml", "csv", "txt", "html", "xlsx"):
        check(layout, rows, form)


def test_what_counts_as_narrow_takes_one_place_of_a_line() -> None:
    narrow = [character for character in map(chr, range(0x20, 0x3000)) if _NARROW.fullmatch(character)]
    assert {_places(character) for character in narrow} == {1}
