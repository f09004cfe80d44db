"""Invoices of forty subscribers: documents per second and core, beside WeasyPrint on the same content."""

import itertools
from datetime import UTC, datetime

import pypdfium2

from abonent.formats.invoice import Cover, render
from abonent.formats.typst import Attachment
from bench.invoice_content import SUBSCRIBERS, cover
from bench.measure import Work, figure, in_child
from bench.order_world import place, run_in
from bench.peers.weasyprint_invoice import Printer

DOCUMENTS = 20
FORMED = datetime(2026, 11, 1, 9, tzinfo=UTC)
ATTACHMENT = Attachment("invoice.xml", "<invoice/>" * 500, "application/xml", "The invoice for programs")


def main() -> None:
    own, other = in_child("bench.invoice_pdf:ours"), in_child("bench.invoice_pdf:theirs")
    note = f"one core, {SUBSCRIBERS} subscribers; ours is tagged PDF/A-3a + PDF/UA-1 with XML attached; all read back"
    value, peer_value = DOCUMENTS / own.seconds, DOCUMENTS / other.seconds
    figure("invoice_pdf", value, "docs/s", peer="WeasyPrint", peer_value=peer_value, note=note)
    figure("invoice_pdf.peak_mb", own.peak_mb, "MB", peer="WeasyPrint", peer_value=other.peak_mb, invert=True)
    with place("sqlite") as where:
        run_in(where, "bench.documents_work", "invoice")


def ours() -> Work:
    """Each run makes other invoices: typst would remember those that it has seen."""
    first = itertools.count(step=SUBSCRIBERS)
    check(cover(), render(cover(), FORMED))
    return lambda: [render(cover(next(first) + 10_000), FORMED, attachments=[ATTACHMENT]) for _ in range(DOCUMENTS)]


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
