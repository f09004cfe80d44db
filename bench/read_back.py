"""How quickly a document is taken apart again, in each format, beside a bare parser that leaves texts as they are.

Call details with the product's own columns, so that every cell becomes its value. `READ_BACK_ROWS` takes other sizes
(the largest one tells how memory grows from 10,000).
"""

import csv
import datetime as dt
import random
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pypdfium2
from django.conf import settings
from lxml import etree

if not settings.configured:
    settings.configure(USE_I18N=False)

from abonent.expenses.formats.content import Closing
from abonent.expenses.formats.content import Row as ReadRow
from abonent.expenses.formats.layouts import LAYOUTS
from abonent.expenses.formats.reading import read
from abonent.formats.report import Column, Kind, Report, Row, Section
from abonent.formats.writers import WRITERS
from bench.formats import FEW, FORMS, sizes
from bench.measure import Work, figure, in_child

MINSK = dt.timezone(dt.timedelta(hours=3))
CHARGES = ("Calls", "Messages", "Data", "Calls in roaming")


def report(count: int) -> Report:
    """`count` calls with the columns of the product's call details."""
    layout = next(layout for layout in LAYOUTS if layout.key == "calls")
    columns = tuple(Column(key, title, Kind(holds.value), 18) for key, title, holds in layout.fields)
    section = Section(layout.key, layout.title, columns, _rows(count))
    return Report("call_details", "Call details", "en", (), (section,), dt.datetime(2026, 11, 3, 9, tzinfo=MINSK))


def _rows(count: int) -> Iterator[Row]:
    chance = random.Random(1)  # noqa: S311  # sample data
    start = dt.datetime(2026, 10, 1, tzinfo=MINSK)
    for index in range(count):
        data, seconds = index % 4 == 0, int(chance.expovariate(1 / 120))
        yield (
            f"37529{1_000_000 + index // 40 % 5000}",
            start + dt.timedelta(seconds=index * 2_600_000 // count),
            "incoming" if index % 3 else "outgoing",
            None if data else f"37533{chance.randrange(10**7):07}",
            CHARGES[index % 4],
            "Belarus",
            None if data else seconds,
            None,
            chance.randrange(10**9) if data else None,
            Decimal(seconds * 37 % 100_000).scaleb(-4),
        )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="abonent-bench-") as scratch:
        for form in FORMS:
            counts = sizes("READ_BACK_ROWS", "100000,1000000")
            for count in {FEW, *counts}:
                with (Path(scratch) / f"{count}.{form}").open("wb") as stream:
                    WRITERS[form].write(report(count), stream, lambda _rows: None)
            speeds(form, counts[0], Path(scratch))
            growth(form, max(counts), Path(scratch))


def speeds(form: str, count: int, folder: Path) -> None:
    path = folder / f"{count}.{form}"
    cost = in_child("bench.read_back:whole", path)
    bare = in_child("bench.read_back:bare", form, path)
    note = f"{count} rows of 10 columns, each cell a value, all counted; {path.stat().st_size / 1e6:.1f} MB"
    speed, limit = count / cost.seconds, count / bare.seconds
    figure(f"read_back.{form}", speed, "rows/s", peer=BARE[form][0], peer_value=limit, note=note)


def growth(form: str, most: int, folder: Path) -> None:
    few, many = (in_child("bench.read_back:whole", folder / f"{n}.{form}", times=1) for n in (FEW, most))
    note = f"how much the peak grows from {FEW} to {most} rows; its peak {many.peak_mb:.0f} MB"
    figure(f"read_back.{form}.growth_mb", many.peak_mb - few.peak_mb, "MB", note=note)


def whole(path: str) -> Work:
    """Take the file apart; every row has ten values, and the end was reached."""

    def work() -> None:
        rows, last = 0, None
        with Path(path).open("rb") as stream:
            for item in read(stream, MINSK):
                last = item
                if isinstance(item, ReadRow):
                    rows += 1
                    assert len(item.values) == 10
        assert isinstance(last, Closing)
        assert last.rows == rows == int(Path(path).stem)

    return work


def bare(form: str, path: str) -> Work:
    return lambda: BARE[form][1](Path(path))


def pdf_texts(path: Path) -> None:
    document = pypdfium2.PdfDocument(path)
    for page in document:
        page.get_textpage().get_text_bounded()
    document.close()


def sheet_rows(path: Path) -> None:
    with zipfile.ZipFile(path) as archive, archive.open("xl/worksheets/sheet1.xml") as part:
        for _, row in etree.iterparse(part, tag="{*}row"):
            row.clear(keep_tail=False)


def xml_rows(path: Path) -> None:
    for _, row in etree.iterparse(str(path), tag="{*}row"):
        row.clear(keep_tail=False)


def csv_rows(path: Path) -> None:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        for _ in csv.reader(stream, delimiter=";"):
            pass


def page(path: Path) -> None:
    etree.parse(str(path), etree.HTMLParser())


def lines(path: Path) -> None:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            line.split("  ")


BARE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "pdf": ("pypdfium2, text alone", pdf_texts),
    "xlsx": ("lxml iterparse of the sheet", sheet_rows),
    "xml": ("lxml iterparse", xml_rows),
    "csv": ("csv module", csv_rows),
    "html": ("lxml, the page as a tree", page),
    "txt": ("lines split", lines),
}
