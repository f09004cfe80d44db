"""What stands between a kind of document, which collects, and a format, which writes: typed rows, read once, lazily.

A kind yields sections whose rows are tuples of plain values; a format knows nothing but this file.
`None` is an empty cell in every column.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import BinaryIO

Cell = str | int | Decimal | date | datetime | None
Row = tuple[Cell, ...]
Progress = Callable[[int], None]

MEGABYTE = 1024 * 1024


class Kind(StrEnum):
    """What a value is, and so how each format shows it."""

    TEXT = "text"
    PHONE = "phone"  # a string of digits with the country code; what is not digits (a sender's name) is shown as it is
    INTEGER = "integer"
    AMOUNT = "amount"  # Decimal, shown with the column's `digits`
    DATE = "date"
    DATETIME = "datetime"  # aware, already in the zone in which it is to be read
    DURATION = "duration"  # int, seconds
    VOLUME = "volume"  # int, bytes; people see megabytes of 1024 × 1024

    @property
    def numeric(self) -> bool:
        return self in _NUMERIC


_NUMERIC = {Kind.INTEGER, Kind.AMOUNT, Kind.DURATION, Kind.VOLUME}


@dataclass(frozen=True, slots=True)
class Column:
    """`key`: ASCII name that machines read (an XML element's name); `width`: characters that usually fit."""

    key: str
    title: str
    kind: Kind
    width: int
    digits: int = 2


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the heading: «Account: 00020123456»."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table. `totals`, if given, is a row, or a callable that is asked for it once the rows have been read."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    totals: Row | Callable[[], Row | None] | None = None

    def total_row(self) -> Row | None:
        return self.totals() if callable(self.totals) else self.totals


@dataclass(frozen=True, slots=True)
class Report:
    """A document that is tables. `language` is that of its texts (en, ru, be); `formed` is aware and local.

    `pages_before` is what a format with pages counts on from: of an annex, the pages that it follows.
    """

    key: str
    title: str
    language: str
    facts: tuple[Fact, ...]
    sections: Iterable[Section]
    formed: datetime
    pages_before: int = 0


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a report. `write` streams in constant memory and calls `progress` with the rows written so far."""

    extension: str
    mime: str
    label: str
    write: Callable[[Report, BinaryIO, Progress], None]


def in_chunks(rows: Iterable[Row], size: int = 512) -> Iterator[list[Row]]:
    """The rows in lists of at most `size`, so that a column of a chunk can be formatted by one C loop."""
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
