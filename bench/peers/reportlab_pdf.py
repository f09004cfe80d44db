"""The call details by ReportLab's canvas: the same rows, columns, font and look."""

from collections.abc import Iterable
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from abonent.formats.faces import FOLDER
from abonent.formats.report import Column, Report, Row
from abonent.formats.text import for_people

SIZE, HEIGHT, MARGIN = 8, 13.5, 36


def write(report: Report, path: Path) -> None:
    for name in ("Inter-Regular", "Inter-SemiBold"):
        pdfmetrics.registerFont(TTFont(name, FOLDER / f"{name}.ttf"))
    canvas = Canvas(str(path), pagesize=landscape(A4), pageCompression=1)
    for section in report.sections:
        _table(canvas, section.columns, section.rows, report.language)
    canvas.save()


def _table(canvas: Canvas, columns: tuple[Column, ...], rows: Iterable[Row], language: str) -> None:
    width, height = landscape(A4)
    unit = (width - 2 * MARGIN) / sum(column.width for column in columns)
    lefts = [MARGIN + unit * sum(column.width for column in columns[:index]) for index in range(len(columns))]
    rights = [left + unit * column.width - 8 for left, column in zip(lefts, columns, strict=True)]
    readers = [for_people(column, language, " ") for column in columns]
    y, page = 0.0, 0
    for row in rows:
        if y < MARGIN + 24:
            page = _turn(canvas, columns, lefts, page)
            y = height - MARGIN - 24
        for column, read, value, left, right in zip(columns, readers, row, lefts, rights, strict=True):
            if column.kind.numeric:
                canvas.drawRightString(right, y, read(value))
            else:
                canvas.drawString(left, y, read(value))
        canvas.line(MARGIN, y - 4, width - MARGIN, y - 4)
        y -= HEIGHT


def _turn(canvas: Canvas, columns: tuple[Column, ...], lefts: list[float], page: int) -> int:
    if page:
        canvas.showPage()
    canvas.setFont("Inter-SemiBold", SIZE)
    for column, left in zip(columns, lefts, strict=True):
        canvas.drawString(left, landscape(A4)[1] - MARGIN - 8, column.title[:12])
    canvas.setFont("Inter-Regular", SIZE)
    canvas.setLineWidth(0.4)
    canvas.drawString(MARGIN, 30, f"Page {page + 1}")
    return page + 1
