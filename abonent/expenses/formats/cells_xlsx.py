"""A workbook's cells: what stands in them, and what that means in its column."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from lxml import etree

from abonent.expenses.formats.content import Column, Holds, Unreadable, Value, Why
from abonent.expenses.formats.package_xlsx import Style
from abonent.expenses.formats.values import MEGABYTE, REMEMBERED, parser

Cell = tuple[str, str, str]  # what stands there, the number of its style, its type
NOTHING: Cell = ("", "", "")
MAX_COLUMNS = 1_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_VALUE, _TEXT = f"{_MAIN}v", f"{_MAIN}t"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # days are counted without a zone; the column's is given below
_DAY = 86_400
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Lines:
    """Rows of a sheet as cells, each at its place."""

    def __init__(self, shared: Sequence[str]) -> None:
        self._shared = shared
        self._places: dict[str, int] = {}

    def line(self, row: etree._Element) -> list[Cell]:
        if len(row) and self._at(row[0], 0) == 0 and self._at(row[-1], len(row) - 1) == len(row) - 1:
            return [self._cell(item) for item in row]  # cells stand in order, so each is at its place
        cells: list[Cell] = []
        for item in row:
            place = self._at(item, len(cells))
            if place < len(cells):
                raise Unreadable(Why.BROKEN, item.get("r", ""))
            cells += [NOTHING] * (place - len(cells))
            cells.append(self._cell(item))
        return cells

    def _cell(self, item: etree._Element) -> Cell:
        if not len(item):
            return NOTHING
        kind, first = item.get("t", "n"), item[0]
        if first.tag == _VALUE:
            raw = first.text or ""
            if kind == "s":
                return self._of_shared(raw), item.get("s", "0"), "t"
            return raw if kind == "n" else unescaped(raw), item.get("s", "0"), "n" if kind == "n" else "t"
        raw = first[0].text or "" if len(first) == 1 else "".join([part.text or "" for part in item.iter(_TEXT)])
        return unescaped(raw), item.get("s", "0"), "t"

    def _of_shared(self, raw: str) -> str:
        if not raw.isdecimal() or int(raw) >= len(self._shared):
            raise Unreadable(Why.BROKEN, "shared strings")
        return self._shared[int(raw)]

    def _at(self, item: etree._Element, usual: int) -> int:
        name = item.get("r")
        return self._place(name) if name else usual

    def _place(self, name: str) -> int:
        letters = name.rstrip("0123456789")
        if letters not in self._places:
            place = 0
            for letter in letters:
                place = place * 26 + ord(letter) - 64
            if not 0 < place <= MAX_COLUMNS:
                raise Unreadable(Why.TOO_LARGE, name)
            self._places[letters] = place - 1
        return self._places[letters]


def meaning(column: Column, styles: Sequence[Style], zone: tzinfo) -> Callable[[Cell], Value]:
    """What reads the cells of a column. One that is not known tells by its styles what it holds."""
    parse, known = parser(column.holds, zone), bool(column.key)

    def read(cell: Cell) -> Value:
        raw, style, kind = cell
        if not raw:
            return None
        if kind == "t":
            return parse(raw)
        holds = column.holds if known else _holds(styles, style)
        return _figure(raw, holds, zone)

    return lru_cache(REMEMBERED)(read)


def unescaped(text: str) -> str:
    """Excel writes what XML cannot hold, and what looks like that, as `_x000D_`."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return "\ufffd" if not code or 0xD800 <= code <= 0xDFFF else chr(code)  # noqa: PLR2004  # the surrogates


def _holds(styles: Sequence[Style], number: str) -> Holds:
    known = number.isdigit() and int(number) < len(styles)
    return (styles[int(number)].holds if known else None) or Holds.TEXT


def _figure(raw: str, holds: Holds, zone: tzinfo) -> Value:
    """A number's meaning; what is none, or too large for what it should be, stays text."""
    try:
        return _FIGURES[holds](raw, zone) if holds in _FIGURES else raw
    except (ValueError, OverflowError, InvalidOperation):
        return raw


def _moment(raw: str, zone: tzinfo) -> Value:
    days, _, part = raw.partition(".")
    return (_EPOCH + timedelta(int(days), round(float(f"0.{part or 0}") * _DAY))).replace(tzinfo=zone)


_FIGURES: dict[Holds, Callable[[str, tzinfo], Value]] = {
    Holds.AMOUNT: lambda raw, _: Decimal(raw),
    Holds.INTEGER: lambda raw, _: int(raw),
    Holds.VOLUME: lambda raw, _: round(float(raw) * MEGABYTE),
    Holds.DURATION: lambda raw, _: timedelta(seconds=round(float(raw) * _DAY)),
    Holds.DATE: lambda raw, _: (_EPOCH + timedelta(days=int(raw))).date(),
    Holds.DATETIME: _moment,
}
