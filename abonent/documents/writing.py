"""A document written in a format: its report, or where both have a layout, the cover with its annex."""

import tempfile
from pathlib import Path
from typing import BinaryIO

from abonent.documents.document import Document
from abonent.formats import pdf, pdfjoin
from abonent.formats.invoice import Cover, render
from abonent.formats.report import Progress, Report
from abonent.formats.writers import WRITERS

PDF = "pdf"


def write(document: Document, format_key: str, stream: BinaryIO, progress: Progress) -> None:
    """Write `document` to `stream` in constant memory; `progress` hears of the rows written so far."""
    if format_key == PDF and document.cover is not None:
        _write_with_cover(document.cover, document.annex, document.report, stream, progress)
    else:
        WRITERS[format_key].write(document.report, stream, progress)


def rows_of(document: Document, format_key: str) -> int:
    """How many rows `write` is going to tell of."""
    return document.annex_rows if format_key == PDF and document.cover is not None else document.rows


def _write_with_cover(cover: Cover, annex: Report | None, report: Report, stream: BinaryIO, progress: Progress) -> None:
    first = render(cover, report.formed)
    if annex is None:
        stream.write(first)
        return
    with tempfile.TemporaryDirectory(prefix="abonent-annex-") as folder:
        path = Path(folder) / "annex.pdf"
        with path.open("wb") as out:
            pdf.write(annex, out, progress)
        pdfjoin.join(first, [path], stream)
