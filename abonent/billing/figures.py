"""What charts show beside the spend by month: kinds of service, dearest numbers, balance at the end of each month."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from abonent import profile
from abonent.billing.kinds import ORDER
from abonent.billing.models import Invoice, InvoiceLine, InvoiceSubscriber, LedgerEntry
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month


@dataclass(frozen=True, slots=True)
class Dear:
    """What a subscriber cost in a month, with VAT, as it stood on the invoice."""

    subscriber_id: int
    number: str
    name: str
    gross: Decimal


def billed_months(accounts: Collection[Account], most: int = 12) -> list[str]:
    """Months with an invoice, the latest first."""
    rows = Invoice.objects.filter(account__in=accounts).order_by("-month")
    return list(rows.values_list("month", flat=True).distinct()[:most])


def by_kind(accounts: Collection[Account], month: str) -> list[tuple[str, Decimal]]:
    """Gross of each kind of charge (`kinds.py`) on the invoices of `month`, the dearest first; they add up to those."""
    lines = InvoiceLine.objects.filter(breakdown__in=_breakdowns(accounts, month)).order_by()
    sums = lines.values("kind").annotate(sum=Sum("gross")).values_list("kind", "sum")
    return sorted(sums, key=lambda one: (-one[1], ORDER[one[0]]))


def dearest(accounts: Collection[Account], month: str, most: int = 10) -> list[Dear]:
    """The subscribers that cost most in `month`; one that moved within it stands once for each account."""
    rows = InvoiceSubscriber.objects.filter(breakdown__in=_breakdowns(accounts, month), gross__gt=0)
    fields = rows.order_by("-gross", "number").values_list("subscriber_id", "number", "name", "gross")
    return [Dear(*row) for row in fields[:most]]


def balance_by_month(accounts: Collection[Account], months: int = 12) -> list[tuple[str, Decimal]]:
    """The balance (its sign: `ledger.py`) at the end of each of the last ended months, and now; oldest first."""
    zone = profile.current().zone
    present = Month.at(clock.now(), zone)
    wanted = [present.plus(-back) for back in range(months - 1, -1, -1)]
    entries = LedgerEntry.objects.filter(account__in=accounts).order_by()
    ends = {f"end_{place}": month.plus(1).period(zone).start for place, month in enumerate(wanted)}
    sums = entries.aggregate(**{name: Sum("amount", filter=Q(at__lt=end)) for name, end in ends.items()})
    return [(str(month), sums[name] or ZERO) for month, name in zip(wanted, ends, strict=True)]


def _breakdowns(accounts: Collection[Account], month: str) -> list[int]:
    found = Invoice.objects.filter(account__in=accounts, month=month)
    return list(found.order_by("pk").values_list("breakdown", flat=True))
