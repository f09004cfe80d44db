"""The reconciliation statement of an account: what was owed before, each booking, what is owed after (S6).

Periods chain: what one closes with, the next one opens with. Signs are those of the ledger (`ledger.py`).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from abonent.billing.balance import balance_at
from abonent.billing.models import LedgerEntry
from abonent.clients.models import Account
from abonent.lib.money import ZERO
from abonent.lib.periods import midnight


@dataclass(frozen=True, slots=True)
class Booking:
    """An entry of the ledger: `charged` and `paid` are never negative, and one of them is zero."""

    day: dt.date
    entry: LedgerEntry

    @property
    def charged(self) -> Decimal:
        amount: Decimal = -self.entry.amount
        return max(amount, ZERO)

    @property
    def paid(self) -> Decimal:
        amount: Decimal = self.entry.amount
        return max(amount, ZERO)


@dataclass(frozen=True, slots=True)
class Statement:
    """Days `first` to `last`, both inclusive; balances in the profile's currency, minus where the client owes."""

    account: Account
    first: dt.date
    last: dt.date
    opening: Decimal
    bookings: tuple[Booking, ...]

    @property
    def charged(self) -> Decimal:
        return sum((booking.charged for booking in self.bookings), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((booking.paid for booking in self.bookings), ZERO)

    @property
    def closing(self) -> Decimal:
        return self.opening - self.charged + self.paid


def statement_of(account: Account, first: dt.date, last: dt.date, zone: ZoneInfo) -> Statement:
    """The account's bookings of the days `first` to `last` in `zone`, in the order in which they were made."""
    start, end = midnight(first, zone), midnight(last + dt.timedelta(days=1), zone)
    found = LedgerEntry.objects.filter(account=account, at__gte=start, at__lt=end)
    entries = found.select_related("invoice", "payment").order_by("at", "pk")
    bookings = tuple(Booking(entry.at.astimezone(zone).date(), entry) for entry in entries)
    return Statement(account, first, last, balance_at(account, start), bookings)
