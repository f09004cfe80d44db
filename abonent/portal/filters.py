"""The filter of a list of subscribers, kept in the address so that it can be sent to a colleague (S7)."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.http import QueryDict

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.billing.spending import Spending
from abonent.orders.selection import Filter
from abonent.subscribers.models import Subscriber, SubscriberQuerySet
from abonent.usage.last_use import first_day_unused

MAX_QUERY = 100
MAX_DAYS = 3_650
_AMOUNT = re.compile(r"[0-9]{1,9}([.,][0-9]{1,2})?")
_SPACES = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class SubscriberFilter:
    """`query` is looked for in number, SIM and name; ids, and days of not being used, are 0 where not filtered.

    `over` is what a line costs more than on the last invoices (`spending`).
    """

    query: str = ""
    status: str = ""
    tariff: int = 0
    account: int = 0
    service: int = 0
    folder: int = 0
    unused: int = 0
    over: Decimal | None = None
    spending: Spending | None = None

    @classmethod
    def of(cls, parameters: QueryDict, seat: Seat | None = None) -> Self:
        """From an address; what cannot be a filter is no filter.

        What a number costs, and when it was used, is asked for by a `seat` with the right to know.
        """
        status = parameters.get("status", "")
        over = _amount(parameters.get("over", "")) if seat is not None else None
        spending = Spending.last(seat) if seat is not None and over is not None else None
        days = _number(parameters.get("unused", "")) if seat is not None and seat.has(Right.SEE_CALLS) else 0
        return cls(
            query=parameters.get("q", "").strip()[:MAX_QUERY],
            status=status if status in Subscriber.Status.values else "",
            tariff=_number(parameters.get("tariff", "")),
            account=_number(parameters.get("account", "")),
            # Not `service`: on the pages of orders that is the one to connect.
            service=_number(parameters.get("connected", "")),
            folder=_number(parameters.get("folder", "")),
            unused=days if days <= MAX_DAYS else 0,
            over=over if spending else None,
            spending=spending,
        )

    @property
    def narrowing(self) -> Filter:
        """What an order keeps of it, for «all that match»."""
        return Filter(
            self.query,
            self.tariff or None,
            self.status,
            self.account or None,
            self.service or None,
            self.folder or None,
            self.over,
            self.spending,
            self.unused_since,
        )

    @property
    def unused_since(self) -> dt.date | None:
        return first_day_unused(self.unused) if self.unused else None

    def apply(self, subscribers: SubscriberQuerySet) -> SubscriberQuerySet:
        return self.narrowing.apply(subscribers)

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """What is set, as an address has it: for hidden fields and links."""
        found: dict[str, object] = {
            "q": self.query,
            "status": self.status,
            "tariff": self.tariff,
            "account": self.account,
            "connected": self.service,
            "folder": self.folder,
            "over": "" if self.over is None else str(self.over),
            "unused": self.unused,
        }
        return [
            (name, str(value)) for name, value in found.items() if value or (value == Decimal(0) and name == "over")
        ]

    @property
    def asks_more(self) -> bool:
        """Whether one of the filters is set that a page shows only when asked."""
        return bool(self.service or self.folder or self.unused or self.over is not None)

    @property
    def is_set(self) -> bool:
        return bool(self.parameters)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004  # fits the database


def _amount(text: str) -> Decimal | None:
    """As people write money: `50`, `1 200,50`."""
    bare = _SPACES.sub("", text)
    return Decimal(bare.replace(",", ".")) if _AMOUNT.fullmatch(bare) else None
