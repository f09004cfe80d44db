"""The first page of an invoice for people: who, for what, how much, until when, and a code to pay by."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from django.utils.translation import gettext as _

from abonent.billing.models import Invoice
from abonent.documents.bill import KindSum, RateSum, SubscriberSum
from abonent.documents.invoice_tables import contract_of, in_words, percent
from abonent.documents.payment_code import payment_code
from abonent.documents.texts import day, month_name
from abonent.formats import qr, text
from abonent.formats.invoice import MAX_SUBSCRIBERS, Cover, Due, Party, Payment, Table
from abonent.formats.text import decimal_sign
from abonent.lib.money import ZERO
from abonent.lib.phones import pretty
from abonent.profile import current as current_profile

__all__ = ["MAX_SUBSCRIBERS", "cover"]


def cover(
    invoice: Invoice,
    kinds: Sequence[KindSum],
    rates: Sequence[RateSum],
    people: Sequence[SubscriberSum] | None,
    language: str,
) -> Cover:
    """The cover in `language`, which is the active one; `people` None where their table follows as an annex."""
    money = partial(text.amount, digits=2, sign=decimal_sign(language))
    currency = current_profile().currency_label(language)
    return Cover(
        language=language,
        title=_("Invoice %(number)s for %(month)s") % {"number": invoice.number, "month": month_name(invoice.period)},
        operator=_operator(invoice, language),
        client=_client(invoice, language),
        facts=_facts(invoice),
        due=Due(
            _("To pay, with VAT"),
            f"{money(invoice.gross)} {currency}",
            _("until %(day)s") % {"day": day(invoice.due_date)},
        ),
        summary=_summary(invoice, kinds, language),
        taxes=_taxes(invoice, rates, language),
        words=(
            _("Total with VAT: %(words)s.") % {"words": in_words(invoice.gross)},
            _("VAT in it: %(words)s.") % {"words": in_words(invoice.vat)},
        ),
        # Translators: keep {page} and {total} as they are.
        page=_("Page {page} of {total}"),
        notes=_notes(people),
        payment=_payment(invoice),
        subscribers=None if people is None else _subscribers(invoice, people, language),
    )


def _notes(people: Sequence[SubscriberSum] | None) -> tuple[str, ...]:
    follows = () if people is not None else (_("The breakdown by subscriber follows on the next pages."),)
    return (*follows, _("This file carries the same invoice for programs (UBL 2.1): invoice.xml."))


def _operator(invoice: Invoice, language: str) -> Party:
    operator = invoice.snapshot["operator"]
    lines = (
        operator["address"],
        _registered(operator, language),
        _("Bank account %(number)s") % {"number": operator["bank_account"]},
        _("%(bank)s, BIC %(code)s") % {"bank": operator["bank"], "code": operator["bank_code"]},
        ", ".join(filter(None, [operator["phone"], operator["email"]])),
    )
    return Party(_("Operator"), operator["name"], lines)


def _client(invoice: Invoice, language: str) -> Party:
    client = invoice.snapshot["client"]
    lines = (client["address"], _registered(client, language), *client["bank_accounts"])
    return Party(_("Client"), client["name"], tuple(line for line in lines if line))


def _registered(party: dict[str, str], language: str) -> str:
    """`УНП 190000001, ОКПО 370000001000`."""
    label = current_profile().label
    ids = [(label("tax_id", language), party["tax_id"]), (label("registry_id", language), party["registry_id"])]
    return ", ".join(f"{name} {value}" for name, value in ids if value)


def _facts(invoice: Invoice) -> tuple[tuple[str, str], ...]:
    month = invoice.period
    zone = current_profile().zone
    return (
        (_("Account"), str(invoice.snapshot["account"]["number"])),
        (_("Contract"), contract_of(invoice)),
        (_("Period"), f"{day(month.first_day)} – {day(month.last_day)}"),
        (_("Issued"), day(invoice.issued_at.astimezone(zone).date())),
        (_("Pay by"), day(invoice.due_date)),
        (_("Currency"), invoice.currency),
    )


def _summary(invoice: Invoice, kinds: Sequence[KindSum], language: str) -> Table:
    sign = decimal_sign(language)
    count = partial(text.amount, digits=0, sign=sign)
    money = partial(text.amount, digits=2, sign=sign)
    return Table(
        title=_("Summary"),
        columns=(_("Kind of charge"), _("Records"), _("Without VAT"), _("VAT"), _("With VAT")),
        rows=[
            (one.label, count(one.records or None), money(one.net), money(one.vat), money(one.gross)) for one in kinds
        ],
        total=(_("Total"), "", money(invoice.net), money(invoice.vat), money(invoice.gross)),
    )


def _taxes(invoice: Invoice, rates: Sequence[RateSum], language: str) -> Table:
    money = partial(text.amount, digits=2, sign=decimal_sign(language))
    return Table(
        title=_("VAT by rate"),
        columns=(_("Rate"), _("Without VAT"), _("VAT"), _("With VAT")),
        rows=[(percent(one.rate), money(one.net), money(one.vat), money(one.gross)) for one in rates],
        total=(_("Total"), money(invoice.net), money(invoice.vat), money(invoice.gross)),
    )


def _subscribers(invoice: Invoice, people: Sequence[SubscriberSum], language: str) -> Table:
    money = partial(text.amount, digits=2, sign=decimal_sign(language))

    def shown(*amounts: Decimal) -> tuple[str, ...]:
        return tuple(map(money, amounts))

    fees, usage = sum((one.fees for one in people), ZERO), sum((one.usage for one in people), ZERO)
    return Table(
        title=_("By subscriber"),
        columns=(
            _("Number"), _("Name"), _("Tariff"), _("Fees"), _("Usage"), _("Without VAT"), _("VAT"), _("With VAT"),
        ),
        rows=[
            (pretty(one.number), one.name, one.tariff, *shown(one.fees, one.usage, one.net, one.vat, one.gross))
            for one in people
        ],
        total=(_("Total"), "", "", *shown(fees, usage, invoice.net, invoice.vat, invoice.gross)),
        text_columns=3,
    )  # fmt: skip


def _payment(invoice: Invoice) -> Payment | None:
    if invoice.gross <= 0:
        return None
    return Payment(
        svg=qr.svg(payment_code(invoice)),
        alternative=_("Code for paying the invoice %(number)s") % {"number": invoice.number},
        note=_("Pay by code"),
    )
