"""What single numbers cost in the month billed last: a column of the list, and its filter «costs more than» (S7).

It is the sum of a number's lines on the invoices of accounts that the seat sees, whichever folder it stayed in. So it
is not for a seat of folders, which may know the cost of its own days alone (`folder_costs`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.db.models import Exists, Max, OuterRef, Sum

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.billing.models import Invoice, InvoiceSubscriber
from abonent.clients.models import Account
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.subscribers.models import SubscriberQuerySet

# From so many numbers on, looking each line up is quicker than reading all of those that cost more.
MANY = 30_000


@dataclass(frozen=True, slots=True)
class Spending:
    """The invoices of `month`, by the ids of their breakdowns."""

    month: Month
    breakdowns: tuple[int, ...]

    @classmethod
    def last(cls, seat: Seat) -> Self | None:
        """Of the month billed last on any of its accounts; None where there is none, or it is not for the seat."""
        if not may_see(seat):
            return None
        accounts = list(Account.objects.reached_by(seat).values_list("pk", flat=True))
        month = Invoice.objects.as_system().filter(account__in=accounts).aggregate(month=Max("month"))["month"]
        return cls.of(month, accounts) if month else None

    @classmethod
    def of(cls, month: str, accounts: Collection[int]) -> Self:
        """Of the invoices of these accounts (ids) for `month` (`2026-10`)."""
        formed = Invoice.objects.as_system().filter(account__in=accounts, month=month)
        return cls(Month.parse(month), tuple(formed.order_by("pk").values_list("breakdown", flat=True)))

    @classmethod
    def read(cls, stored: object) -> Self | None:
        """From what `stored` gave; None for anything else."""
        if not isinstance(stored, dict):
            return None
        return cls(Month.parse(str(stored["month"])), tuple(stored["breakdowns"]))

    def stored(self) -> dict[str, object]:
        """As JSON."""
        return {"month": str(self.month), "breakdowns": list(self.breakdowns)}

    def of_lines(self, subscribers: Collection[int]) -> dict[int, Decimal]:
        """With VAT, by the ids of subscribers; who is on none of the invoices is absent."""
        found: dict[int, Decimal] = {}
        rows = InvoiceSubscriber.objects.filter(breakdown__in=self.breakdowns, subscriber_id__in=subscribers)
        for subscriber, gross in rows.values_list("subscriber_id", "gross"):
            found[subscriber] = found.get(subscriber, ZERO) + gross
        return found

    def more_than(self, lines: SubscriberQuerySet, gross: Decimal) -> SubscriberQuerySet:
        """Those of `lines` that cost more than `gross`, with VAT."""
        rows = InvoiceSubscriber.objects.filter(breakdown__in=self.breakdowns)
        if len(self.breakdowns) == 1:
            dear = rows.filter(gross__gt=gross)
            if dear.order_by("gross")[MANY:].exists():
                # Most of the list fits: its page is full after a few lines, each looked up.
                return lines.filter(Exists(dear.filter(subscriber_id=OuterRef("pk"))))
            return lines.filter(pk__in=dear.values("subscriber_id"))
        # A number that moved within the month stands on two invoices.
        sums = rows.order_by().values("subscriber_id").annotate(whole=Sum("gross")).filter(whole__gt=gross)
        return lines.filter(pk__in=sums.values("subscriber_id"))


def may_see(seat: Seat) -> bool:
    """Whether the invoiced cost of single numbers is for this seat."""
    return seat.has(Right.SEE_FINANCE) and seat.folder_ids is None
