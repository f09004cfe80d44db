"""What a file of a report must say, and what the readers find in it, in a form that can be compared."""

import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from abonent.documents.document import Document
from abonent.documents.writing import write
from abonent.expenses.formats.content import Closing, Opening, Row, Section, Stray, Totals, Value
from abonent.expenses.formats.reading import read
from abonent.formats import report as written
from abonent.formats.report import MEGABYTE, Cell, Column, Kind, Report
from abonent.formats.text import clean

FORMS = ("pdf", "xlsx", "xml", "html", "txt", "csv")
MACHINE = {"xml", "csv", "xlsx"}  # these tell volumes exactly
MAX_CELL = 32_766  # characters of a workbook's cell, before the mark that it was cut


@dataclass(slots=True)
class Table:
    key: str
    title: str
    columns: list[str]
    rows: list[tuple[Value, ...]] = field(default_factory=list)
    totals: tuple[Value, ...] | None = None


@dataclass(slots=True)
class Taken:
    opening: Opening
    tables: list[Table] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)
    closing: Closing | None = None


def taken(data: bytes, zone: dt.tzinfo) -> Taken:
    items = read(io.BytesIO(data), zone)
    opening = next(items)
    assert isinstance(opening, Opening)
    found = Taken(opening)
    for item in items:
        match item:
            case Section():
                found.tables.append(Table(item.key, item.title, [column.key for column in item.columns]))
            case Row():
                found.tables[-1].rows.append(item.values)
            case Totals():
                assert found.tables[-1].totals is None
                found.tables[-1].totals = item.values
            case Stray():
                found.strays.append(item)
            case Closing():
                found.closing = item
    assert found.closing
    assert found.closing.rows == sum(len(table.rows) for table in found.tables)
    return found


def bytes_of(document: Document, form: str) -> bytes:
    stream = io.BytesIO()
    write(document, form, stream, lambda _rows: None)
    return stream.getvalue()


def frozen(report: Report) -> Report:
    """The report with its rows read, so that it can be written again and again."""
    sections = []
    for section in report.sections:
        rows = list(section.rows)
        sections.append(written.Section(section.key, section.title, section.columns, rows, section.total_row()))
    return Report(report.key, report.title, report.language, report.facts, tuple(sections), report.formed)


def assert_same(found: Table, wanted: written.Section, form: str) -> None:
    """The same lines with the same values, and the same totals, as far as the format tells them."""
    rows = list(wanted.rows)
    assert len(found.rows) == len(rows)
    assert found.columns == [column.key for column in wanted.columns]
    for values, row in zip(found.rows, rows, strict=True):
        assert_row(values, row, wanted.columns, form)
    totals = wanted.total_row()
    assert (found.totals is None) == (totals is None)
    if found.totals is not None and totals is not None:
        if form == "xml":
            totals = tuple(
                cell if column.kind.numeric else None for column, cell in zip(wanted.columns, totals, strict=True)
            )
        assert_row(found.totals, totals, wanted.columns, form)


def assert_row(values: Iterable[Value], row: written.Row, columns: tuple[Column, ...], form: str) -> None:
    for value, cell, column in zip(values, row, columns, strict=True):
        assert agrees(value, cell, column, form), (form, column.key, value, cell)


def agrees(value: Value, cell: Cell, column: Column, form: str) -> bool:  # noqa: PLR0911  # a kind of value, a rule
    """Whether a value read is the one that was written."""
    if cell is None or cell == "":
        return value is None
    match column.kind, cell:
        case Kind.AMOUNT, Decimal() | int():
            return isinstance(value, Decimal) and value == Decimal(f"{cell:.{column.digits}f}")
        case Kind.INTEGER, int():
            return value == cell
        case Kind.DURATION, int():
            return value == dt.timedelta(seconds=cell)
        case Kind.VOLUME, int():
            return isinstance(value, int) and abs(value - cell) <= (0 if form in MACHINE else MEGABYTE // 2000)
        case Kind.DATETIME, dt.datetime():
            same = isinstance(value, dt.datetime) and value == cell.replace(microsecond=0)
            return same and isinstance(value, dt.datetime) and value.utcoffset() == cell.utcoffset()
        case Kind.DATE, dt.date():
            return value == cell
        case _:
            return isinstance(value, str | None) and text_agrees(value or "", str(cell), column, form)


def text_agrees(value: str, cell: str, column: Column, form: str) -> bool:
    """A text is what was written; a page cuts it to its width and may lack a character, a workbook has its bounds."""
    wanted = clean(cell)
    if column.kind is Kind.PHONE and re.fullmatch(r"\+[\d\s\-()./]+", wanted):
        wanted = "".join(filter(str.isdigit, wanted))
    if form == "txt":
        return value == re.sub(" +", " ", wanted).strip()
    if form == "xlsx" and value != wanted:
        return value.endswith("…") and len(value) == MAX_CELL + 1 and wanted.startswith(value[:-1])
    if form == "pdf":
        return paper_agrees(value, wanted)
    return value == wanted


def paper_agrees(value: str, wanted: str) -> bool:
    shown, cut = (value[:-1], True) if value.endswith("…") and not wanted.endswith("…") else (value, False)
    pattern = "".join("." if one == "\ufffd" else re.escape(one) for one in _tight(shown))
    found = (re.match if cut else re.fullmatch)(pattern, _tight(wanted), re.DOTALL)
    return found is not None


def _tight(text: str) -> str:
    """Without spaces: a cover wraps a long name within its column, within a long word too."""
    return "".join(text.split())
