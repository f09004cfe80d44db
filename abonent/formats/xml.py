"""A report as XML: `docs/formats/report.xsd` has the layout. Values are canonical.

Nothing is lost on the way to another program.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from abonent.formats.report import Cell, Column, Kind, Progress, Report, Section, in_chunks
from abonent.formats.text import Encoder, cached, clean, for_machines

NAMESPACE = "urn:abonent:report:1"
_MACHINE_NAME = re.compile(r"[a-z_][a-z0-9_]*")


def write(report: Report, stream: BinaryIO, progress: Progress) -> None:
    """Write `report`; raises ValueError for a column whose key cannot be an element's name."""
    stream.write(_opening(report).encode())
    done = 0
    for section in report.sections:
        stream.write(_section_opening(section).encode())
        for text, count in _rows(section):
            stream.write(text.encode())
            done += count
            progress(done)
        stream.write((_totals(section) + "</section>\n").encode())
    stream.write(b"</report>\n")


def _opening(report: Report) -> str:
    facts = "".join(
        f"<fact key={_quoted(fact.key)} label={_quoted(fact.label)}>{_escaped(fact.value)}</fact>\n"
        for fact in report.facts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<report xmlns="{NAMESPACE}" kind={_quoted(report.key)} title={_quoted(report.title)}'
        f' language={_quoted(report.language)} formed="{report.formed.isoformat(timespec="seconds")}">\n{facts}'
    )


def _section_opening(section: Section) -> str:
    columns = "".join(
        f'<column key="{_name(column)}" title={_quoted(column.title)} kind="{column.kind.value}"'
        f"{f' digits={quoteattr(str(column.digits))}' if column.kind is Kind.AMOUNT else ''}/>\n"
        for column in section.columns
    )
    return f"<section key={_quoted(section.key)} title={_quoted(section.title)}>\n<columns>\n{columns}</columns>\n"


def _rows(section: Section) -> Iterator[tuple[str, int]]:
    row = "<row>" + "".join(f"<{_name(column)}>%s</{_name(column)}>" for column in section.columns) + "</row>\n"
    encoders = [_encoder(column) for column in section.columns]
    for chunk in in_chunks(section.rows):
        shown = [map(encode, cells) for encode, cells in zip(encoders, zip(*chunk, strict=True), strict=True)]
        yield "".join(map(row.__mod__, zip(*shown, strict=True))), len(chunk)


def _totals(section: Section) -> str:
    row = section.total_row()
    if row is None:
        return ""
    cells = (
        f"<{_name(column)}>{_encoder(column)(cell)}</{_name(column)}>"
        for column, cell in zip(section.columns, row, strict=True)
        if cell is not None and column.kind.numeric
    )
    return f"<totals>{''.join(cells)}</totals>\n"


def _encoder(column: Column) -> Encoder[str]:
    read = for_machines(column)
    if column.kind is Kind.DATETIME:
        return _moment
    if column.kind in {Kind.TEXT, Kind.PHONE}:
        return cached(_escaped)
    return cached(lambda value: escape(read(value)))


def _moment(value: Cell) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else _escaped(value)


def _escaped(value: Cell) -> str:
    return "" if value is None else escape(clean(value))


def _quoted(text: str) -> str:
    return quoteattr(clean(text))


def _name(column: Column) -> str:
    if not _MACHINE_NAME.fullmatch(column.key):
        raise ValueError(f"a column's key must be a plain lower-case name, not {column.key!r}")
    return column.key
