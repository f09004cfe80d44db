"""The invoice as a file: every format and the database say the same to the last kopeck (S2, V4)."""

import csv
import io
import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pypdfium2
from django.utils.translation import override

from abonent.documents.bill import by_kind, by_subscriber, line_by_line
from abonent.documents.document import Document
from abonent.documents.kinds import KINDS
from abonent.documents.models import DocumentRequest
from abonent.documents.writing import write
from abonent.formats.xml import NAMESPACE
from abonent.lib.money import ZERO
from tests.documents.conftest import OCTOBER, Company


def wanted(company: Company, language: str = "ru", key: str = "pdf") -> DocumentRequest:
    return DocumentRequest(
        kind="invoice",
        params={"month": str(OCTOBER)},
        account=company.cast.first,
        client_id=company.cast.company.pk,
        format=key,
        language=language,
        by="link",
    )


def made(request: DocumentRequest) -> bytes:
    with override(request.language), KINDS[request.kind].collect(request) as document:
        return written(document, request.format)


def written(document: Document, key: str) -> bytes:
    stream = io.BytesIO()
    write(document, key, stream, lambda _rows: None)
    return stream.getvalue()


def pdf_text(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def figures(text: str) -> set[str]:
    """Amounts as they stand in a text, gaps between thousands taken away."""
    return set(re.findall(r"-?\d+[.,]\d{2}\b", re.sub(r"(?<=\d)[\u202f\u00a0](?=\d)", "", text)))


def shown(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")


def test_S2_what_the_invoice_is_made_of_adds_up(company: Company) -> None:
    invoice = company.invoice(company.cast.first)
    kinds, people, lines = by_kind(invoice), by_subscriber(invoice), list(line_by_line(invoice))
    assert invoice.gross > 0
    found = [[(part.net, part.vat, part.gross) for part in kinds], [(one.net, one.vat, one.gross) for one in people]]
    for amounts in (*found, [(line.net, line.vat, line.gross) for line in lines]):
        sums = tuple(sum(column, ZERO) for column in zip(*amounts, strict=True))
        assert sums == (invoice.net, invoice.vat, invoice.gross)
    assert all(one.fees + one.usage == one.net for one in people)
    assert by_subscriber(invoice, list(invoice.subscribers[2:4])) == people[2:4]


def test_S2_the_pdf_says_what_the_database_says(company: Company) -> None:
    invoice = company.invoice(company.cast.first)
    text = pdf_text(made(wanted(company)))
    found = figures(text)
    for kind in by_kind(invoice):
        assert {shown(kind.net), shown(kind.vat), shown(kind.gross)} <= found
    for one in by_subscriber(invoice):
        assert {shown(one.net), shown(one.vat), shown(one.gross)} <= found
    assert {shown(invoice.net), shown(invoice.vat), shown(invoice.gross)} <= found
    assert invoice.number in text
    assert "Belaya Rus" in text
    assert invoice.snapshot["operator"]["bank_account"] in text


def test_S2_the_amount_in_words_is_in_the_language_of_the_request(company: Company) -> None:
    for language, words in (("ru", "белорусски"), ("be", "беларуск"), ("en", "Belarusian ruble")):
        assert words in pdf_text(made(wanted(company, language))).replace("\r\n", " ")


def test_V4_xml_reads_back_to_the_same_lines(company: Company) -> None:
    invoice = company.invoice(company.cast.first)
    root = ET.fromstring(made(wanted(company, key="xml")))  # noqa: S314  # our own file
    sections = {section.get("key"): section for section in root.iter(f"{{{NAMESPACE}}}section")}
    rows = [
        (row.findtext(f"{{{NAMESPACE}}}number"), Decimal(row.findtext(f"{{{NAMESPACE}}}gross") or ""))
        for row in sections["lines"].iter(f"{{{NAMESPACE}}}row")
    ]
    assert rows == [(line.number, line.gross) for line in line_by_line(invoice)]


def test_V4_csv_html_txt_and_excel_hold_every_amount(company: Company) -> None:
    invoice = company.invoice(company.cast.first)
    table = io.StringIO(made(wanted(company, key="csv")).decode("utf-8-sig"))
    cells = {cell for row in csv.reader(table, delimiter=";") for cell in row}
    assert {shown(line.gross) for line in line_by_line(invoice)} <= cells
    for key in ("html", "txt"):
        text = re.sub(r"<[^>]+>", " ", made(wanted(company, key=key)).decode("utf-8-sig"))
        assert {shown(one.gross) for one in by_subscriber(invoice)} <= figures(text)
    assert made(wanted(company, key="xlsx")).startswith(b"PK")
