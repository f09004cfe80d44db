"""An invoice for programs: UBL 2.1, piece by piece. `docs/formats/invoice.md` says what stands where, and why.

Like the cover (`formats/invoice.py`) this knows no language and no country: labels and names are the caller's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from abonent.formats.text import clean, plain

CUSTOMIZATION = "urn:abonent:ubl:invoice:1"
_INVOICE, _CREDIT_TRANSFER = "380", "30"  # UNCL 1001 and UNCL 4461
_STANDARD, _ZERO_RATED = "S", "Z"  # UNCL 5305
_ONE = "C62"  # UN/ECE Recommendation 20: a piece
_OASIS = "urn:oasis:names:specification:ubl:schema:xsd"
NAMESPACES = {
    "": f"{_OASIS}:Invoice-2",
    "cac": f"{_OASIS}:CommonAggregateComponents-2",
    "cbc": f"{_OASIS}:CommonBasicComponents-2",
}


@dataclass(frozen=True, slots=True)
class Party:
    """The operator or the client. `country` is ISO 3166-1 alpha-2; what is empty is left out."""

    name: str
    address: str
    tax_id: str
    registry_id: str
    country: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Bank:
    """Where the money goes: the account (an IBAN where there is one), the bank's name and its code (BIC)."""

    account: str
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Tax:
    """What is taxed at one rate, in per cent."""

    rate: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Property:
    """Something that a line tells of its item: a key for programs, its label, and the value."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Line:
    """A subscriber's share at one rate. `item` is what was sold, `about` a text on it."""

    item: str
    about: str
    tax: Tax
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class Invoice:
    """All that is told of an invoice; `lines` are read once, as they are written.

    Their sums are `net` and `vat`, and so are those of `taxes` (rounded once per charge, not once per rate); `first`
    and `last` are days of the period, both inclusive. Amounts in `currency` (ISO 4217).
    """

    number: str
    language: str
    issued: datetime
    due: date
    first: date
    last: date
    currency: str
    words: str
    contract: str
    signed: date
    account: str
    operator: Party
    client: Party
    bank: Bank
    purpose: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    taxes: tuple[Tax, ...]
    lines: Iterable[Line]


def parts(invoice: Invoice) -> Iterator[str]:
    """The document, a line of the invoice at a time. XML wants one line at least: ValueError where there is none."""
    yield _opening(invoice)
    number = 0
    for number, line in enumerate(invoice.lines, 1):
        yield _line(number, line, invoice.currency)
    if not number:
        raise ValueError(f"invoice {invoice.number} has no line")
    yield "</Invoice>\n"


def _opening(invoice: Invoice) -> str:
    spaces = " ".join(f"xmlns{':' if name else ''}{name}={quoteattr(uri)}" for name, uri in NAMESPACES.items())
    return "".join((
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Invoice {spaces}>\n',
        _basic("UBLVersionID", "2.1"),
        _basic("CustomizationID", CUSTOMIZATION),
        _basic("ID", invoice.number),
        _basic("IssueDate", invoice.issued.date().isoformat()),
        _basic("IssueTime", invoice.issued.isoformat(timespec="seconds").partition("T")[2]),
        _basic("DueDate", invoice.due.isoformat()),
        _basic("InvoiceTypeCode", _INVOICE),
        _basic("Note", invoice.words, languageID=invoice.language),
        _basic("TaxPointDate", invoice.last.isoformat()),
        _basic("DocumentCurrencyCode", invoice.currency),
        _period(invoice.first, invoice.last),
        _group("ContractDocumentReference", _basic("ID", invoice.contract), _day("IssueDate", invoice.signed)),
        _group("AccountingSupplierParty", _party(invoice.operator)),
        _group(
            "AccountingCustomerParty", _basic("SupplierAssignedAccountID", invoice.account), _party(invoice.client)
        ),
        _payment(invoice),
        _taxes(invoice),
        _totals(invoice),
    ))  # fmt: skip


