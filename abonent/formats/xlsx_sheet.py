"""One sheet of a workbook that is being written: titles in row 1, frozen, with a filter over the rows below."""

from collections.abc import Iterable
from typing import IO

from abonent.formats.report import Column, Row
from abonent.formats.text import clean
from abonent.formats.xlsx_cells import EMPTY, CellEncoder, Styles, cell_encoder, column_letters, text_cell
from abonent.formats.xlsx_parts import FROZEN, SHEET_END, SHEET_START

MAX_WIDTH = 80
MAX_ROWS = 1_048_576
MAX_PART = 1_500_000_000  # bytes before compression: readers without ZIP64 stop at 2 GiB
_NUMBER = "\x00"  # stands for the row's number in the template; no cell can hold it


class Sheet:
    def __init__(self, part: IO[bytes], columns: tuple[Column, ...], styles: Styles, language: str) -> None:
        self.columns = columns
        self._part = part
        self._styles = styles
        self._language = language
        self._letters = [column_letters(index) for index in range(len(columns))]
        self._encoders = [cell_encoder(column, styles, language) for column in columns]
        self._bold: list[CellEncoder] = []
        cells = "".join(f'<c r="{letters}{_NUMBER}"%s' for letters in self._letters)
        self._template = f'<row r="{_NUMBER}">{cells}</row>'
        self._row = 0
        self._filtered = 1
        self._size = 0
        fitting = [max(column.width, len(column.title)) + 3 for column in columns]
        self._write(f"{SHEET_START}{FROZEN}{widths(fitting)}<sheetData>")
        head = styles.number("@", bold=True, heading=True)
        self._put([tuple(text_cell(clean(column.title), head) for column in columns)])

    @property
    def full(self) -> bool:
        return self._row >= MAX_ROWS or self._size >= MAX_PART

    def title(self, text: str) -> None:
        first = text_cell(clean(text), self._styles.number("@", bold=True))
        self._put([(first, *(EMPTY for _ in self.columns[1:]))])

    def rows(self, chunk: list[Row]) -> list[Row]:
        """Write what fits, return what does not."""
        fitting = chunk[: MAX_ROWS - self._row]
        shown = [map(encode, cells) for encode, cells in zip(self._encoders, zip(*fitting, strict=True), strict=True)]
        self._put(zip(*shown, strict=True))
        self._filtered = self._row
        return chunk[len(fitting) :]

    def totals(self, row: Row) -> None:
        if not self._bold:
            self._bold = [cell_encoder(column, self._styles, self._language, bold=True) for column in self.columns]
        self._put([tuple(encode(cell) for encode, cell in zip(self._bold, row, strict=True))])

    def close(self) -> str:
        """End the sheet; returns the range of its filter, which leaves out the last totals."""
        covered = f"A1:{self._letters[-1]}{self._filtered}"
        self._write(f'</sheetData><autoFilter ref="{covered}"/>{SHEET_END}')
        self._part.close()
        return covered

    def _put(self, rows: Iterable[tuple[str, ...]]) -> None:
        template, first = self._template, self._row + 1
        lines = [template.replace(_NUMBER, str(row)) % cells for row, cells in enumerate(rows, start=first)]
        self._row += len(lines)
        self._write("".join(lines))

    def _write(self, text: str) -> None:
        data = text.encode()
        self._size += len(data)
        self._part.write(data)


def widths(characters: Iterable[int]) -> str:
    """The widths of a sheet's columns."""
    items = (
        f'<col min="{index}" max="{index}" width="{min(width, MAX_WIDTH)}" customWidth="1"/>'
        for index, width in enumerate(characters, start=1)
    )
    return f"<cols>{''.join(items)}</cols>"
