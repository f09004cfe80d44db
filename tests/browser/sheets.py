"""Workbooks as people make them, and as the product writes them."""

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import xlwt

Cell = str | int | float | None
Row = tuple[object, ...]


def make_xlsx(path: Path, column: Sequence[Cell]) -> Path:
    """One column, cell by cell, each stored as the type it has here; None is an empty row."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, value in enumerate(column, 1):
        if value is not None:
            sheet.cell(row, 1, value)
    book.save(path)
    return path


def make_xls(path: Path, column: Sequence[Cell]) -> Path:
    """The same in the older format, where every number is a float."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("1")
    for row, value in enumerate(column):
        if value is not None:
            sheet.write(row, 0, value)
    book.save(str(path))
    return path


def rows_of(path: Path) -> dict[str, list[Row]]:
    """All cells of each sheet, by its title."""
    book = openpyxl.load_workbook(path, read_only=True)
    found: dict[str, list[Row]] = {}
    for sheet in book.worksheets:
        found[sheet.title] = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    book.close()
    return found


def table(rows: Sequence[Row], title: str) -> list[dict[str, object]]:
    """The rows under the one that begins with `title`, by the titles of their columns."""
    start = next(place for place, row in enumerate(rows) if row and row[0] == title)
    names = [str(name) for name in rows[start] if name is not None]
    return [dict(zip(names, row, strict=False)) for row in rows[start + 1 :] if any(cell is not None for cell in row)]
