"""A document of Abonent's, in any of its formats, taken apart: `read` finds out which it is by what is in it."""

import re
from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import BinaryIO

from abonent.expenses.formats import (
    columns_txt,
    document_pdf,
    invoice_ubl,
    page_html,
    report_xml,
    table_csv,
    workbook_xlsx,
)
from abonent.expenses.formats.content import Form, Item, Unreadable, Why

Reader = Callable[[BinaryIO, tzinfo], Iterator[Item]]

READERS: dict[Form, Reader] = {
    Form.PDF: document_pdf.read,
    Form.XLSX: workbook_xlsx.read,
    Form.XML: report_xml.read,
    Form.UBL: invoice_ubl.read,
    Form.HTML: page_html.read,
    Form.TXT: columns_txt.read,
    Form.CSV: table_csv.read,
}
_BEGINNING = 4096
_MARK = b"\xef\xbb\xbf"  # a CSV of ours begins with it, a TXT does not
_INVOICE = re.compile(rb"(?:<\?xml[^<>]*\?>\s*)?<Invoice\b")
_PDF_WITHIN = 1024  # a PDF's header may come a little later


def read(stream: BinaryIO, zone: tzinfo) -> Iterator[Item]:
    """The document in `stream`, which can be sought; times that tell no zone are of `zone`.

    Items come as the file is read, in memory that does not grow with its rows. Raises Unreadable, possibly after some
    of them: nothing may be kept of a file before `Closing` has come.
    """
    yield from READERS[form_of(stream)](stream, zone)


def form_of(stream: BinaryIO) -> Form:
    """The format, by the beginning of the file; its name is not asked."""
    start = stream.tell()
    beginning = stream.read(_BEGINNING)
    stream.seek(start)
    if b"%PDF-" in beginning[:_PDF_WITHIN]:
        return Form.PDF
    if beginning.startswith(b"PK\x03\x04"):
        return Form.XLSX
    text = beginning.removeprefix(_MARK).lstrip()
    if text[:14].lower() == b"<!doctype html" or text[:5].lower() == b"<html":
        return Form.HTML
    if text.startswith((b"<?xml", b"<report", b"<Invoice")):
        return Form.UBL if _INVOICE.match(text) else Form.XML
    if not text or b"\0" in text:
        raise Unreadable(Why.UNKNOWN)
    return Form.CSV if beginning.startswith(_MARK) else Form.TXT
