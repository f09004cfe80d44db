"""Excel: a sheet's first row has the titles, bold rows within are titles of sections and totals.

The heading is the last sheet.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import BinaryIO

from lxml import etree

from abonent.expenses.formats.cells_xlsx import MAX_COLUMNS, NOTHING, Cell, Lines, meaning
from abonent.expenses.formats.content import (
    Closing,
    Fact,
    Form,
    Item,
    Opening,
    Row,
    Section,
    Stray,
    Totals,
    Unreadable,
    Value,
    Why,
)
from abonent.expenses.formats.matching import fact, is_title, kind_of, match
from abonent.expenses.formats.package_xlsx import Package, SheetPart

_ROW = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}row"
_DAMAGE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)


def read(stream: BinaryIO, zone: tzinfo) -> Iterator[Item]:
    """The document, row by row; sections that share a sheet come apart again."""
    size = stream.seek(0, 2)
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            yield from _Reading(Package(archive, size), zone).items()
    except _DAMAGE as error:
        raise Unreadable(Why.BROKEN) from error
    except etree.XMLSyntaxError as error:
        raise Unreadable(Why.BROKEN, f"line {error.lineno}") from error


class _Reading:
    def __init__(self, package: Package, zone: tzinfo) -> None:
        self._package = package
        self._zone = zone
        self._sheets = package.sheets()
        self._styles = package.styles()
        self._lines = Lines(package.shared())
        self._bold = {str(number) for number, style in enumerate(self._styles) if style.bold}
        self._headed = {str(number) for number, style in enumerate(self._styles) if style.heading}
        self._title = ""
        self._facts: tuple[Fact, ...] = ()
        self._heads: list[str] = []
        self._section: Section | None = None
        self._meanings: list[Callable[[Cell], Value]] = []
        self._ended = False
        self._opened = False
        self._rows = 0

    def items(self) -> Iterator[Item]:
        for sheet in self._tables():
            yield from self._sheet(sheet)
        if not self._opened:
            yield self._opening("", "")
        yield Closing(self._rows)

    def _tables(self) -> list[SheetPart]:
        """The sheets, without the last one where it is the heading: its first row has no titles."""
        if not self._sheets:
            raise Unreadable(Why.BROKEN)
        texts: list[list[str]] = []
        for _, line in self._rows_of(self._sheets[-1]):
            if not texts and _all_in(line, self._headed):
                return self._sheets
            texts.append([cell[0] for cell in line])
            if len(texts) > MAX_COLUMNS:
                raise Unreadable(Why.TOO_LARGE, self._sheets[-1].name)
        self._title = texts[0][0] if texts and texts[0] else ""
        self._facts = tuple(fact(*[*line, "", ""][:2]) for line in texts[1:])
        return self._sheets[:-1]

    def _sheet(self, sheet: SheetPart) -> Iterator[Item]:
        """A sheet that begins with the titles of a table which has not ended goes on with it."""
        for number, line in self._rows_of(sheet):
            if _all_in(line, self._headed):
                heads = [cell[0] for cell in line]
                if heads != self._heads or self._ended:
                    self._heads, self._section = heads, None
            elif not self._heads:
                yield Stray(f"{sheet.name}, row {number}", " ".join(cell[0] for cell in line))
            elif self._is_title(line):
                yield from self._begin(line[0][0])
            else:
                yield from self._row(line, sheet, number)
        if self._section is None and self._heads:
            yield from self._begin("")

    def _is_title(self, line: list[Cell]) -> bool:
        alone = _all_in(line, self._bold) and bool(line[0][0]) and not any(cell[0] for cell in line[1:])
        return alone and (len(self._heads) > 1 or is_title(line[0][0]))

    def _begin(self, title: str) -> Iterator[Item]:
        found = match(title, self._heads)
        self._section, self._ended = found.section, False
        self._meanings = [meaning(column, self._styles, self._zone) for column in found.section.columns]
        if not self._opened:
            yield self._opening(kind_of(self._title, found.kinds), found.language)
        yield found.section

    def _opening(self, kind: str, language: str) -> Opening:
        self._opened = True
        return Opening(Form.XLSX, kind, self._title, language, None, self._facts)

    def _row(self, line: list[Cell], sheet: SheetPart, number: int) -> Iterator[Item]:
        if self._section is None:
            yield from self._begin("")
        width = len(self._meanings)
        if len(line) > width:
            yield Stray(f"{sheet.name}, row {number}", " ".join(cell[0] for cell in line[width:]))
        elif len(line) < width:
            line += [NOTHING] * (width - len(line))
        values = tuple([read(cell) for read, cell in zip(self._meanings, line, strict=False)])
        if _all_in(line, self._bold):
            self._ended = True
            yield Totals(values)
        else:
            self._rows += 1
            yield Row(values)

    def _rows_of(self, sheet: SheetPart) -> Iterator[tuple[int, list[Cell]]]:
        with self._package.open(sheet.part) as stream:
            source = self._package.counted(stream)
            rows = etree.iterparse(
                source, events=("end",), tag=_ROW, resolve_entities=False, load_dtd=False, no_network=True
            )
            for number, (_, row) in enumerate(rows, start=1):
                source.row()
                yield number, self._lines.line(row)
                _forget(row)


def _all_in(line: list[Cell], styles: set[str]) -> bool:
    """Whether the line has something, and all of that in one of these styles; most lines say no at their first cell."""
    filled = False
    for raw, style, _ in line:
        if raw:
            if style not in styles:
                return False
            filled = True
    return filled


def _forget(row: etree._Element) -> None:
    row.clear()
    parent = row.getparent()
    while parent is not None and (before := row.getprevious()) is not None:
        parent.remove(before)