def _party(party: Party) -> str:
    country = _basic("IdentificationCode", party.country)
    address = _group("AddressLine", _basic("Line", party.address)), _group("Country", country)
    return _group(
        "Party",
        _group("PartyName", _basic("Name", party.name)),
        _group("PostalAddress", *address),
        _group("PartyTaxScheme", _basic("CompanyID", party.tax_id), _VAT) if party.tax_id else "",
        _group("PartyLegalEntity", _basic("RegistrationName", party.name), _basic("CompanyID", party.registry_id)),
        _group("Contact", _basic("Telephone", party.phone), _basic("ElectronicMail", party.email)),
    )


def _payment(invoice: Invoice) -> str:
    branch = _group("FinancialInstitutionBranch", _basic("ID", invoice.bank.code), _basic("Name", invoice.bank.name))
    return _group(
        "PaymentMeans",
        _basic("PaymentMeansCode", _CREDIT_TRANSFER),
        _day("PaymentDueDate", invoice.due),
        _basic("PaymentID", invoice.purpose),
        _group("PayeeFinancialAccount", _basic("ID", invoice.bank.account), branch),
    )


def _taxes(invoice: Invoice) -> str:
    subtotals = (
        _group(
            "TaxSubtotal",
            _money("TaxableAmount", tax.net, invoice.currency),
            _money("TaxAmount", tax.vat, invoice.currency),
            _group("TaxCategory", *_category(tax)),
        )
        for tax in invoice.taxes
    )
    return _group("TaxTotal", _money("TaxAmount", invoice.vat, invoice.currency), *subtotals)


def _totals(invoice: Invoice) -> str:
    sums = {
        "LineExtensionAmount": invoice.net,
        "TaxExclusiveAmount": invoice.net,
        "TaxInclusiveAmount": invoice.gross,
        "PayableAmount": invoice.gross,
    }
    return _group("LegalMonetaryTotal", *(_money(name, value, invoice.currency) for name, value in sums.items()))


def _line(number: int, line: Line, currency: str) -> str:
    tax = line.tax
    item = _group(
        "Item",
        _basic("Description", line.about),
        _basic("Name", line.item),
        _group("ClassifiedTaxCategory", *_category(tax)),
        *map(_property, line.properties),
    )
    return _group(
        "InvoiceLine",
        _basic("ID", str(number)),
        _basic("InvoicedQuantity", "1", unitCode=_ONE),
        _money("LineExtensionAmount", tax.net, currency),
        _group("TaxTotal", _money("TaxAmount", tax.vat, currency)),
        item,
        _group("Price", _money("PriceAmount", tax.net, currency)),
    )


def _property(one: Property) -> str:
    if not one.value:
        return ""
    named = _basic("ID", one.key), _basic("Name", one.label)
    return _group("AdditionalItemProperty", *named, _basic("Value", one.value))


def _category(tax: Tax) -> tuple[str, ...]:
    return _basic("ID", _STANDARD if tax.rate else _ZERO_RATED), _basic("Percent", plain(tax.rate, 2)), _VAT


def _period(first: date, last: date) -> str:
    return _group("InvoicePeriod", _day("StartDate", first), _day("EndDate", last))


def _day(name: str, value: date) -> str:
    return _basic(name, value.isoformat())


def _money(name: str, value: Decimal, currency: str) -> str:
    return _basic(name, plain(value, 2), currencyID=currency)


def _basic(name: str, value: str, **attributes: str) -> str:
    """A value; nothing at all where it is empty, since UBL wants no empty elements."""
    text = clean(value).strip()
    if not text:
        return ""
    extra = "".join(f" {key}={quoteattr(clean(one))}" for key, one in attributes.items())
    return f"<cbc:{name}{extra}>{escape(text)}</cbc:{name}>\n"


def _group(name: str, *inner: str) -> str:
    content = "".join(inner)
    return f"<cac:{name}>\n{content}</cac:{name}>\n" if content else ""


_VAT = _group("TaxScheme", _basic("ID", "VAT"))
