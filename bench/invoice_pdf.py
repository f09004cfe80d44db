"""Invoices of forty subscribers: documents per second and core, beside WeasyPrint on the same content."""

import itertools
from datetime import UTC, datetime

import pypdfium2

from abonent.formats import ubl
from abonent.formats.invoice import Cover, render
from abonent.formats.typst import Attachment
from bench.invoice_content import SUBSCRIBERS, cover, electronic
from bench.measure import Work, figure, in_child
from bench.order_world import place, run_in
from bench.peers.weasyprint_invoice import Printer

DOCUMENTS = 20
FORMED = datetime(2026, 11, 1, 9, tzinfo=UTC)


def main() -> None:
    own, other = in_child("bench.invoice_pdf:ours"), in_child("bench.invoice_pdf:theirs")
    note = f"one core, {SUBSCRIBERS} subscribers; ours is tagged PDF/A-3a + PDF/UA-1 with UBL attached; all read back"
    value, peer_value = DOCUMENTS / own.seconds, DOCUMENTS / other.seconds
    figure("invoice_pdf", value, "docs/s", peer="WeasyPrint", peer_value=peer_value, note=note)
    figure("invoice_pdf.peak_mb", own.peak_mb, "MB", peer="WeasyPrint", peer_value=other.peak_mb, invert=True)
    with place("sqlite") as where:
        run_in(where, "bench.documents_work", "invoice")


def ours() -> Work:
    """Each run makes other invoices: typst would remember those that it has seen."""
    first = itertools.count(step=SUBSCRIBERS)
    check(cover(), render(cover(), FORMED))
    return lambda: [invoice(next(first) + 10_000) for _ in range(DOCUMENTS)]


def invoice(first: int) -> bytes:
    """With the whole invoice for programs in it."""
    text = "".join(ubl.parts(electronic(first)))
    attachment = Attachment("invoice.xml", text, "application/xml", "The invoice for programs")
    return render(cover(first), FORMED, attachments=[attachment])


def theirs() -> Work:
    first = itertools.count(step=SUBSCRIBERS)
    printer = Printer()
    check(cover(), printer.render(cover()))
    return lambda: [printer.render(cover(next(first) + 10_000)) for _ in range(DOCUMENTS)]


def check(content: Cover, pdf: bytes) -> None:
    """Every subscriber and the total stand in the document."""
    text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    plain = "".join(text.split())
    assert content.subscribers
    for row in content.subscribers.rows:
        assert "".join(row[0].split()) in plain, row
    assert "".join(content.due.amount.split()) in plain
