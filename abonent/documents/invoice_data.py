"""The invoice for programs, as it is attached to the one for people: the same snapshot, the same sums."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.billing.models import Invoice
from abonent.documents.bill import RateSum, SubscriberSum, by_subscriber_and_rate
from abonent.documents.invoice_tables import in_words
from abonent.documents.payment_code import purpose
from abonent.formats import ubl
from abonent.formats.text import plain
from abonent.lib.money import ZERO
from abonent.profile import current as current_profile

_NOTHING = RateSum(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)


def electronic(invoice: Invoice, rates: Sequence[RateSum], people: Sequence[SubscriberSum]) -> ubl.Invoice:
    """The invoice as UBL in the active language: a line for each of `people` (all of them) and each rate of VAT."""
    here, month, contract = current_profile(), invoice.period, invoice.snapshot["contract"]
    operator = invoice.snapshot["operator"]
    return ubl.Invoice(
        number=invoice.number,
        language=(get_language() or "en")[:2],
        issued=invoice.issued_at.astimezone(here.zone),
        due=invoice.due_date,
        first=month.first_day,
        last=month.last_day,
        currency=invoice.currency,
        words=in_words(invoice.gross),
        contract=str(contract["number"]),
        signed=dt.date.fromisoformat(contract["signed"]),
        account=str(invoice.snapshot["account"]["number"]),
        operator=_party(operator, here.country),
        client=_party(invoice.snapshot["client"]),
        bank=ubl.Bank(operator["bank_account"], operator["bank"], operator["bank_code"]),
        purpose=purpose(invoice),
        net=invoice.net,
        vat=invoice.vat,
        gross=invoice.gross,
        taxes=tuple(map(_tax, rates or [_NOTHING])),
        lines=_lines(invoice, people),
    )


def _party(party: dict[str, str], country: str = "") -> ubl.Party:
    """The country of a client is not known, only its address as one line."""
    return ubl.Party(
        name=party["name"],
        address=party["address"],
        tax_id=party["tax_id"],
        registry_id=party["registry_id"],
        country=country,
        phone=party.get("phone", ""),
        email=party.get("email", ""),
    )


def _lines(invoice: Invoice, people: Sequence[SubscriberSum]) -> Iterator[ubl.Line]:
    """UBL knows no invoice without a line: one of nothing stands for an account on which nothing was charged."""
    if not people:
        yield ubl.Line(_("No charges"), "", _tax(_NOTHING), ())
    shares = by_subscriber_and_rate(invoice) if people else {}
    for one in people:
        for share in shares.get(one.subscriber_id, [_NOTHING]):
            yield _line(one, share)


def _line(one: SubscriberSum, share: RateSum) -> ubl.Line:
    properties = (
        ubl.Property("number", _("Number"), one.number),
        ubl.Property("tariff", _("Tariff"), one.tariff),
        ubl.Property("fees", _("Fees"), plain(share.fees, 2)),
        ubl.Property("usage", _("Usage"), plain(share.usage, 2)),
    )
    return ubl.Line(_("Communication services"), one.name, _tax(share), properties)


def _tax(share: RateSum) -> ubl.Tax:
    return ubl.Tax(share.rate, share.net, share.vat)
