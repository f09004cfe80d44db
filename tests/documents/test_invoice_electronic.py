"""The file that an accountant keeps: archival, tagged, and with the invoice for programs in it (S2, L3)."""

import datetime as dt
import io
from dataclasses import asdict
from decimal import Decimal

import pikepdf
import pytest

from abonent.billing.kinds import Fee
from abonent.billing.models import Breakdown, Invoice, InvoiceLine, InvoiceSubscriber
from abonent.clients.models import Account, Client, Contract
from abonent.documents.bill import by_subscriber
from abonent.documents.models import DocumentRequest
from abonent.lib.money import ZERO
from abonent.lib.periods import Month, midnight
from abonent.profile import current
from abonent.usage.layout import Charge
from abonent.usage.models import RatingVersion, UsageMonth
from tests.conftest import NOON
from tests.documents.test_invoice import figures, made, pdf_text, shown
from tests.formats.archival import violations
from tests.formats.sample import pages_of
from tests.formats.test_ubl import all_of, checked

OCTOBER = Month(2026, 10)
NAMES = ('<b>&"\x00\x1b\u202e', "😀 " * 80, "Ж" * 250, "Іваноў Янка", "")
NUMBERS = [f"37529{1_000_000 + place}" for place in range(len(NAMES))]
# Kind, net, rate, VAT: what came late keeps the rate of its month.
CHARGES = (
    (Fee.TARIFF, Decimal("1234.50"), Decimal(25), Decimal("308.63")),
    (Charge.VOICE_HOME, Decimal("0.05"), Decimal(25), Decimal("0.01")),
    (Charge.VOICE_HOME, Decimal("0.03"), Decimal(20), Decimal("0.01")),
)

NET, VAT = sum((one[1] for one in CHARGES), ZERO), sum((one[3] for one in CHARGES), ZERO)


def issued(names: tuple[str, ...] = NAMES) -> Invoice:
    """An invoice of October with three charges for each name."""
    client = Client.objects.create(name='ООО "<Заря> & К°" ' + "Ж" * 200, tax_id="191234567")
    contract = Contract.objects.create(client=client, number="D & 1", signed=dt.date(2025, 1, 31))
    account = Account.objects.create(contract=contract, number="00020123456", opened=contract.signed)
    zone = current().zone
    start = midnight(OCTOBER.first_day, zone)
    breakdown = Breakdown.objects.create(account=account, month=str(OCTOBER))
    for key, name in enumerate(names):
        _part(breakdown, key, name, start)
    net, vat = len(names) * NET, len(names) * VAT
    month = UsageMonth.objects.create(month=str(OCTOBER))
    return Invoice.objects.create(
        account=account, month=str(OCTOBER), number="00020123456-202610", issued_at=NOON, due_date=NOON.date(),
        period_start=start, period_end=midnight(OCTOBER.plus(1).first_day, zone), breakdown=breakdown, currency="BYN",
        rating_version=RatingVersion.objects.create(
            month=month, preliminary=False, records=0, unrated=0, amount_micros=0
        ),
        net=net, vat=vat, gross=net + vat, snapshot=_snapshot(client, contract, account),
    )  # fmt: skip


def _snapshot(client: Client, contract: Contract, account: Account) -> dict[str, object]:
    known = {"name": client.name, "tax_id": client.tax_id, "registry_id": "", "address": "", "bank_accounts": []}
    return {
        "operator": asdict(current().operator),
        "client": known,
        "contract": {"number": contract.number, "signed": contract.signed.isoformat()},
        "account": {"number": account.number},
        "names": {},
    }


def _part(breakdown: Breakdown, key: int, name: str, start: dt.datetime) -> None:
    InvoiceSubscriber.objects.create(
        breakdown=breakdown, subscriber_id=key, number=NUMBERS[key], name=name, net=NET, vat=VAT, gross=NET + VAT
    )
    for kind, charge, rate, tax in CHARGES:
        InvoiceLine.objects.create(
            breakdown=breakdown, subscriber_id=key, kind=kind, period_start=start, period_end=NOON, vat_rate=rate,
            net=charge, vat=tax, gross=charge + tax,
        )  # fmt: skip


def pdf_of(invoice: Invoice) -> bytes:
    return made(
        DocumentRequest(
            kind="invoice", params={"month": str(OCTOBER)}, account=invoice.account, format="pdf", language="ru",
            client_id=invoice.account.client.pk, by="link",
        )
    )  # fmt: skip


