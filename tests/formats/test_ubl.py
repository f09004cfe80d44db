"""The invoice for programs: UBL 2.1 as its published schema has it, with the same sums as the one for people (S2)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from abonent.formats import ubl

SCHEMA = Path(__file__).parents[1] / "vendor" / "ubl-2.1" / "maindoc" / "UBL-Invoice-2.1.xsd"
OPERATOR = ubl.Party("ООО «Связь»", "220030, г. Минск", "190000001", "37000", "BY", "+375 17 000-00-00", "a@b.example")
CLIENT = ubl.Party("Заря", "", "191234567", "")
FULL, LATE = (
    ubl.Tax(Decimal(25), Decimal("10.00"), Decimal("2.50")),
    ubl.Tax(Decimal(20), Decimal("0.05"), Decimal("0.01")),
)
LINES = (
    ubl.Line("Услуги связи", "Іваноў", FULL, (ubl.Property("number", "Номер", "375291234567"),)),
    ubl.Line("Услуги связи", "", LATE, (ubl.Property("tariff", "Тариф", ""),)),
)
INVOICE = ubl.Invoice(
    number="00020123456-202610",
    language="ru",
    issued=datetime(2026, 11, 2, 12, 30, 1, 999, tzinfo=timezone(timedelta(hours=3))),
    due=date(2026, 11, 25),
    first=date(2026, 10, 1),
    last=date(2026, 10, 31),
    currency="BYN",
    words="Двенадцать рублей 56 копеек",
    contract="D-1",
    signed=date(2025, 1, 31),
    account="00020123456",
    operator=OPERATOR,
    client=CLIENT,
    bank=ubl.Bank("BY00PRMR30120000000010000000", "ОАО «Банк»", "PRMRBY2X"),
    purpose="00020123456-202610, 00020123456",
    net=Decimal("10.05"),
    vat=Decimal("2.51"),
    gross=Decimal("12.56"),
    taxes=(FULL, LATE),
    lines=LINES,
)


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def checked(text: str) -> etree._Element:
    """The document that `text` is; it keeps the schema."""
    root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    schema().assertValid(root)
    return root


def read(invoice: ubl.Invoice) -> etree._Element:
    return checked("".join(ubl.parts(invoice)))


def all_of(root: etree._Element, path: str) -> list[str]:
    """The texts at a path written as `cac:Party/cbc:Name`."""
    spaces = {name: uri for name, uri in ubl.NAMESPACES.items() if name}
    return [str(one.text) for one in root.findall(f".//{path}", spaces)]


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("cbc:IssueDate", ["2026-11-02", "2025-01-31"]),
        ("cbc:IssueTime", ["12:30:01+03:00"]),
        ("cbc:DueDate", ["2026-11-25"]),
        ("cac:InvoicePeriod/*", ["2026-10-01", "2026-10-31"]),
        ("cac:ContractDocumentReference/cbc:ID", ["D-1"]),
        ("cac:AccountingSupplierParty//cbc:CompanyID", ["190000001", "37000"]),
        ("cac:AccountingCustomerParty//cbc:CompanyID", ["191234567"]),
        ("cac:AccountingCustomerParty/cbc:SupplierAssignedAccountID", ["00020123456"]),
        ("cac:PayeeFinancialAccount//cbc:ID", ["BY00PRMR30120000000010000000", "PRMRBY2X"]),
        ("cac:TaxSubtotal/cbc:TaxableAmount", ["10.00", "0.05"]),
        ("cac:TaxSubtotal/cbc:TaxAmount", ["2.50", "0.01"]),
        ("cac:TaxSubtotal//cbc:Percent", ["25.00", "20.00"]),
        ("cac:LegalMonetaryTotal/*", ["10.05", "10.05", "12.56", "12.56"]),
        ("cac:InvoiceLine/cbc:LineExtensionAmount", ["10.00", "0.05"]),
        ("cac:InvoiceLine/cac:TaxTotal/cbc:TaxAmount", ["2.50", "0.01"]),
        ("cac:AdditionalItemProperty/cbc:Value", ["375291234567"]),
    ],
)
def test_S2_each_fact_stands_where_ubl_wants_it(path: str, texts: list[str]) -> None:
    assert all_of(read(INVOICE), path) == texts


def test_S2_what_is_not_taxed_says_so() -> None:
    free = ubl.Tax(Decimal(0), Decimal("1.00"), Decimal(0))
    root = read(replace(INVOICE, taxes=(free,), lines=(replace(LINES[0], tax=free),)))
    assert all_of(root, "cac:ClassifiedTaxCategory/cbc:ID") == ["Z"]


def test_S2_lines_are_written_as_they_are_read() -> None:
    taken = []

    def lines() -> Iterator[ubl.Line]:
        for number in range(3):
            taken.append(number)
            yield LINES[0]

    parts = ubl.parts(replace(INVOICE, lines=lines()))
    next(parts)
    assert not taken
    next(parts)
    assert taken == [0]


def test_S2_an_invoice_of_no_line_is_no_ubl() -> None:
    with pytest.raises(ValueError, match="no line"):
        list(ubl.parts(replace(INVOICE, lines=())))


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec=None, categories=None), max_size=300))
def test_S2_no_name_breaks_the_document(name: str) -> None:
    party = replace(OPERATOR, name=name, address=name, tax_id=name, email=name)
    line = ubl.Line("x", name, FULL, (ubl.Property("name", "Имя", name),))
    root = read(replace(INVOICE, operator=party, contract=name or "1", words=name, lines=(line,)))
    assert len(all_of(root, "cac:InvoiceLine/cbc:ID")) == 1


@pytest.mark.parametrize("name", ['<a href="x">&amp;</a>', "]]><!-- x -->", "😀" * 300, "%s %d {} \\"])
def test_S2_a_name_is_read_back_as_it_was(name: str) -> None:
    root = read(replace(INVOICE, lines=(replace(LINES[0], about=name),)))
    assert all_of(root, "cac:Item/cbc:Description") == [name]
