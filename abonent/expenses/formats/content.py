"""What a document says once it is taken apart: plain typed values, one item after the other, in the file's order.

`Opening`, then for each table a `Section`, its `Row`s and at most one `Totals`, at last `Closing`. What could not be
understood comes as `Stray` where it stood.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

Value = str | int | Decimal | date | datetime | timedelta | None


class Holds(StrEnum):
    """What the values of a column are. A cell that holds something else stays the text that it is."""

    TEXT = "text"
    PHONE = "phone"  # digits with the country code; what is no number (a sender's name) is text
    INTEGER = "integer"
    AMOUNT = "amount"  # Decimal
    DATE = "date"
    DATETIME = "datetime"  # aware
    DURATION = "duration"  # timedelta
    VOLUME = "volume"  # int, bytes; to the nearest of 1/1000 MB where the format shows megabytes


class Form(StrEnum):
    PDF = "pdf"
    XLSX = "xlsx"
    XML = "xml"
    UBL = "ubl"  # the invoice for programs
    HTML = "html"
    TXT = "txt"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is empty where the title is not known: the column is there, what it means is not."""

    key: str
    title: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the heading; `key` is empty where the label is not known."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Opening:
    """What stands above the tables. Empty or None is what the format does not tell.

    `kind` is a kind of document as its XML names it, found by title and tables elsewhere; a CSV has no title.
    """

    form: Form
    kind: str = ""
    title: str = ""
    language: str = ""
    formed: datetime | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A table begins. `key` names its layout in its kind of document; empty for one that is not known."""

    key: str
    title: str
    columns: tuple[Column, ...]


class Row(NamedTuple):
    """A line of the table, as many values as it has columns."""

    values: tuple[Value, ...]


class Totals(NamedTuple):
    """The table's last line. XML tells figures alone, so the label of the line is missing there."""

    values: tuple[Value, ...]


class Stray(NamedTuple):
    """What was not understood, and where it stood (`line 7`, `page 3`)."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Closing:
    """The end was reached; a file that breaks off before has none. `formed` where it stands at the end."""

    rows: int
    formed: datetime | None = None


Item = Opening | Section | Row | Totals | Stray | Closing


class Why(StrEnum):
    UNKNOWN = "unknown"  # none of the formats
    BROKEN = "broken"
    LOCKED = "locked"  # by a password
    DECLARATIONS = "declarations"  # a document type or entities, which no document of ours has
    TOO_LARGE = "too_large"


class Unreadable(Exception):  # noqa: N818  # it is a refusal with a reason, told to a person
    """A file that is not read, or not further; what came before it must not be kept."""

    def __init__(self, why: Why, place: str = "") -> None:
        super().__init__(f"{why.value} {place}".strip())
        self.why = why
        self.place = place