def attached(pdf: pikepdf.Pdf) -> str:
    """The one attachment, found by its name and by the document that it belongs to alike."""
    (spec,) = pdf.Root.AF
    assert str(spec.AFRelationship) == "/Alternative"
    assert list(pdf.attachments) == ["invoice.xml"]
    content = pdf.attachments["invoice.xml"].get_file().read_bytes()
    assert spec.EF.F.read_bytes() == content
    return content.decode()


@pytest.fixture(params=[300, 2], ids=["cover alone", "cover and annex"])
def issue(request: pytest.FixtureRequest, db: None, monkeypatch: pytest.MonkeyPatch) -> tuple[Invoice, bytes, bool]:  # noqa: ARG001
    monkeypatch.setattr("abonent.documents.invoice.MAX_SUBSCRIBERS", request.param)
    invoice = issued()
    return invoice, pdf_of(invoice), request.param > len(NAMES)


def test_S2_the_invoice_is_archival_and_claims_what_it_is(issue: tuple[Invoice, bytes, bool]) -> None:
    _, content, alone = issue
    assert violations(content) == []
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
        claims = [metadata.get(key) for key in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
        assert claims == (["3", "A", "1"] if alone else ["3", "U", None])
        assert pdf.check_pdf_syntax() == []


def test_S2_pages_are_counted_through(issue: tuple[Invoice, bytes, bool]) -> None:
    pages = pages_of(issue[1])
    for number, text in enumerate(pages, 1):
        assert f"Страница {number} из {len(pages)}" in text


def test_S2_every_page_stands_in_the_structure(issue: tuple[Invoice, bytes, bool]) -> None:
    _, content, alone = issue
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        parents = pikepdf.NumberTree(pdf.Root.StructTreeRoot.ParentTree)
        told = [parents[int(page.obj.StructParents)] for page in pdf.pages]
        assert all(len(elements) for elements in told)
        if not alone:
            assert told[-1][0].Pg.objgen == pdf.pages[-1].obj.objgen
            assert str(told[-1][0].P.S) == "/Sect"


def test_S2_the_invoice_for_programs_says_what_page_and_database_say(issue: tuple[Invoice, bytes, bool]) -> None:
    invoice, content, _ = issue
    with pikepdf.open(io.BytesIO(content)) as pdf:
        root = checked(attached(pdf))
    totals = [Decimal(text) for text in all_of(root, "cac:LegalMonetaryTotal/*")]
    assert totals == [invoice.net, invoice.net, invoice.gross, invoice.gross]
    net = [Decimal(text) for text in all_of(root, "cac:InvoiceLine/cbc:LineExtensionAmount")]
    vat = [Decimal(text) for text in all_of(root, "cac:InvoiceLine/cac:TaxTotal/cbc:TaxAmount")]
    assert (sum(net), sum(vat)) == (invoice.net, invoice.vat)
    for tag, whole in (("TaxableAmount", invoice.net), ("TaxAmount", invoice.vat)):
        parts = [Decimal(text) for text in all_of(root, f"cac:TaxSubtotal/cbc:{tag}")]
        assert len(parts) == 2
        assert sum(parts) == whole
    printed = figures(pdf_text(content))
    sums = {amount for one in by_subscriber(invoice) for amount in (one.net, one.vat, one.gross)}
    assert {shown(amount) for amount in (invoice.net, invoice.vat, invoice.gross, *sums)} <= printed


def test_S2_each_subscriber_has_a_line_for_each_rate(db: None) -> None:  # noqa: ARG001
    with pikepdf.open(io.BytesIO(pdf_of(issued()))) as pdf:
        root = checked(attached(pdf))
    assert all_of(root, "cac:AdditionalItemProperty[cbc:ID='number']/cbc:Value") == [
        number for number in NUMBERS for _ in range(2)
    ]
    keyed = {key: all_of(root, f"cac:AdditionalItemProperty[cbc:ID='{key}']/cbc:Value") for key in ("fees", "usage")}
    assert keyed == {"fees": ["1234.50", "0.00"] * 5, "usage": ["0.05", "0.03"] * 5}
    assert all_of(root, "cac:Item/cbc:Description")[:2] == ['<b>&"\ufffd\ufffd'] * 2


def test_S2_an_account_on_which_nothing_was_charged_has_an_invoice_too(db: None) -> None:  # noqa: ARG001
    with pikepdf.open(io.BytesIO(pdf_of(issued(())))) as pdf:
        root = checked(attached(pdf))
    assert all_of(root, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["0.00"]
    assert len(all_of(root, "cac:InvoiceLine/cbc:ID")) == 1
