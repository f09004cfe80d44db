"""CSV: UTF-8, `;`, an empty line between tables, an apostrophe before what looks like a formula."""

import csv
import re
from collections.abc import Iterator
from datetime import tzinfo
from typing import BinaryIO

from abonent.expenses.formats.bounded import lines
from abonent.expenses.formats.content import Closing, Form, Item, Opening, Stray, Unreadable, Why
from abonent.expenses.formats.matching import Match, is_title, is_total, kind_of, match
from abonent.expenses.formats.table import Cells

_FIGURE = re.compile(r"[+-]?\d+([.,]\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def read(stream: BinaryIO, zone: tzinfo) -> Iterator[Item]:
    """The tables; a CSV has no heading, so kind and language are those of its first table."""
    source = csv.reader(lines(stream), delimiter=";", strict=True)
    try:
        yield from _Reading(zone).items(source)
    except csv.Error as error:
        raise Unreadable(Why.BROKEN, f"line {source.line_num}") from error


class _Reading:
    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._held = ""  # a first line of one cell: a title, unless it heads a table of one column
        self._match: Match | None = None
        self._cells: Cells | None = None
        self._last: list[str] | None = None
        self._rows = 0
        self._opened = False

    def items(self, source: Iterator[list[str]]) -> Iterator[Item]:
        for number, texts in enumerate(source, start=1):
            if not texts:
                yield from self._end()
            elif self._cells is not None:
                yield from self._line(texts, number)
            elif self._held:
                yield from self._after_held([armed(text) for text in texts], number)
            elif len(texts) == 1:
                self._held = armed(texts[0])
            else:
                yield from self._begin("", [armed(text) for text in texts])
        yield from self._end()
        if not self._opened:
            yield Opening(Form.CSV)
        yield Closing(self._rows)

    def _after_held(self, texts: list[str], number: int) -> Iterator[Item]:
        held, self._held = self._held, ""
        if len(texts) > 1 or is_title(held):
            yield from self._begin(held, texts)
        else:
            yield from self._begin("", [held])
            yield from self._line(texts, number)

    def _begin(self, title: str, heads: list[str]) -> Iterator[Item]:
        found = self._match = match(title, heads)
        self._cells = Cells(found.section, self._zone, armed)
        if not self._opened:
            self._opened = True
            yield Opening(Form.CSV, kind=kind_of("", found.kinds), language=found.language)
        yield found.section

    def _line(self, texts: list[str], number: int) -> Iterator[Item]:
        """A line is held back until the next one comes: the last one may be the totals."""
        if self._cells and len(texts) > self._cells.width:
            yield Stray(f"line {number}", ";".join(texts[self._cells.width :]))
            texts = texts[: self._cells.width]
        if self._last is not None:
            yield from self._row(self._last)
        self._last = texts

    def _row(self, texts: list[str]) -> Iterator[Item]:
        if self._cells:
            self._rows += 1
            yield self._cells.row(texts)

    def _end(self) -> Iterator[Item]:
        if self._held:
            yield from self._begin("", [self._held])
            self._held = ""
        last, cells, found = self._last, self._cells, self._match
        self._last = self._cells = self._match = None
        if last is None or cells is None or found is None:
            return
        if found.totals and any(map(is_total, last)):
            yield cells.totals(last)
        else:
            self._rows += 1
            yield cells.row(last)


def armed(text: str) -> str:
    """The text as it was before an apostrophe kept a spreadsheet from taking it for a formula."""
    rest = text[1:]
    guarded = text.startswith("'") and rest.lstrip("' \u00a0").startswith(_FORMULA) and not _FIGURE.fullmatch(rest)
    return rest if guarded else text
