"""What an invoice says, read from its rows once: by kind of charge, by subscriber, line by line."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from abonent.billing.kinds import ORDER, Names, describe, label, name_of
from abonent.billing.models import Invoice, InvoiceLine, InvoiceSubscriber
from abonent.lib.money import ZERO
from abonent.profile import current as current_profile
from abonent.usage.layout import Charge

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class KindSum:
    """All lines of one kind of charge; `records` is 0 for fees."""

    kind: str
    records: int
    net: Decimal
    vat: Decimal
    gross: Decimal

    @property
    def label(self) -> str:
        return label(self.kind)


@dataclass(frozen=True, slots=True)
class SubscriberSum:
    """One subscriber's share: fees + usage = net."""

    subscriber_id: int
    number: str
    name: str
    tariff: str
    fees: Decimal
    usage: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class RateSum:
    """What is taxed at one rate of VAT, in per cent; fees + usage = net, net + vat = gross."""

    rate: Decimal
    fees: Decimal
    usage: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line in words; `first` and `last` are the days of its period, both inclusive."""

    number: str
    what: str
    first: dt.date
    last: dt.date
    records: int
    net: Decimal
    vat_rate: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class _What:
    kind: str
    subject: str
    late_month: str


def names_of(invoice: Invoice) -> Names:
    """The names of tariffs and services as they were when the invoice was formed."""
    names: Names = invoice.snapshot["names"]
    return names


def by_kind(invoice: Invoice) -> list[KindSum]:
    """In the order of printing: fees first."""
    rows = invoice.lines.order_by().values("kind")
    sums = rows.annotate(count=Sum("records"), nets=Sum("net"), vats=Sum("vat"), grosses=Sum("gross"))
    kinds = [KindSum(row["kind"], row["count"], row["nets"], row["vats"], row["grosses"]) for row in sums]
    return sorted(kinds, key=lambda known: ORDER[known.kind])


def by_subscriber(invoice: Invoice, some: Sequence[InvoiceSubscriber] | None = None) -> list[SubscriberSum]:
    """All subscribers in the order of printing, or `some` of them (a page)."""
    names = names_of(invoice)
    people = invoice.subscribers if some is None else some
    used = _usage(invoice, None if some is None else [one.subscriber_id for one in some])
    return [
        SubscriberSum(
            one.subscriber_id,
            one.number,
            one.name,
            name_of(f"tariff:{one.tariff}", names) if one.tariff else "",
            one.net - used.get(one.subscriber_id, ZERO),
            used.get(one.subscriber_id, ZERO),
            one.net,
            one.vat,
            one.gross,
        )
        for one in people
    ]


def by_rate(invoice: Invoice) -> list[RateSum]:
    """The VAT of the whole invoice, the highest rate first; a rate of its own for late records of another one."""
    return [_rate_sum(row) for row in _by_rate(invoice, "vat_rate").order_by("-vat_rate")]


def by_subscriber_and_rate(invoice: Invoice) -> dict[int, list[RateSum]]:
    """The same for each subscriber, by its id."""
    shares: dict[int, list[RateSum]] = {}
    for row in _by_rate(invoice, "subscriber_id", "vat_rate").order_by("-vat_rate").iterator(_CHUNK):
        shares.setdefault(row["subscriber_id"], []).append(_rate_sum(row))
    return shares


def _by_rate(invoice: Invoice, *keys: str) -> "QuerySet[InvoiceLine, dict[str, Any]]":
    used = Sum("net", filter=Q(kind__in=Charge.values))
    rows: QuerySet[InvoiceLine, dict[str, Any]] = (
        invoice.lines.order_by().values(*keys).annotate(used=used, nets=Sum("net"), vats=Sum("vat"))
    )
    return rows


def _rate_sum(row: Mapping[str, Any]) -> RateSum:
    used, net, vat = row["used"] or ZERO, row["nets"], row["vats"]
    return RateSum(row["vat_rate"], net - used, used, net, vat, net + vat)


def line_by_line(invoice: Invoice) -> Iterator[BillLine]:
    """Every line, streamed, in the order of printing."""
    return _lines(invoice, invoice.lines, invoice.subscribers)


def _lines(
    invoice: Invoice, lines: "QuerySet[InvoiceLine]", people: "QuerySet[InvoiceSubscriber]"
) -> Iterator[BillLine]:
    zone = current_profile().zone
    numbers: dict[int, str] = dict(people.values_list("subscriber_id", "number"))
    names = names_of(invoice)
    texts: dict[_What, str] = {}
    fields = lines.values_list(
        "subscriber_id", "kind", "subject", "late_month", "period_start", "period_end",
        "records", "net", "vat_rate", "vat", "gross",
    )  # fmt: skip
    for subscriber, kind, subject, late, start, end, records, net, rate, vat, gross in fields.iterator(_CHUNK):
        what = _What(kind, subject, late)
        text = texts.get(what) or texts.setdefault(what, describe(what, names))
        first, last = days_of(start, end, zone)
        yield BillLine(numbers[subscriber], text, first, last, records, net, rate, vat, gross)


def days_of(start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> tuple[dt.date, dt.date]:
    """The first and the last day of a half-open period."""
    return start.astimezone(zone).date(), (end - dt.timedelta(microseconds=1)).astimezone(zone).date()


def _usage(invoice: Invoice, subscribers: list[int] | None) -> dict[int, Decimal]:
    lines = invoice.lines.order_by().filter(kind__in=Charge.values)
    if subscribers is not None:
        lines = lines.filter(subscriber_id__in=subscribers)
    return dict(lines.values("subscriber_id").annotate(nets=Sum("net")).values_list("subscriber_id", "nets"))


def line_by_line_of(invoice: Invoice, subscriber: str) -> list[BillLine]:
    """The lines of one subscriber, named by its id as it came in an address; none for anything else."""
    if not (subscriber.isascii() and subscriber.isdigit()):
        return []
    key = int(subscriber[:18])
    return list(_lines(invoice, invoice.lines.filter(subscriber_id=key), invoice.subscribers.filter(subscriber_id=key)))
