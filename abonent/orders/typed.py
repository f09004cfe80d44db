"""Lists that come as text: typed by a person, or uploaded as a text or CSV file."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from abonent.formats.refusal import Filled, Limits, Reason, WorkbookRefused
from abonent.profile import current

PLAIN = "text/plain"
# What a stored file of this kind is read by this module.
MIMES = frozenset({PLAIN, "text/csv"})
LONGEST_CELL = 1000
_SEPARATORS = re.compile(r"[;,\t\r\n]")
# `+375 29 …` has spaces within, and may have another one beside it.
_BESIDE = re.compile(r"\s+(?=\+)")


def entries(text: str) -> list[str]:
    """The numbers of a typed list: `;`, comma, line's end or space between them; a number may have spaces."""
    return list(_entries(text))


def _entries(text: str) -> Iterator[str]:
    numbers = current().numbers
    for part in _SEPARATORS.split(text):
        for piece in _BESIDE.split(part.strip()):
            if piece and numbers.clean(piece) is None:
                yield from piece.split()
            elif piece:
                yield piece


def read_rows(data: bytes, limits: Limits, more_columns: int) -> list[Filled]:
    """The filled rows: an entry each, or, where columns follow the number, a line each. Raises WorkbookRefused."""
    if len(data) > limits.bytes:
        raise WorkbookRefused(Reason.FILE_TOO_LARGE)
    text = _decoded(data)
    found = list(_table(text, limits)) if more_columns else _listed(text)
    if not found:
        raise WorkbookRefused(Reason.EMPTY)
    # One more is allowed, as in a workbook, for the titles.
    if len(found) > limits.rows + 1:
        raise WorkbookRefused(Reason.TOO_MANY_ROWS)
    return found


def _listed(text: str) -> list[Filled]:
    return [(row, [(0, entry)]) for row, entry in enumerate(entries(text), 1)]


def _table(text: str, limits: Limits) -> Iterator[Filled]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for row, cells in enumerate(lines, 1):
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise WorkbookRefused(Reason.TEXT_TOO_LONG, row)
            filled = [(place, cell.strip()) for place, cell in enumerate(cells) if cell.strip()]
            if filled and filled[-1][0] >= limits.columns:
                raise WorkbookRefused(Reason.TOO_MANY_COLUMNS, row, filled[-1][0])
            if filled:
                yield row, filled
    except csv.Error as broken:
        raise WorkbookRefused(Reason.BROKEN) from broken


def _delimiter(text: str) -> str:
    """The first of `;`, tab and comma that stands in the first line."""
    first = text.lstrip().partition("\n")[0]
    return next((mark for mark in ";\t," if mark in first), ";")


def _decoded(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what Excel of this region saves CSV in."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1251", errors="replace")
    if "\0" in text:
        raise WorkbookRefused(Reason.NOT_A_WORKBOOK)
    return text
