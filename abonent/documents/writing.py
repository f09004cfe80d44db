"""A document written in a format: its report, or where both have a layout, the cover with its annex."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from abonent.documents.document import Document
from abonent.formats import pdf, pdfjoin, ubl
from abonent.formats.invoice import Cover, render
from abonent.formats.report import Progress
from abonent.formats.typst import Attachment
from abonent.formats.writers import WRITERS

PDF = "pdf"
ELECTRONIC = "invoice.xml"


def write(document: Document, format_key: str, stream: BinaryIO, progress: Progress) -> None:
    """Write `document` to `stream` in constant memory; `progress` hears of the rows written so far."""
    if format_key == PDF and document.cover is not None:
        _write_with_cover(document, document.cover, stream, progress)
    else:
        WRITERS[format_key].write(document.report, stream, progress)


def rows_of(document: Document, format_key: str) -> int:
    """How many rows `write` is going to tell of."""
    return document.annex_rows if format_key == PDF and document.cover is not None else document.rows


def _write_with_cover(document: Document, cover: Cover, stream: BinaryIO, progress: Progress) -> None:
    formed, attachments = document.report.formed, _attachments(document)
    if document.annex is None:
        stream.write(render(cover, formed, attachments=attachments))
        return
    # Pages are counted through: a first cover tells the annex how many come before, the annex then how many follow.
    before = pdfjoin.pages_in(render(cover, formed))
    with tempfile.TemporaryDirectory(prefix="abonent-annex-") as folder:
        path = Path(folder) / "annex.pdf"
        with path.open("wb") as out:
            pdf.write(replace(document.annex, pages_before=before), out, progress)
        counted = replace(cover, pages_after=pdfjoin.pages_in(path))
        pdfjoin.join(render(counted, formed, attachments=attachments), [path], stream)


def _attachments(document: Document) -> list[Attachment]:
    if document.electronic is None:
        return []
    text = "".join(ubl.parts(document.electronic))
    return [Attachment(ELECTRONIC, text, "application/xml", _("The invoice for programs (UBL 2.1)"))]
