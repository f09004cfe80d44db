"""The summary of call details: per subscriber and per kind of charge, beside what the invoice asks for the same."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.db.models import Sum
from django.utils.translation import gettext as _

from abonent.billing.kinds import ORDER, UNITS, Unit, label
from abonent.billing.models import Invoice
from abonent.catalog.models import Rate
from abonent.clients.models import Account
from abonent.documents.call_params import CallParams, Directions
from abonent.formats.report import Column, Kind, Row, Section
from abonent.lib.money import ZERO, from_micros
from abonent.lib.periods import Month, Period
from abonent.profile import current as current_profile
from abonent.subscribers.models import AccountHolding, Subscriber, SubscriberQuerySet
from abonent.usage.layout import Charge
from abonent.usage.models import RatingVersion
from abonent.usage.queries import Total
from abonent.usage.sums import sums

_CHUNK = 500
_USUAL_DIGITS, _ALL_DIGITS = 4, 6
_CHARGES = frozenset(Charge.values)
_USED = (Unit.SECOND.value, Unit.MESSAGE.value, Unit.BYTE.value)
_UNITS = {charge: str(UNITS[charge]) for charge in Charge.values}


@dataclass(frozen=True, slots=True)
class Line:
    """A subscriber of the file, as named at present."""

    pk: int
    number: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What an invoice asks for a subscriber under one kind; amounts of money."""

    net: Decimal
    gross: Decimal


_NOTHING = Asked(ZERO, ZERO)


@dataclass(frozen=True, slots=True)
class Summary:
    """`invoice` is there only where the file holds all that it was made from: a whole month in both directions.

    `version` is the rating that the invoice pins; `digits` are the decimals that amounts of usage need to be exact.
    """

    lines: tuple[Line, ...]
    totals: dict[int, list[Total]]
    invoice: Invoice | None
    asked: dict[int, dict[str, Asked]]
    version: RatingVersion | None
    digits: int

    @classmethod
    def of(cls, account: Account, asked: CallParams) -> Self:
        month = asked.whole_month
        invoice = Invoice.objects.filter(account=account, month=str(month)).first() if month else None
        version = invoice.rating_version if invoice else None
        found = sums(asked.subscribers, asked.when, accounts=[account.pk], directions=asked.both_ways, version=version)
        totals: dict[int, list[Total]] = defaultdict(list)
        for total in found:
            totals[total.subscriber].append(total)
        whole = invoice if asked.directions == Directions.BOTH else None
        lines = tuple(_lines(account, asked, list(totals)))
        return cls(lines, totals, whole, _asked(whole, {line.pk for line in lines}), version, _digits())

    @property
    def rows(self) -> int:
        """How many rows the file will have: subscribers, their kinds of charge, calls."""
        calls = sum(total.records for totals in self.totals.values() for total in totals)
        return len(self.lines) + sum(len(self.kinds_of(line.pk)) for line in self.lines) + calls

    def kinds_of(self, subscriber: int) -> set[str]:
        """The kinds of charge of a subscriber: what was used, and what the invoice asks for."""
        used = {total.charge for total in self.totals.get(subscriber, ())}
        return used | (self.asked.get(subscriber, {}).keys() & _CHARGES)

    @property
    def unrated(self) -> int:
        return sum(total.unrated for totals in self.totals.values() for total in totals)


def summary_sections(summary: Summary) -> Iterator[Section]:
    """Per subscriber, then per subscriber and kind of charge; each adds up to its last row."""
    people, kinds = list(_subscriber_rows(summary)), list(_charge_rows(summary))
    columns = _subscriber_columns(summary)
    yield Section("subscribers", _("Totals by subscriber"), columns, people, _added(people, columns, 2))
    columns = _charge_columns(summary)
    yield Section("charges", _("Totals by kind of charge"), columns, kinds, _added(kinds, columns, 2))


def _subscriber_columns(summary: Summary) -> tuple[Column, ...]:
    return (
        Column("number", _("Number"), Kind.PHONE, 18),
        Column("name", _("Name"), Kind.TEXT, 24),
        *_usage_columns(summary),
        *((
            Column("usage", _("Usage on the invoice"), Kind.AMOUNT, 11),
            Column("fees", _("Fees on the invoice"), Kind.AMOUNT, 11),
            Column("total", _("Invoice with VAT"), Kind.AMOUNT, 11),
        ) if summary.invoice else ()),
    )  # fmt: skip


def _charge_columns(summary: Summary) -> tuple[Column, ...]:
    return (
        Column("number", _("Number"), Kind.PHONE, 18),
        Column("charge", _("Kind of charge"), Kind.TEXT, 24),
        *_usage_columns(summary),
        *((
            Column("net", _("On the invoice"), Kind.AMOUNT, 11),
            Column("gross", _("On the invoice with VAT"), Kind.AMOUNT, 11),
        ) if summary.invoice else ()),
    )  # fmt: skip


