"""The tables of an invoice, each with its sum as the last row."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.billing.models import Invoice
from abonent.documents.bill import BillLine, KindSum, RateSum, SubscriberSum
from abonent.documents.texts import day, month_name
from abonent.documents.words import amount_in_words
from abonent.formats.report import Column, Fact, Kind, Row, Section
from abonent.formats.text import decimal_sign
from abonent.lib.money import ZERO
from abonent.profile import current as current_profile


class Sums(Protocol):
    """What the tables add up to: an invoice, or what will be one."""

    @property
    def net(self) -> Decimal: ...
    @property
    def vat(self) -> Decimal: ...
    @property
    def gross(self) -> Decimal: ...


def facts(invoice: Invoice) -> tuple[Fact, ...]:
    """Whose invoice it is, of what, and until when it is to be paid; names as they were when it was formed."""
    here, language = current_profile(), get_language() or "en"
    operator, client = (invoice.snapshot[part] for part in ("operator", "client"))
    tax_id = here.label("tax_id", language)
    return (
        Fact("number", _("Invoice number"), invoice.number),
        Fact("month", _("Month"), month_name(invoice.period)),
        Fact("issued", _("Issued"), day(invoice.issued_at.astimezone(here.zone).date())),
        Fact("due", _("Pay by"), day(invoice.due_date)),
        Fact("operator", _("Operator"), f"{operator['name']}, {tax_id} {operator['tax_id']}"),
        Fact("client", _("Client"), f"{client['name']}, {tax_id} {client['tax_id']}"),
        Fact("contract", _("Contract"), str(invoice.snapshot["contract"]["number"])),
        Fact("account", _("Account"), str(invoice.snapshot["account"]["number"])),
        Fact("currency", _("Currency"), invoice.currency),
        Fact("words", _("Amount in words"), in_words(invoice.gross)),
    )


def in_words(amount: Decimal) -> str:
    """An amount in the profile's currency, in words of the active language."""
    language = (get_language() or "en")[:2]
    return amount_in_words(amount, language, current_profile().currency_words[language])


def percent(rate: Decimal) -> str:
    """`25 %`, `12,5 %`."""
    sign = decimal_sign(get_language() or "en")
    return f"{rate.normalize():f}".replace(".", sign) + "\N{NO-BREAK SPACE}%"


def contract_of(invoice: Invoice) -> str:
    """`D-191234567 of 01.01.2025`."""
    contract = invoice.snapshot["contract"]
    signed = day(dt.date.fromisoformat(contract["signed"]))
    # Translators: a contract and when it was signed: «№ 123 от 01.01.2020»
    return _("%(number)s of %(day)s") % {"number": contract["number"], "day": signed}


def summary_section(whole: Sums, kinds: Sequence[KindSum]) -> Section:
    columns = (
        Column("charge", _("Kind of charge"), Kind.TEXT, 36),
        Column("records", _("Records"), Kind.INTEGER, 10),
        *_money(),
    )
    rows = [(known.label, known.records or None, known.net, known.vat, known.gross) for known in kinds]
    return Section("summary", _("Summary"), columns, rows, (_("Total"), None, *_sums(whole)))


def taxes_section(invoice: Invoice, rates: Sequence[RateSum]) -> Section:
    """What was taxed at which rate: late records may keep the one of their month."""
    columns = (Column("rate", _("Rate"), Kind.TEXT, 12), *_money())
    rows = [(percent(one.rate), one.net, one.vat, one.gross) for one in rates]
    return Section("taxes", _("VAT by rate"), columns, rows, (_("Total"), *_sums(invoice)))


def subscribers_section(whole: Sums, people: Sequence[SubscriberSum]) -> Section:
    columns = (
        Column("number", _("Number"), Kind.PHONE, 18),
        Column("name", _("Name"), Kind.TEXT, 28),
        Column("tariff", _("Tariff"), Kind.TEXT, 18),
        Column("fees", _("Fees"), Kind.AMOUNT, 11),
        Column("usage", _("Usage"), Kind.AMOUNT, 11),
        *_money(),
    )
    rows: list[Row] = [
        (one.number, one.name, one.tariff, one.fees, one.usage, one.net, one.vat, one.gross) for one in people
    ]
    fees, usage = sum((one.fees for one in people), ZERO), sum((one.usage for one in people), ZERO)
    totals = (_("Total"), None, None, fees, usage, *_sums(whole))
    return Section("subscribers", _("By subscriber"), columns, rows, totals)


def lines_section(whole: Sums, lines: Iterable[BillLine]) -> Section:
    columns = (
        Column("number", _("Number"), Kind.PHONE, 18),
        Column("what", _("What for"), Kind.TEXT, 40),
        Column("first", _("From"), Kind.DATE, 10),
        Column("last", _("To"), Kind.DATE, 10),
        Column("records", _("Records"), Kind.INTEGER, 8),
        Column("vat_rate", _("VAT, %"), Kind.AMOUNT, 7),
        *_money(),
    )
    totals = (_("Total"), None, None, None, None, None, *_sums(whole))
    return Section("lines", _("Charges"), columns, _lines(lines), totals)


def _lines(lines: Iterable[BillLine]) -> Iterator[Row]:
    for line in lines:
        yield (
            line.number, line.what, line.first, line.last, line.records or None, line.vat_rate,
            line.net, line.vat, line.gross,
        )  # fmt: skip


def _money() -> tuple[Column, ...]:
    return (
        Column("net", _("Without VAT"), Kind.AMOUNT, 12),
        Column("vat", _("VAT"), Kind.AMOUNT, 11),
        Column("gross", _("With VAT"), Kind.AMOUNT, 12),
    )


def _sums(whole: Sums) -> tuple[Decimal, Decimal, Decimal]:
    return whole.net, whole.vat, whole.gross
