"""The plainest possible writer of each format: a template filled row by row, nothing cleaned, cut, typed or remembered.

No real file could be written so: a name with `&` or a cell that does not fit would break it. It is the limit.
"""

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

from abonent.formats.report import Row

CHUNK = 512
ROWS_PER_PAGE = 55
_KEYS = ("subscriber", "started", "direction", "peer", "service", "zone", "duration", "volume", "cost")
_XML = "<row>" + "".join(f"<{key}>%s</{key}>" for key in _KEYS) + "</row>\n"
_HTML = "<tr>" + "<td>%s</td>" * len(_KEYS) + "</tr>\n"
_TXT = "%-18s  %-19s  %-12s  %-18s  %-28s  %-20s  %10s  %11s  %11s\n"
_TEXT_CELL, _NUMBER_CELL = '<c r="%s%d" t="inlineStr"><is><t>%s</t></is></c>', '<c r="%s%d"><v>%s</v></c>'
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # as a workbook counts days


def in_chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def write_csv(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)


def write_xml(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write("<report>")
        for chunk in in_chunks(rows):
            stream.write("".join([_XML % tuple(map(_escaped, row)) for row in chunk]))
        stream.write("</report>")


def write_html(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.write("<table>")
        for chunk in in_chunks(rows):
            stream.write("".join([_HTML % tuple(map(_escaped, row)) for row in chunk]))
        stream.write("</table>")


def write_txt(rows: Sequence[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        for chunk in in_chunks(rows):
            stream.write("".join([_TXT % row for row in chunk]))


def write_xlsx(rows: Sequence[Row], path: Path) -> None:
    """One part with the cells: enough to compare, too little for Excel."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as out,
    ):
        out.write(b"<worksheet><sheetData>")
        number = 0
        for chunk in in_chunks(rows):
            lines = []
            for row in chunk:
                number += 1
                lines.append(f'<row r="{number}">{_cells(number, row)}</row>')
            out.write("".join(lines).encode())
        out.write(b"</sheetData></worksheet>")


def _cells(number: int, row: Row) -> str:
    parts = []
    for letter, value in zip("ABCDEFGHI", row, strict=True):
        if isinstance(value, str):
            parts.append(_TEXT_CELL % (letter, number, escape(value)))
        elif isinstance(value, datetime):
            days = (value.replace(tzinfo=None) - _EPOCH).total_seconds() / 86400
            parts.append(_NUMBER_CELL % (letter, number, days))
        elif value is not None:
            parts.append(_NUMBER_CELL % (letter, number, value))
    return "".join(parts)


def write_pdf(rows: Sequence[Row], path: Path) -> None:
    """The pages' contents alone: a string a cell, packed; no fonts, no page tree."""
    with path.open("wb") as stream:
        source = iter(rows)
        while page := list(islice(source, ROWS_PER_PAGE)):
            lines = [" ".join([f"60 0 Td ({value}) Tj" for value in row]) + " -540 -14 Td" for row in page]
            packed = zlib.compress("\n".join(lines).encode("utf-16-be"), 3)
            stream.write(b"1 0 obj\n<< /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (len(packed), packed))


def _escaped(value: object) -> str:
    return "" if value is None else escape(str(value))


WRITERS: dict[str, Callable[[Sequence[Row], Path], None]] = {
    "pdf": write_pdf,
    "xlsx": write_xlsx,
    "xml": write_xml,
    "csv": write_csv,
    "html": write_html,
    "txt": write_txt,
}
