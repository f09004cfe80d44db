"""Every format: the writer alone and end to end, at a thousand, a hundred thousand and a million rows.

Beside it in the same run: the plainest possible writer of the format, which is the limit, and the usual library. Files
are read back and counted. `FORMATS_ROWS` and `FORMATS_PEER_ROWS` (the peers are slow) take other sizes, by commas.
"""

import datetime as dt
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

if not settings.configured and "DJANGO_SETTINGS_MODULE" not in os.environ:
    settings.configure(USE_I18N=False)

from abonent.expenses.formats.content import Row as ReadRow  # what readers and writers ask for comes first
from abonent.expenses.formats.reading import read
from abonent.formats.report import Report
from abonent.formats.writers import WRITERS
from bench import plain_writers
from bench.calls import calls, report
from bench.measure import Work, figure, in_child
from bench.order_world import place, run_in
from bench.peers import csv_module, django_html, lxml_xml, reportlab_pdf, xlsxwriter_xlsx

FORMS = ("pdf", "xlsx", "xml", "csv", "html", "txt")
PEERS: dict[str, tuple[str, Callable[[Report, Path], None]]] = {
    "pdf": ("ReportLab canvas", reportlab_pdf.write),
    "xlsx": ("XlsxWriter constant_memory", xlsxwriter_xlsx.write),
    "xml": ("lxml xmlfile", lxml_xml.write),
    "csv": ("csv module, value by value", csv_module.write),
    "html": ("Django's templates", django_html.write),
}
AIMS = {"pdf": "10× the peer", "xlsx": "5× the peer", "xml": "half the limit", "csv": "half the limit"}
FEW = 10_000  # rows from which memory may grow by no more than GROWTH
GROWTH = 40  # MB
MANY = 300_000  # from here on once is enough


def sizes(name: str, usual: str) -> list[int]:
    return [int(size) for size in os.environ.get(name, usual).split(",")]


def main() -> None:
    rows, peer_rows = sizes("FORMATS_ROWS", "1000,100000,1000000"), sizes("FORMATS_PEER_ROWS", "100000")
    with tempfile.TemporaryDirectory(prefix="abonent-bench-") as scratch:
        for form in FORMS:
            for count in rows:
                writer_alone(form, count, Path(scratch), with_peer=count in peer_rows)
            memory(form, max(rows), Path(scratch))
    with place("sqlite") as where:
        run_in(where, "bench.formats_work", ",".join(map(str, rows)))


def writer_alone(form: str, count: int, folder: Path, *, with_peer: bool) -> None:
    own, other = folder / f"own.{form}", folder / f"plain.{form}"
    times = 1 if count >= MANY else 3
    cost = in_child("bench.formats:ours", form, count, own, times=times)
    limit = in_child("bench.formats:plainest", form, count, other, times=times)
    if count < MANY:
        assert rows_in(own) == count, (form, count)
    aim = f"; aim: {AIMS[form]}" if form in AIMS else ""
    note = f"writer alone, {count} rows of 9 columns; {megabytes(own)} MB, limit's {megabytes(other)} MB{aim}"
    speed, limit_speed = count / cost.seconds, count / limit.seconds
    name = f"formats.{form}.{count}"
    figure(f"{name}.of_limit", speed, "rows/s", peer="plainest writer", peer_value=limit_speed, note=note)
    if with_peer and form in PEERS:
        peer, _write = PEERS[form]
        theirs = in_child("bench.formats:peers", form, count, folder / f"peer.{form}", times=times)
        figure(name, speed, "rows/s", peer=peer, peer_value=count / theirs.seconds, note=note)
        note = f"peaks of processes that write {count} rows from a stream"
        streams = [in_child(f"bench.formats:streamed{kind}", form, count, own, times=1) for kind in ("", "_by_peer")]
        peaks = [stream.peak_mb for stream in streams]
        figure(f"{name}.peak_mb", peaks[0], "MB", peer=peer, peer_value=peaks[1], note=note, invert=True)


def memory(form: str, most: int, folder: Path) -> None:
    few, many = (in_child("bench.formats:streamed", form, n, folder / f"own.{form}", times=1) for n in (FEW, most))
    note = f"how much the peak grows from {FEW} to {most} rows; aim: {GROWTH}"
    figure(f"formats.{form}.growth_mb", many.peak_mb - few.peak_mb, "MB", note=note)


def megabytes(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 1)


def rows_in(path: Path) -> int:
    """As the product's own reader counts them."""
    with path.open("rb") as stream:
        return sum(isinstance(item, ReadRow) for item in read(stream, dt.UTC))


def ours(form: str, rows: str, path: str) -> Work:
    made = list(calls(int(rows)))
    return lambda: write(form, report(made), Path(path))


def plainest(form: str, rows: str, path: str) -> Work:
    made = list(calls(int(rows)))
    return lambda: plain_writers.WRITERS[form](made, Path(path))


def peers(form: str, rows: str, path: str) -> Work:
    made = list(calls(int(rows)))
    return lambda: PEERS[form][1](report(made), Path(path))


def streamed(form: str, rows: str, path: str) -> Work:
    return lambda: write(form, report(calls(int(rows))), Path(path))


def streamed_by_peer(form: str, rows: str, path: str) -> Work:
    return lambda: PEERS[form][1](report(calls(int(rows))), Path(path))


def write(form: str, content: Report, path: Path) -> None:
    with path.open("wb") as stream:
        WRITERS[form].write(content, stream, lambda _rows: None)