def _usage_columns(summary: Summary) -> tuple[Column, ...]:
    return (
        Column("records", _("Records"), Kind.INTEGER, 8),
        Column("duration", _("Duration"), Kind.DURATION, 10),
        Column("messages", _("Messages"), Kind.INTEGER, 7),
        Column("volume", _("MB"), Kind.VOLUME, 11),
        Column("amount", _("Cost"), Kind.AMOUNT, 11, summary.digits),
    )


def _subscriber_rows(summary: Summary) -> Iterator[Row]:
    for line in summary.lines:
        row: Row = (line.number, line.name, *_used(summary.totals.get(line.pk, [])))
        if summary.invoice:
            asked = summary.asked.get(line.pk, {})
            usage = sum((known.net for kind, known in asked.items() if kind in _CHARGES), ZERO)
            fees = sum((known.net for kind, known in asked.items() if kind not in _CHARGES), ZERO)
            row = (*row, usage, fees, sum((known.gross for known in asked.values()), ZERO))
        yield row


def _charge_rows(summary: Summary) -> Iterator[Row]:
    labels = {kind: label(kind) for kind in _CHARGES}
    for line in summary.lines:
        by_kind = {total.charge: [total] for total in summary.totals.get(line.pk, [])}
        asked = summary.asked.get(line.pk, {})
        for kind in sorted(summary.kinds_of(line.pk), key=ORDER.__getitem__):
            row: Row = (line.number, labels[kind], *_used(by_kind.get(kind, [])))
            if summary.invoice:
                known = asked.get(kind, _NOTHING)
                row = (*row, known.net, known.gross)
            yield row


def _used(totals: Sequence[Total]) -> tuple[int, int, int, int, Decimal]:
    """Records, seconds, messages, bytes, exact amount."""
    records = micros = 0
    used = dict.fromkeys(_USED, 0)
    for total in totals:
        records += total.records
        micros += total.amount_micros
        used[_UNITS[total.charge]] += total.quantity
    seconds, messages, volume = used.values()
    return records, seconds, messages, volume, from_micros(micros)


def _added(rows: Sequence[Row], columns: tuple[Column, ...], texts: int) -> Row:
    """The last row: the word, and the sum of every column of figures."""
    figures = [sum(cell for cell in cells if isinstance(cell, int | Decimal)) for cells in zip(*rows, strict=True)]
    return (_("Total"), *([None] * (texts - 1)), *(figures[texts:] or [0] * (len(columns) - texts)))


def _lines(account: Account, asked: CallParams, used: Sequence[int]) -> Iterator[Line]:
    """In the order of the file: by number."""
    wanted = set(asked.subscribers) if asked.subscribers is not None else _held(account, asked.when) | set(used)
    subscribers = Subscriber.objects.as_system()
    rows = [row for chunk in _chunks(sorted(wanted)) for row in _named(subscribers.filter(pk__in=chunk))]
    for pk, number, *names in sorted(rows, key=lambda row: (str(row[1]), row[0])):
        yield Line(pk, number, " ".join(filter(None, names)))


def _named(subscribers: SubscriberQuerySet) -> list[tuple[int, str, str, str, str]]:
    return list(subscribers.values_list("pk", "number", "last_name", "first_name", "middle_name"))


def _held(account: Account, when: Month | Period) -> set[int]:
    """Who was on the account at some moment of the period."""
    period = when.period(current_profile().zone) if isinstance(when, Month) else when
    return set(
        AccountHolding.objects.filter(account=account).overlapping(period).values_list("subscriber_id", flat=True)
    )


def _asked(invoice: Invoice | None, subscribers: set[int]) -> dict[int, dict[str, Asked]]:
    if invoice is None:
        return {}
    rows = invoice.lines.order_by().values("subscriber_id", "kind").annotate(nets=Sum("net"), grosses=Sum("gross"))
    found: dict[int, dict[str, Asked]] = defaultdict(dict)
    for row in rows:
        if row["subscriber_id"] in subscribers:
            found[row["subscriber_id"]][row["kind"]] = Asked(row["nets"], row["grosses"])
    return found


def _digits() -> int:
    prices = Rate.objects.values_list("price", "off_peak_price")
    step = Decimal(1).scaleb(-_USUAL_DIGITS)
    fine = any(price is not None and price % step for pair in prices for price in pair)
    return _ALL_DIGITS if fine else _USUAL_DIGITS


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[at : at + _CHUNK] for at in range(0, len(keys), _CHUNK))
