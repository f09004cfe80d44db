"""TXT: columns as wide as the dashes beneath their titles, two spaces between; a longer cell moves what follows it."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import accumulate
from typing import BinaryIO

from abonent.expenses.formats.bounded import lines
from abonent.expenses.formats.content import Closing, Fact, Form, Item, Opening, Unreadable, Why
from abonent.expenses.formats.matching import fact, kind_of, match
from abonent.expenses.formats.table import Cells
from abonent.expenses.formats.values import moment

BETWEEN = "  "
EMPTY_ROW = "\u00a0"
_RULE = re.compile(r"-+(?:  -+)*")
# Latin, Greek, Cyrillic, general punctuation, currency signs: each takes one column of the page.
_NARROW = re.compile(
    r"[\x20-\u02ff\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u202f-\u205e\u20a0-\u20a8\u20aa-\u20bf\u2116]*"
)


def read(stream: BinaryIO, zone: tzinfo) -> Iterator[Item]:
    """The document, line by line; the moment when it was formed is its last line."""
    yield from _Reading(stream, zone).items()


@dataclass(frozen=True, slots=True)
class _Heading:
    """The titles of a table, and for each column the number of places that it takes."""

    title: str
    heads: list[str]
    rule: str

    @property
    def widths(self) -> list[int]:
        return [len(dashes) for dashes in self.rule.split(BETWEEN)]


class _Reading:
    def __init__(self, stream: BinaryIO, zone: tzinfo) -> None:
        self._lines = (line.rstrip("\r\n") for line in lines(stream))
        self._zone = zone
        self._number = 0
        self._rows = 0
        self._formed: datetime | None = None

    def items(self) -> Iterator[Item]:
        title, blank, facts = self._next() or "", self._next(), list[Fact]()
        if not title or blank != "":
            raise Unreadable(Why.UNKNOWN)
        while line := self._next():
            label, _, value = line.partition(BETWEEN)
            facts.append(fact(label, value.strip(" ")))
        heading, opened = self._heading(), False
        while heading:
            found = match(heading.title, heading.heads)
            if not opened:
                opened = True
                yield Opening(Form.TXT, kind_of(title, found.kinds), title, found.language, None, tuple(facts))
            yield found.section
            yield from self._table(Cells(found.section, self._zone), heading)
            heading = self._heading()
        if not opened:
            yield Opening(Form.TXT, "", title, "", None, tuple(facts))
        yield Closing(self._rows, self._formed)

    def _next(self) -> str | None:
        self._number += 1
        return next(self._lines, None)

    def _heading(self) -> _Heading | None:
        """What follows an empty line: the next table, or the file's last line."""
        first, second = self._next(), self._next()
        if first is not None and second is None:
            formed = moment(first, self._zone)
            self._formed = formed if isinstance(formed, datetime) else None
            if self._formed:
                return None
        elif first is not None and second is not None and _RULE.fullmatch(second):
            return _Heading("", split(first, second), second)
        elif first is not None and second == "":
            heads, rule = self._next(), self._next()
            if heads is not None and rule is not None and _RULE.fullmatch(rule):
                return _Heading(first, split(heads, rule), rule)
        raise Unreadable(Why.UNKNOWN if not self._rows else Why.BROKEN, f"line {self._number}")

    def _table(self, cells: Cells, heading: _Heading) -> Iterator[Item]:
        """The rows up to the empty line after the table. A rule stands above the totals."""
        widths, rule = heading.widths, heading.rule
        while line := self._next():
            if line == rule:
                yield cells.totals(cells_of((self._next() or "").rstrip(EMPTY_ROW), widths))
            else:
                self._rows += 1
                yield cells.row(cells_of(line.rstrip(EMPTY_ROW), widths))


def split(heads: str, rule: str) -> list[str]:
    return cells_of(heads, [len(dashes) for dashes in rule.split(BETWEEN)])


def cells_of(line: str, widths: Sequence[int]) -> list[str]:
    """The cells of a line, without the spaces that fill them up; the last one has all that is left."""
    return _narrow_cells(line, widths) if _NARROW.fullmatch(line) else _wide_cells(line, widths)


def _narrow_cells(line: str, widths: Sequence[int]) -> list[str]:
    cells, at = [], 0
    for width in widths[:-1]:
        end = at + width
        if line[end : end + 2] != BETWEEN:
            end = line.find(BETWEEN, end)
            end = len(line) if end < 0 else end
        cells.append(line[at:end].strip(" "))
        at = end + 2
    cells.append(line[at:].strip(" "))
    return cells


def _wide_cells(line: str, widths: Sequence[int]) -> list[str]:
    """The same where some characters take two places or none."""
    places = [0, *accumulate(map(_places, line))]
    cells, at = [], 0
    for width in widths[:-1]:
        end = min(bisect_left(places, places[min(at, len(line))] + width), len(line))
        while end < len(line) and not _places(line[end]):
            end += 1
        if line[end : end + 2] != BETWEEN:
            end = line.find(BETWEEN, end)
            end = len(line) if end < 0 else end
        cells.append(line[at:end].strip(" "))
        at = end + 2
    cells.append(line[at:].strip(" "))
    return cells


def _places(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
