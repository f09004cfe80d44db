"""A report as text in aligned columns (UTF-8), for a terminal, a letter, or a fixed-width import."""

import re
import unicodedata
from collections.abc import Iterable
from typing import BinaryIO

from abonent.formats.report import Cell, Column, Kind, Progress, Report, Section, in_chunks
from abonent.formats.text import Encoder, cached, clean, for_people, moment

GAP = "\u00a0"  # between thousands: a space that readers of columns do not split at
BETWEEN = "  "
EMPTY_ROW = "\u00a0"  # at the end of a row that would be an empty line or a rule
_SPACES = re.compile(" {2,}")


def write(report: Report, stream: BinaryIO, progress: Progress) -> None:
    stream.write(_opening(report).encode())
    done = 0
    for section in report.sections:
        encoders = [_filled(column, report.language) for column in section.columns]
        stream.write(_heading(section).encode())
        for chunk in in_chunks(section.rows):
            shown = [map(encode, cells) for encode, cells in zip(encoders, zip(*chunk, strict=True), strict=True)]
            stream.write("".join(map(_line, zip(*shown, strict=True))).encode())
            done += len(chunk)
            progress(done)
        totals = section.total_row()
        if totals is not None:
            cells = (encode(cell) for encode, cell in zip(encoders, totals, strict=True))
            stream.write((_rule(section.columns) + _line(cells)).encode())
    stream.write(f"\n{moment(report.formed, report.language)}\n".encode())


def _opening(report: Report) -> str:
    labels = [clean(fact.label) for fact in report.facts]
    width = max(map(_columns_of, labels), default=0)
    facts = (
        f"{_padded(label, width)}{BETWEEN}{clean(fact.value)}\n"
        for label, fact in zip(labels, report.facts, strict=True)
    )
    return f"{clean(report.title)}\n\n{''.join(facts)}"


def _heading(section: Section) -> str:
    title = f"\n{clean(section.title)}\n" if section.title else ""
    titles = BETWEEN.join(
        _padded(clean(column.title), _width(column), right=column.kind.numeric) for column in section.columns
    )
    return f"{title}\n{titles.rstrip()}\n{_rule(section.columns)}"


def _rule(columns: tuple[Column, ...]) -> str:
    return BETWEEN.join("-" * _width(column) for column in columns) + "\n"


def _line(cells: Iterable[str]) -> str:
    line = BETWEEN.join(cells).rstrip()
    return f"{line if line.strip('- ') else line + EMPTY_ROW}\n"


def _filled(column: Column, language: str) -> Encoder[str]:
    """What a column shows, filled up to its width."""
    read, width, right = _single_spaced(for_people(column, language, GAP)), _width(column), column.kind.numeric

    def fill(value: Cell) -> str:
        return _padded(read(value), width, right=right)

    return fill if column.kind is Kind.DATETIME else cached(fill)  # instants are nearly all different


def _single_spaced(encode: Encoder[str]) -> Encoder[str]:
    """Two spaces stand between cells alone, so that where a long one ends can be seen."""
    return lambda value: _SPACES.sub(" ", encode(value)).strip()


def _width(column: Column) -> int:
    return max(column.width, len(column.title))


def _padded(text: str, width: int, *, right: bool = False) -> str:
    """The text filled up to `width`; a longer one is not cut, since a text file is also read by programs."""
    filling = " " * (width - _columns_of(text))
    return filling + text if right else text + filling


def _columns_of(text: Iterable[str]) -> int:
    """Columns of a terminal: combining marks take none, wide East Asian characters two."""
    if isinstance(text, str) and text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(item) else 1 + (unicodedata.east_asian_width(item) in "WF") for item in text)
