"""A charge, and the fees of an account: tariff, option set, services, connecting them."""

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple, cast

from django.db.models import QuerySet

from abonent.billing.kinds import Fee
from abonent.billing.pricing import Amount, Pricing
from abonent.billing.spans import Held, Window, by_value, common, held, union
from abonent.catalog.models import OptionSet, Service, Tariff
from abonent.subscribers.models import AccountHolding, ConnectedService, PlanHolding, StatusHolding, Subscriber
from abonent.subscribers.models.holdings import Holding

BILLED = (Subscriber.Status.ACTIVE, Subscriber.Status.BLOCKED)
"""A blocked line is kept for its owner, so its fees go on; one that waits or is terminated costs nothing."""

FEW = 10_000
"""So many ids are given to the database in a query (SQLite takes 32,766); of more, the rows are chosen here."""

Stretches = list[tuple[int, int]]
_FIRST, _SECOND = itemgetter(0), itemgetter(1)


class Charge(NamedTuple):
    """One priced line of a period that is open or closed: the fields of `InvoiceLine`."""

    subscriber_id: int
    kind: str
    subject: str
    late_month: str
    period_start: dt.datetime
    period_end: dt.datetime
    records: int
    billed: int
    free: int
    amount: Amount


@dataclass(frozen=True, slots=True)
class Priced:
    """Something of the catalog with a monthly fee."""

    subject: str
    fee: Decimal


@dataclass(frozen=True, slots=True)
class Catalog:
    """Fees and subjects by id, and the names of subjects by language, as they are now."""

    tariffs: dict[int, Priced]
    option_sets: dict[int, Priced]
    services: dict[int, str]
    names: dict[str, dict[str, str]]

    @classmethod
    def read(cls) -> "Catalog":
        tariffs, sets, services = Tariff.objects.all(), OptionSet.objects.all(), Service.objects.all()
        known = {f"tariff:{one.code}": one.names for one in tariffs}
        known.update({f"option_set:{one.code}": one.names for one in sets})
        known.update({f"service:{one.code}": one.names for one in services})
        return cls(
            tariffs={one.pk: Priced(f"tariff:{one.code}", one.fee) for one in tariffs},
            option_sets={one.pk: Priced(f"option_set:{one.code}", one.fee) for one in sets},
            services={one.pk: f"service:{one.code}" for one in services},
            names=known,
        )


@dataclass(frozen=True, slots=True)
class Fees:
    """Works out the fees of one account within `window`; of the subscribers `only` where they are given."""

    account_id: int
    window: Window
    pricing: Pricing
    catalog: Catalog
    only: Collection[int] | None = None

    def all(self) -> Iterator[Charge]:
        stays = held(self._narrowed(AccountHolding.objects.filter(account_id=self.account_id)), self.window)
        statuses = held(self._rows(StatusHolding.objects.filter(status__in=BILLED)), self.window)
        wanted = None if self.only is None else frozenset(self.only)
        there = {key: union(spans) for key, spans in stays.items() if wanted is None or key in wanted}
        billable = {
            subscriber: common(stretches, union(statuses[subscriber]))
            for subscriber, stretches in there.items()
            if subscriber in statuses
        }
        yield from self._plans(billable)
        yield from self._services(billable)
        yield from self._connections(there)

    def _plans(self, billable: dict[int, Stretches]) -> Iterator[Charge]:
        plans = held(self._rows(PlanHolding.objects.all()), self.window, "tariff_id", "option_set_id")
        for subscriber, allowed in billable.items():
            spans = plans.get(subscriber, ())
            for tariff, stretches in by_value(spans, _FIRST).items():
                priced = self.catalog.tariffs[cast("int", tariff)]
                yield from self._fee(Fee.TARIFF, subscriber, priced, common(stretches, allowed))
            for option_set, stretches in by_value(spans, _SECOND).items():
                if option_set is not None:
                    priced = self.catalog.option_sets[cast("int", option_set)]
                    yield from self._fee(Fee.OPTION_SET, subscriber, priced, common(stretches, allowed))

    def _services(self, billable: dict[int, Stretches]) -> Iterator[Charge]:
        services: Held = held(self._rows(ConnectedService.objects.filter(fee__gt=0)), self.window, "service_id", "fee")
        for subscriber, spans in services.items():
            for value, stretches in by_value(spans, tuple).items():
                service, fee = cast("tuple[int, Decimal]", value)
                priced = Priced(self.catalog.services[service], fee)
                yield from self._fee(Fee.SERVICE, subscriber, priced, common(stretches, billable.get(subscriber, [])))

    def _fee(self, kind: Fee, subscriber: int, priced: Priced, stretches: Stretches) -> Iterator[Charge]:
        if not priced.fee:
            return
        for start, end in stretches:
            amount = self.pricing.fee(priced.fee, start, end)
            first, last = self.window.moment(start), self.window.moment(end)
            yield Charge(subscriber, kind.value, priced.subject, "", first, last, 0, 0, 0, amount)

    def _connections(self, there: dict[int, Stretches]) -> Iterator[Charge]:
        """What was connected in the window costs its price, however short it stood."""
        window = self.window
        fields = ("subscriber_id", "service_id", "start", "connect_fee")
        rows: QuerySet[Any] = self._rows(ConnectedService.objects.filter(connect_fee__gt=0))  # Any: rows of any holding
        begun = rows.filter(start__gte=window.start, start__lt=window.end).order_by("start", "pk")
        for subscriber, service, start, price in begun.values_list(*fields):
            at, _end = window.cut(start, None)
            if any(first <= at < last for first, last in there.get(subscriber, ())):
                amount = self.pricing.once(price, start)
                subject = self.catalog.services[service]
                yield Charge(subscriber, Fee.CONNECTION.value, subject, "", start, start, 0, 0, 0, amount)

    def _rows(self, rows: "QuerySet[Holding]") -> "QuerySet[Holding]":
        """Of the subscribers that are on the account at some time in the window."""
        on_account = AccountHolding.objects.filter(account_id=self.account_id).overlapping(self.window.period)
        return self._narrowed(rows.filter(subscriber_id__in=on_account.values("subscriber_id")))

    def _narrowed(self, rows: "QuerySet[Holding]") -> "QuerySet[Holding]":
        if self.only is None or len(self.only) > FEW:
            return rows
        return rows.filter(subscriber_id__in=self.only)
