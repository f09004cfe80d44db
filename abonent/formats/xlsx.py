"""A report as an Excel workbook, streamed: inline strings, real numbers and dates.

Nothing in a cell can be a formula or a link.
"""

import zipfile
from typing import BinaryIO

from django.utils.translation import gettext, override

from abonent.formats.report import Progress, Report, Section, in_chunks
from abonent.formats.text import clean
from abonent.formats.xlsx_cells import Styles, text_cell
from abonent.formats.xlsx_parts import (
    LEVEL,
    SHEET_END,
    SHEET_START,
    SheetNames,
    content_types,
    core,
    put,
    relationships,
    workbook,
    workbook_relationships,
)
from abonent.formats.xlsx_sheet import Sheet, widths


def write(report: Report, stream: BinaryIO, progress: Progress) -> None:
    """Sections with the same columns share a sheet; the heading stands on a last sheet of its own.

    Row 1 of a sheet so holds the titles, as one expects who filters or imports it.
    """
    with override(report.language), _archive(stream) as archive:
        _Workbook(archive, report, progress).write()


def _archive(stream: BinaryIO) -> zipfile.ZipFile:
    return zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)


class _Workbook:
    def __init__(self, archive: zipfile.ZipFile, report: Report, progress: Progress) -> None:
        self._archive = archive
        self._report = report
        self._progress = progress
        self._styles = Styles()
        self._names = SheetNames()
        self._filters: dict[int, str] = {}
        self._sheet: Sheet | None = None
        self._done = 0

    def write(self) -> None:
        for section in self._report.sections:
            self._section(section)
        self._close_sheet()
        self._about()
        parts = {
            "[Content_Types].xml": content_types(len(self._names)),
            "_rels/.rels": relationships(),
            "docProps/core.xml": core(clean(self._report.title), self._report.formed),
            "xl/workbook.xml": workbook(list(self._names), self._filters),
            "xl/_rels/workbook.xml.rels": workbook_relationships(len(self._names)),
            "xl/styles.xml": self._styles.xml(),
        }
        for name, text in parts.items():
            put(self._archive, name, text)

    def _section(self, section: Section) -> None:
        sheet = self._sheet if self._sheet and self._sheet.columns == section.columns else self._open_sheet(section)
        if section.title:
            sheet = self._with_room(sheet, section)
            sheet.title(section.title)
        for chunk in in_chunks(section.rows):
            rest = chunk
            while rest:
                sheet = self._with_room(sheet, section)
                rest = sheet.rows(rest)
            self._done += len(chunk)
            self._progress(self._done)
        totals = section.total_row()
        if totals is not None:
            self._with_room(sheet, section).totals(totals)

    def _with_room(self, sheet: Sheet, section: Section) -> Sheet:
        return self._open_sheet(section) if sheet.full else sheet

    def _open_sheet(self, section: Section) -> Sheet:
        self._close_sheet()
        number = self._names.add(clean(section.title or self._report.title))
        part = self._archive.open(f"xl/worksheets/sheet{number}.xml", "w")
        self._sheet = Sheet(part, section.columns, self._styles, self._report.language)
        return self._sheet

    def _close_sheet(self) -> None:
        if self._sheet:
            self._filters[len(self._names)] = self._sheet.close()
            self._sheet = None

    def _about(self) -> None:
        """The heading; it is the last sheet, for one that opens the file to work with it."""
        # Translators: the name of the sheet that holds a document's heading
        number = self._names.add(gettext("About"))
        bold, plain = self._styles.number("General", bold=True), self._styles.number("@")
        lines = [
            (clean(self._report.title), ""),
            *((clean(fact.label), clean(fact.value)) for fact in self._report.facts),
        ]
        rows = (
            f'<row r="{row}"><c r="A{row}"{text_cell(label, bold if row == 1 else plain)}'
            f'<c r="B{row}"{text_cell(value, plain)}</row>'
            for row, (label, value) in enumerate(lines, start=1)
        )
        text = f"{SHEET_START}{widths([30, 60])}<sheetData>{''.join(rows)}</sheetData>{SHEET_END}"
        put(self._archive, f"xl/worksheets/sheet{number}.xml", text)
