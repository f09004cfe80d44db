"""The call details by XlsxWriter in its constant-memory mode: the same cells with the same types."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from abonent.formats.report import MEGABYTE, Cell, Kind, Report

FORMS = {
    Kind.DATETIME: "dd.mm.yyyy hh:mm:ss",
    Kind.DURATION: "[h]:mm:ss",
    Kind.VOLUME: "#,##0.000",
    Kind.AMOUNT: "#,##0.0000",
}


def write(report: Report, path: Path) -> None:
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    forms = {kind: book.add_format({"num_format": form}) for kind, form in FORMS.items()}
    for section in report.sections:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [column.title for column in section.columns])
        for number, row in enumerate(section.rows, start=1):
            for index, (column, value) in enumerate(zip(section.columns, row, strict=True)):
                _put(sheet.write_string, sheet.write_number, (number, index), column.kind, value, forms)
        sheet.autofilter(0, 0, number, len(section.columns) - 1)
    book.close()


def _put(
    text: Callable[..., int],
    figure: Callable[..., int],
    at: tuple[int, int],
    kind: Kind,
    value: Cell,
    forms: dict[Kind, object],
) -> None:
    match kind, value:
        case _, None:
            return
        case Kind.DATETIME, datetime():
            day = value.toordinal() - 693594 + (value.hour * 3600 + value.minute * 60 + value.second) / 86400
            figure(*at, day, forms[kind])
        case Kind.DURATION, int():
            figure(*at, value / 86400, forms[kind])
        case Kind.VOLUME, int():
            figure(*at, value / MEGABYTE, forms[kind])
        case Kind.AMOUNT, Decimal():
            figure(*at, float(value), forms[kind])
        case _:
            text(*at, value)
