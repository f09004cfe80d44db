"""100,000 calls to PDF, XLSX and XML: the writers alone, beside a peer that writes the same rows, then end to end.

Both outputs are read back and counted. The peak is that of a process that writes from a stream of rows.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import python_calamine
from django.conf import settings
from lxml import etree

from abonent.formats.report import Report
from abonent.formats.writers import WRITERS
from bench.calls import calls, report
from bench.measure import Work, figure, in_child
from bench.order_world import place, run_in
from bench.peers import lxml_xml, reportlab_pdf, xlsxwriter_xlsx

ROWS = 100_000
FEW, MANY = 10_000, 1_000_000
PEERS: dict[str, tuple[str, Callable[[Report, Path], None]]] = {
    "pdf": ("ReportLab canvas", reportlab_pdf.write),
    "xlsx": ("XlsxWriter constant_memory", xlsxwriter_xlsx.write),
    "xml": ("lxml xmlfile", lxml_xml.write),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for form in PEERS:
            writer_alone(form, Path(folder))
    with place("sqlite") as where:
        run_in(where, "bench.documents_work", "call_details")


def writer_alone(form: str, folder: Path) -> None:
    own, other = folder / f"own.{form}", folder / f"peer.{form}"
    peer = PEERS[form][0]
    speed = in_child("bench.call_details:ours", form, ROWS, own)
    peer_speed = in_child("bench.call_details:theirs", form, ROWS, other)
    count, peer_count = COUNTERS[form](own), COUNTERS[form](other)
    assert count == peer_count == ROWS, (form, count, peer_count)
    note = f"writer alone, {ROWS} rows of 9 columns, both read back; files {size(own)} and {size(other)} MB"
    figure(
        f"call_details.{form}",
        ROWS / speed.seconds,
        "rows/s",
        peer=peer,
        peer_value=ROWS / peer_speed.seconds,
        note=note,
    )
    few, peak, many = (in_child("bench.call_details:streamed", form, rows, own, times=1) for rows in (FEW, ROWS, MANY))
    peer_peak = in_child("bench.call_details:streamed_by_peer", form, ROWS, other, times=1)
    note = f"writer alone, {ROWS} rows from a stream"
    figure(
        f"call_details.{form}.peak_mb",
        peak.peak_mb,
        "MB",
        peer=peer,
        peer_value=peer_peak.peak_mb,
        note=note,
        invert=True,
    )
    note = f"how much the peak grows from {FEW} to {MANY} rows"
    figure(f"call_details.{form}.growth_mb", many.peak_mb - few.peak_mb, "MB", note=note)


def size(path: Path) -> float:
    return round(path.stat().st_size / 1e6, 1)


def ours(form: str, rows: str, path: str) -> Work:
    made = list(calls(int(rows)))
    return lambda: write(form, report(made), Path(path))


def theirs(form: str, rows: str, path: str) -> Work:
    made = list(calls(int(rows)))
    return lambda: PEERS[form][1](report(made), Path(path))


def streamed(form: str, rows: str, path: str) -> Work:
    return lambda: write(form, report(calls(int(rows))), Path(path))


def streamed_by_peer(form: str, rows: str, path: str) -> Work:
    return lambda: PEERS[form][1](report(calls(int(rows))), Path(path))


def write(form: str, content: Report, path: Path) -> None:
    if not settings.configured:
        settings.configure(USE_I18N=False)
    with path.open("wb") as stream:
        WRITERS[form].write(content, stream, lambda _rows: None)


def rows_of_pdf(path: Path) -> int:
    """Every row tells its direction, once."""
    document = pypdfium2.PdfDocument(path)
    count = 0
    for page in document:
        text = page.get_textpage().get_text_bounded()
        count += text.count("входящее") + text.count("исходящее")
    document.close()
    return count


def rows_of_xlsx(path: Path) -> int:
    return len(python_calamine.load_workbook(path).get_sheet_by_index(0).to_python()) - 1


def rows_of_xml(path: Path) -> int:
    count = 0
    for _, element in etree.iterparse(path, tag="{*}row"):
        count += 1
        element.clear()
    return count


COUNTERS: dict[str, Callable[[Path], int]] = {"pdf": rows_of_pdf, "xlsx": rows_of_xlsx, "xml": rows_of_xml}
