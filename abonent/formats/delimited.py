"""A report as CSV for a spreadsheet: UTF-8 with a byte order mark, semicolons, the language's decimal sign.

No cell can start a formula. Machines are better served by XML. Here a spreadsheet must take `12,05` for an amount
and not for the 12th of May.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

from abonent.formats.report import Cell, Column, Kind, Progress, Report, Row, in_chunks
from abonent.formats.text import Encoder, cached, clean, decimal_sign, for_machines, words

_HARMLESS = re.compile(r"[+-]?\d+([.,]\d+)?")
_FORMULA_STARTS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "|",
    "%",
    "\uff1d",
    "\uff0b",
    "\uff0d",
    "\uff20",
)  # also their full-width twins


def write(report: Report, stream: BinaryIO, progress: Progress) -> None:
    """The sections one after the other, each under its column titles, an empty line between.

    The heading is left to other formats.
    """
    stream.write(b"\xef\xbb\xbf")
    done = 0
    for index, section in enumerate(report.sections):
        encoders = [_encoder(column, decimal_sign(report.language)) for column in section.columns]
        opening: list[tuple[str, ...]] = [()] if index else []
        if section.title:
            opening.append((defused(clean(section.title)),))
        opening.append(tuple(defused(clean(column.title)) for column in section.columns))
        stream.write(_lines(opening))
        for chunk in in_chunks(section.rows):
            shown = [map(encode, cells) for encode, cells in zip(encoders, zip(*chunk, strict=True), strict=True)]
            stream.write(_lines(zip(*shown, strict=True)))
            done += len(chunk)
            progress(done)
        totals = section.total_row()
        if totals is not None:
            stream.write(_lines([_encoded(encoders, totals)]))


def defused(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet could take it for a formula.

    A phone or a number stays what it is. One that looks like a text defused gets another, so that it can be taken away.
    """
    if text[:1].isalnum():
        return text
    if text.lstrip("' \u00a0").startswith(_FORMULA_STARTS) and not _HARMLESS.fullmatch(text):
        return "'" + text
    return text


def _encoder(column: Column, sign: str) -> Encoder[str]:
    if column.kind is Kind.DATETIME:
        return _moment
    if column.kind in {Kind.INTEGER, Kind.DURATION, Kind.VOLUME}:
        return _whole
    return cached(_remembered(column, sign))


def _whole(value: Cell) -> str:
    """To remember what is made in one call would only cost."""
    return str(value) if isinstance(value, int) else defused(words(value))


def _moment(value: Cell) -> str:
    """The same for instants, which are nearly all different."""
    return value.isoformat(" ", "seconds")[:19] if isinstance(value, datetime) else defused(words(value))


def _remembered(column: Column, sign: str) -> Encoder[str]:
    read = for_machines(column)
    if column.kind is Kind.AMOUNT:
        return lambda value: defused(read(value).replace(".", sign))
    return lambda value: defused(read(value))


def _encoded(encoders: list[Encoder[str]], row: tuple[Cell, ...] | Row) -> tuple[str, ...]:
    return tuple(encode(cell) for encode, cell in zip(encoders, row, strict=True))


def _lines(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
