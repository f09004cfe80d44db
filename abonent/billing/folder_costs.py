"""What each folder of a client cost in a month that is billed: cost follows the folder of that day (V3).

Billing knows nothing of folders. An invoice is cut afterwards by where its numbers stayed: usage by the stay at the
moment of each call, fees by the time of each stay. Each line of an invoice is cut so that the parts add up to it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from abonent.billing.charges import FEW
from abonent.billing.folder_usage import Key, micros_by_folder
from abonent.billing.kinds import Fee
from abonent.billing.models import Invoice, InvoiceLine, InvoiceSubscriber
from abonent.billing.spans import Window, held
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.subscribers.models import FolderStay

_INSTANT = dt.timedelta(microseconds=1)
_FEES = frozenset(fee.value for fee in Fee)

Stay = tuple[dt.datetime, dt.datetime | None, int]
"""From, until, folder."""


class Cost(NamedTuple):
    """Money without VAT, VAT, and with it."""

    net: Decimal = ZERO
    vat: Decimal = ZERO
    gross: Decimal = ZERO

    def plus(self, net: Decimal, vat: Decimal) -> "Cost":
        return Cost(self.net + net, self.vat + vat, self.gross + net + vat)


@dataclass(slots=True)
class FolderCosts:
    """Costs by folder id (None: while in no folder), of the accounts in `billed`; `total` is exactly their sum."""

    month: Month
    by_folder: dict[int | None, Cost] = field(default_factory=dict)
    billed: list[int] = field(default_factory=list)

    @property
    def total(self) -> Cost:
        found = Cost()
        for cost in self.by_folder.values():
            found = found.plus(cost.net, cost.vat)
        return found

    def add(self, folder: int | None, net: Decimal, vat: Decimal) -> None:
        self.by_folder[folder] = self.by_folder.get(folder, Cost()).plus(net, vat)


def folder_costs(month: Month, accounts: Collection[int], only: Collection[int] | None = None) -> FolderCosts:
    """Cut the invoices of `month` of these accounts by folder; of the subscribers `only` where they are given.

    Without `only` the sum over the folders is the sum of the invoices, to the kopeck. An account that has no invoice
    of the month yet is left out.
    """
    costs = FolderCosts(month)
    chosen = None if only is None else frozenset(only)
    invoices = Invoice.objects.as_system().filter(account_id__in=accounts, month=str(month))
    for invoice in invoices.select_related("rating_version").order_by("pk"):
        _cut(invoice, chosen, costs)
        costs.billed.append(invoice.account_id)
    return costs


def _cut(invoice: Invoice, only: frozenset[int] | None, costs: FolderCosts) -> None:
    """Whoever stayed in one place all month goes there as a whole; only of the others the lines are read."""
    parts = InvoiceSubscriber.objects.filter(breakdown_id=invoice.breakdown_id)
    if only is not None and len(only) <= FEW:
        # A department of a large account: its own rows alone are read.
        parts = parts.filter(subscriber_id__in=only)
    stays = FolderStay.objects.filter(subscriber_id__in=parts.values("subscriber_id"))
    window = Window(invoice.period_start, invoice.period_end)
    places = held(stays, window, "folder_id")
    # Records that came late were made in an earlier month, when the number may have stayed elsewhere.
    lines = InvoiceLine.objects.filter(breakdown_id=invoice.breakdown_id)
    late = set(lines.exclude(late_month="").values_list("subscriber_id", flat=True))
    moved = []
    for subscriber, net, vat in parts.values_list("subscriber_id", "net", "vat"):
        if only is not None and subscriber not in only:
            continue
        spans = places.get(subscriber, [])
        if subscriber in late or len(spans) > 1 or any((s.start, s.end) != (0, window.length) for s in spans):
            moved.append(subscriber)
        else:
            costs.add(int(str(spans[0].value[0])) if spans else None, net, vat)
    for first in range(0, len(moved), FEW):
        _cut_lines(invoice, moved[first : first + FEW], costs)


def _cut_lines(invoice: Invoice, subscribers: Sequence[int], costs: FolderCosts) -> None:
    stays: dict[int, list[Stay]] = defaultdict(list)
    rows = FolderStay.objects.filter(subscriber_id__in=subscribers).order_by("start")
    for subscriber, start, end, folder in rows.values_list("subscriber_id", "start", "end", "folder_id"):
        stays[subscriber].append((start, end, folder))
    used = micros_by_folder(invoice.rating_version, invoice.account_id, subscribers, stays)
    lines = InvoiceLine.objects.filter(breakdown_id=invoice.breakdown_id, subscriber_id__in=subscribers)
    for line in lines.iterator(chunk_size=2000):
        weights = _weights(line, stays[line.subscriber_id], used, invoice.month)
        nets, vats = split(line.net, weights), split(line.vat, weights)
        for place, net in nets.items():
            costs.add(place, net, vats[place])


def _weights(
    line: InvoiceLine, stays: Sequence[Stay], used: Mapping[Key, Mapping[int | None, int]], month: str
) -> Mapping[int | None, int]:
    if line.kind not in _FEES:
        found = used.get(Key(line.subscriber_id, line.kind, line.late_month or month))
        if found:
            return found
    return times(stays, line.period_start, line.period_end)


def times(stays: Iterable[Stay], start: dt.datetime, end: dt.datetime) -> dict[int | None, int]:
    """How long, in microseconds of [start, end), each folder was stayed in; None is the rest. An instant is 1."""
    end = max(end, start + _INSTANT)
    found: dict[int | None, int] = defaultdict(int)
    for since, until, folder in stays:
        length = (min(until or end, end) - max(since, start)) // _INSTANT
        if length > 0:
            found[folder] += length
    rest = (end - start) // _INSTANT - sum(found.values())
    if rest:
        found[None] = rest
    return dict(found)


def split(amount: Decimal, weights: Mapping[int | None, int]) -> dict[int | None, Decimal]:
    """`amount` (in hundredths) by weights: each part whole hundredths, together exactly the amount.

    What rounding down leaves goes to the largest remainders; equal ones in the order of the folders' ids.
    """
    cents, whole = int(amount * 100), sum(weights.values())
    parts = {folder: divmod(cents * weight, whole) for folder, weight in weights.items()}
    left = cents - sum(part for part, _rest in parts.values())
    order = sorted(parts, key=lambda folder: (-parts[folder][1], folder or 0))
    more = frozenset(order[:left])
    return {folder: Decimal(part + (folder in more)).scaleb(-2) for folder, (part, _rest) in parts.items()}
