"""The invoice for programs, UBL 2.1 as `docs/formats/invoice.md` has it: a file, or what is attached to the PDF."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import BinaryIO

import pikepdf
from lxml import etree

from abonent.expenses.formats.bounded import Undeclared
from abonent.expenses.formats.content import (
    Closing,
    Column,
    Fact,
    Form,
    Holds,
    Item,
    Opening,
    Row,
    Section,
    Totals,
    Unreadable,
    Value,
    Why,
)
from abonent.expenses.formats.pdf_content import inflated
from abonent.expenses.formats.values import amount, moment, phone

ATTACHED = "invoice.xml"
MAX_ATTACHED = 256 * 1024 * 1024
CUSTOMIZATION = "urn:abonent:ubl:invoice:1"
_OASIS = "urn:oasis:names:specification:ubl:schema:xsd"
ROOT = f"{{{_OASIS}:Invoice-2}}Invoice"
_NAMES = {"a": f"{_OASIS}:CommonAggregateComponents-2", "b": f"{_OASIS}:CommonBasicComponents-2"}
_LINE, _CUSTOMIZATION = f"{{{_NAMES['a']}}}InvoiceLine", f"{{{_NAMES['b']}}}CustomizationID"
_FACTS = {
    "number": "b:ID",
    "issued": "b:IssueDate",
    "due": "b:DueDate",
    "words": "b:Note",
    "currency": "b:DocumentCurrencyCode",
    "first": "a:InvoicePeriod/b:StartDate",
    "last": "a:InvoicePeriod/b:EndDate",
    "contract": "a:ContractDocumentReference/b:ID",
    "signed": "a:ContractDocumentReference/b:IssueDate",
    "account": "a:AccountingCustomerParty/b:SupplierAssignedAccountID",
    "operator": "a:AccountingSupplierParty/a:Party/a:PartyName/b:Name",
    "operator_tax_id": "a:AccountingSupplierParty/a:Party/a:PartyTaxScheme/b:CompanyID",
    "client": "a:AccountingCustomerParty/a:Party/a:PartyName/b:Name",
    "client_tax_id": "a:AccountingCustomerParty/a:Party/a:PartyTaxScheme/b:CompanyID",
    "bank_account": "a:PaymentMeans/a:PayeeFinancialAccount/b:ID",
    "purpose": "a:PaymentMeans/b:PaymentID",
    "payable": "a:LegalMonetaryTotal/b:PayableAmount",
}
_TAXES = ("rate", "net", "vat")
_LINES = ("number", "name", "tariff", "fees", "usage", "rate", "net", "vat")


def attached(stream: BinaryIO) -> bytes | None:
    """The invoice for programs that a PDF carries, if it does."""
    try:
        with pikepdf.open(stream, attempt_recovery=False) as pdf:
            found = pdf.attachments.get(ATTACHED)
            file = found.get_file().obj if found else None
            return inflated(file, MAX_ATTACHED) if isinstance(file, pikepdf.Stream) else None
    except (pikepdf.PdfError, TypeError, AttributeError, LookupError, ValueError) as error:
        raise Unreadable(Why.BROKEN) from error


def read(stream: BinaryIO, zone: tzinfo) -> Iterator[Item]:
    """VAT by rate, then a line for each subscriber and rate; both add up to the invoice's own totals."""
    source = Undeclared(stream)
    events = etree.iterparse(
        source, events=("start", "end"), tag=(ROOT, _CUSTOMIZATION, _LINE), resolve_entities=False, load_dtd=False,
        no_network=True, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        yield from _items(events, source, zone)
    except etree.XMLSyntaxError as error:
        raise Unreadable(Why.BROKEN, f"line {error.lineno}") from error


def _items(events: etree.iterparse, source: Undeclared, zone: tzinfo) -> Iterator[Item]:
    root: etree._Element | None = None
    sums: Sequence[Value] = ()
    rows = 0
    for event, element in events:
        if element.tag == ROOT:
            root = element
        elif root is None or (element.tag == _CUSTOMIZATION and element.text != CUSTOMIZATION and event == "end"):
            raise Unreadable(Why.UNKNOWN)
        elif element.tag == _LINE and event == "start" and not sums:
            sums = _sums(root)
            for item in _heading(root, sums, zone):
                rows += isinstance(item, Row)
                yield item
        elif element.tag == _LINE and event == "end":
            rows += 1
            source.row()
            yield _line(element)
            element.clear()
            root.remove(element)
    if not sums:
        raise Unreadable(Why.UNKNOWN)
    yield Totals((None,) * (len(_LINES) - 2) + tuple(sums))
    yield Closing(rows)


def _heading(root: etree._Element, sums: Sequence[Value], zone: tzinfo) -> Iterator[Item]:
    facts = tuple(Fact(key, "", text) for key, path in _FACTS.items() if (text := _text(root, path)))
    formed = moment(f"{_text(root, 'b:IssueDate')}T{_text(root, 'b:IssueTime')}", zone)
    note = root.find("b:Note", _NAMES)
    yield Opening(
        Form.UBL,
        kind="invoice",
        title=_text(root, "b:ID"),
        language="" if note is None else str(note.get("languageID", "")),
        formed=formed if isinstance(formed, datetime) else None,
        facts=facts,
    )
    yield Section("taxes", "", _columns(_TAXES))
    for tax in root.iterfind("a:TaxTotal/a:TaxSubtotal", _NAMES):
        rate = amount(_text(tax, "a:TaxCategory/b:Percent"))
        yield Row((rate, amount(_text(tax, "b:TaxableAmount")), amount(_text(tax, "b:TaxAmount"))))
    yield Totals((None, *sums))
    yield Section("electronic", "", _columns(_LINES))


def _sums(root: etree._Element) -> tuple[Value, Value]:
    """Without VAT, and the VAT."""
    net, vat = _text(root, "a:LegalMonetaryTotal/b:LineExtensionAmount"), _text(root, "a:TaxTotal/b:TaxAmount")
    return amount(net), amount(vat)


def _line(line: etree._Element) -> Row:
    told = {
        _text(one, "b:ID"): _text(one, "b:Value") for one in line.iterfind("a:Item/a:AdditionalItemProperty", _NAMES)
    }
    return Row(
        (
            phone(told.get("number", "")),
            _text(line, "a:Item/b:Description") or None,
            told.get("tariff") or None,
            amount(told.get("fees", "")),
            amount(told.get("usage", "")),
            amount(_text(line, "a:Item/a:ClassifiedTaxCategory/b:Percent")),
            amount(_text(line, "b:LineExtensionAmount")),
            amount(_text(line, "a:TaxTotal/b:TaxAmount")),
        )
    )


def _columns(keys: Sequence[str]) -> tuple[Column, ...]:
    texts = {"number": Holds.PHONE, "name": Holds.TEXT, "tariff": Holds.TEXT}
    return tuple(Column(key, "", texts.get(key, Holds.AMOUNT)) for key in keys)


def _text(element: etree._Element, path: str) -> str:
    return element.findtext(path, "", _NAMES)
