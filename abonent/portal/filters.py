"""The filter of a list of subscribers, kept in the address so that it can be sent to a colleague (S7)."""

from dataclasses import dataclass
from typing import Self

from django.http import QueryDict

from abonent.subscribers.models import Subscriber, SubscriberQuerySet

MAX_QUERY = 100


@dataclass(frozen=True, slots=True)
class SubscriberFilter:
    """`query` is looked for in number, SIM and name; ids of tariff, account and service are 0 where not filtered."""

    query: str = ""
    status: str = ""
    tariff: int = 0
    account: int = 0
    service: int = 0

    @classmethod
    def of(cls, parameters: QueryDict) -> Self:
        """From an address; what cannot be a filter is no filter."""
        status = parameters.get("status", "")
        return cls(
            query=parameters.get("q", "").strip()[:MAX_QUERY],
            status=status if status in Subscriber.Status.values else "",
            tariff=_number(parameters.get("tariff", "")),
            account=_number(parameters.get("account", "")),
            service=_number(parameters.get("service", "")),
        )

    def apply(self, subscribers: SubscriberQuerySet) -> SubscriberQuerySet:
        found = subscribers.matching(self.query)
        if self.status:
            found = found.filter(status=self.status)
        if self.tariff:
            found = found.filter(tariff_id=self.tariff)
        if self.account:
            found = found.filter(account_id=self.account)
        if self.service:
            found = found.with_service(self.service)
        return found

    @property
    def is_set(self) -> bool:
        return bool(self.query or self.status or self.tariff or self.account or self.service)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004  # fits the database
