"""Reading a list that a person uploads as an Excel file, whatever the file turns out to be (S5, S15: bad input).

Nothing in a file is believed: sizes are counted while inflating, rows and columns are bounded, and the older `.xls`
is read in a process of its own with little memory and time.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from abonent.formats import xls_reader, xlsx_reader
from abonent.formats.refusal import Filled, Limits, Reason, WorkbookRefused

__all__ = ["Filled", "Limits", "Reason", "WorkbookRefused", "is_rounded", "read_column", "read_rows"]

_ROUNDED = re.compile(r"\d\.\d{14}E\+\d\d")


def is_rounded(cell: str) -> bool:
    """Whether it was a number with more digits than Excel keeps: the last ones are lost."""
    return _ROUNDED.fullmatch(cell) is not None


def read_column(source: bytes | Path | BinaryIO, limits: Limits | None = None) -> Iterator[Filled]:
    """A list in one column: its filled rows as `read_rows` gives them; the caller sees to it that it is one column."""
    yield from read_rows(source, limits)


def read_rows(source: bytes | Path | BinaryIO, limits: Limits | None = None) -> Iterator[Filled]:
    """The filled rows of the first visible sheet, in order; numbers come as their exact digits (`375291234567`).

    The file's name is not asked: what it is, its content says. Raises WorkbookRefused, possibly after some rows:
    nothing may be kept of a file before the iterator has ended.
    """
    limits = limits or Limits()
    data = _contents(source, limits.bytes)
    empty = True
    for row in _reader(data, limits):
        empty = False
        yield row
    if empty:
        raise WorkbookRefused(Reason.EMPTY)


def _contents(source: bytes | Path | BinaryIO, limit: int) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            return _contents(stream, limit)
    data = source if isinstance(source, bytes) else source.read(limit + 1)
    if len(data) > limit:
        raise WorkbookRefused(Reason.FILE_TOO_LARGE)
    return data


def _reader(data: bytes, limits: Limits) -> Iterator[Filled]:
    if data.startswith(b"PK\x03\x04"):
        return xlsx_reader.read(io.BytesIO(data), limits)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return xls_reader.read(data, limits)
    raise WorkbookRefused(Reason.NOT_A_WORKBOOK)
