"""A charge, and the fees of an account: tariff, option set, services, connecting them, numbers that were chosen."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from typing import Any, NamedTuple, Self, cast

from django.db.models import QuerySet

from abonent.billing.kinds import Fee
from abonent.billing.pricing import Amount, Pricing
from abonent.billing.spans import Held, Window, by_value, common, held, union
from abonent.catalog.models import InstalmentOffer, NumberCategory, OptionSet, Service, Tariff
from abonent.subscribers.models import (
    AccountHolding,
    ConnectedService,
    NumberHolding,
    PlanHolding,
    StatusHolding,
    Subscriber,
)
from abonent.subscribers.models.holdings import Holding

BILLED = (Subscriber.Status.ACTIVE, Subscriber.Status.BLOCKED)
"""A blocked line is kept for its owner, so its fees go on; one that waits or is terminated costs nothing."""

FEW = 10_000
"""So many ids are given to the database in a query (SQLite takes 32,766); of more, the rows are chosen here."""

Stretches = list[tuple[int, int]]
# What costs something once: the subscriber, of what (an id), when, the price.
Begun = tuple[int, int, dt.datetime, Decimal]
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
    number_categories: dict[int, str]
    names: dict[str, dict[str, str]]

    @classmethod
    def read(cls) -> "Catalog":
        tariffs, sets, services = Tariff.objects.all(), OptionSet.objects.all(), Service.objects.all()
        categories = NumberCategory.objects.all()
        known = {f"tariff:{one.code}": one.names for one in tariffs}
        known.update({f"option_set:{one.code}": one.names for one in sets})
        known.update({f"service:{one.code}": one.names for one in services})
        known.update({f"number_category:{one.code}": one.names for one in categories})
        known.update({f"instalment:{one.code}": one.names for one in InstalmentOffer.objects.all()})
        return cls(
            tariffs={one.pk: Priced(f"tariff:{one.code}", one.fee) for one in tariffs},
            option_sets={one.pk: Priced(f"option_set:{one.code}", one.fee) for one in sets},
            services={one.pk: f"service:{one.code}" for one in services},
            number_categories={one.pk: f"number_category:{one.code}" for one in categories},
            names=known,
        )


@dataclass(frozen=True)
class Facts:
    """What holds of some subscribers within `window`: each kind is read once, whichever accounts they are on.

    `of` narrows holdings to these subscribers; `few` says that there are not many.
    """

    window: Window
    of: Callable[["QuerySet[Holding]"], "QuerySet[Holding]"]
    few: bool

    @cached_property
    def statuses(self) -> Held:
        """Where their fees run."""
        return held(self.of(StatusHolding.objects.filter(status__in=BILLED)), self.window, few=self.few)

    @cached_property
    def plans(self) -> Held:
        """Tariff and option set, by id."""
        return held(self.of(PlanHolding.objects.all()), self.window, "tariff_id", "option_set_id", few=self.few)

    @cached_property
    def services(self) -> Held:
        """Services with a monthly fee: the id, and that fee."""
        paid = ConnectedService.objects.filter(fee__gt=0)
        return held(self.of(paid), self.window, "service_id", "fee", few=self.few)

    @cached_property
    def begun(self) -> list[Begun]:
        """What was connected for a price: subscriber, service, when, the price."""
        rows: QuerySet[Any] = self.of(ConnectedService.objects.filter(connect_fee__gt=0))  # Any: rows of any holding
        found = rows.filter(start__gte=self.window.start, start__lt=self.window.end).order_by("start", "pk")
        return list(found.values_list("subscriber_id", "service_id", "start", "connect_fee"))

    @cached_property
    def chosen(self) -> list[Begun]:
        """Numbers that were chosen for a price: subscriber, category, when, the price."""
        rows: QuerySet[Any] = self.of(NumberHolding.objects.filter(fee__gt=0, category__isnull=False))  # Any: likewise
        found = rows.filter(start__gte=self.window.start, start__lt=self.window.end).order_by("start", "pk")
        return list(found.values_list("subscriber_id", "category_id", "start", "fee"))


def on_accounts(account_ids: Collection[int], window: Window) -> "QuerySet[AccountHolding]":
    """Who is on one of the accounts at some time in the window."""
    return AccountHolding.objects.filter(account_id__in=account_ids).overlapping(window.period)


def gather(
    account_ids: Collection[int], window: Window, only: Collection[int] | None = None
) -> tuple[dict[int, Held], Facts]:
    """By account who is on it when within `window`, and what holds of them; of the subscribers `only` where given."""
    there = on_accounts(account_ids, window)
    asked = None if only is None or len(only) > FEW else list(only)

    def narrowed(rows: "QuerySet[Holding]") -> "QuerySet[Holding]":
        return rows if asked is None else rows.filter(subscriber_id__in=asked)

    def of(rows: "QuerySet[Holding]") -> "QuerySet[Holding]":
        return narrowed(rows.filter(subscriber_id__in=there.values("subscriber_id")))

    few = asked is not None or len(account_ids) > 1
    stays = by_account(held(narrowed(there), window, "account_id", few=few))
    if only is not None:
        wanted = frozenset(only)
        stays = {account: {key: own[key] for key in own.keys() & wanted} for account, own in stays.items()}
    return stays, Facts(window, of, few)


def by_account(stays: Held) -> dict[int, Held]:
    """Stays whose value is the account, sorted by it."""
    found: dict[int, Held] = defaultdict(dict)
    for subscriber, spans in stays.items():
        for span in spans:
            found[cast("int", span.value[0])].setdefault(subscriber, []).append(span)
    return found


@dataclass(frozen=True, slots=True)
class Fees:
    """Works out the fees of one account: `stays` says who is on it when, `facts` has these subscribers at least."""

    stays: Held
    facts: Facts
    pricing: Pricing
    catalog: Catalog

    @classmethod
    def of_account(
        cls, account_id: int, window: Window, pricing: Pricing, catalog: Catalog, only: Collection[int] | None = None
    ) -> Self:
        """The fees of all that are on the account within `window`; of the subscribers `only` where they are given."""
        stays, facts = gather([account_id], window, only)
        return cls(stays.get(account_id, {}), facts, pricing, catalog)

    def all(self) -> Iterator[Charge]:
        there = {key: union(spans) for key, spans in self.stays.items()}
        statuses = self.facts.statuses
        billable = {
            subscriber: common(stretches, union(statuses[subscriber]))
            for subscriber, stretches in there.items()
            if subscriber in statuses
        }
        yield from self._plans(billable)
        yield from self._services(billable)
        yield from self._once(there, Fee.CONNECTION, self.facts.begun, self.catalog.services)
        yield from self._once(there, Fee.NUMBER, self.facts.chosen, self.catalog.number_categories)

    def _plans(self, billable: dict[int, Stretches]) -> Iterator[Charge]:
        for subscriber, allowed in billable.items():
            spans = self.facts.plans.get(subscriber, ())
            for tariff, stretches in by_value(spans, _FIRST).items():
                priced = self.catalog.tariffs[cast("int", tariff)]
                yield from self._fee(Fee.TARIFF, subscriber, priced, common(stretches, allowed))
            for option_set, stretches in by_value(spans, _SECOND).items():
                if option_set is not None:
                    priced = self.catalog.option_sets[cast("int", option_set)]
                    yield from self._fee(Fee.OPTION_SET, subscriber, priced, common(stretches, allowed))

    def _services(self, billable: dict[int, Stretches]) -> Iterator[Charge]:
        for subscriber, spans in self.facts.services.items():
            for value, stretches in by_value(spans, tuple).items():
                service, fee = cast("tuple[int, Decimal]", value)
                priced = Priced(self.catalog.services[service], fee)
                yield from self._fee(Fee.SERVICE, subscriber, priced, common(stretches, billable.get(subscriber, [])))

    def _fee(self, kind: Fee, subscriber: int, priced: Priced, stretches: Stretches) -> Iterator[Charge]:
        if not priced.fee:
            return
        for start, end in stretches:
            amount = self.pricing.fee(priced.fee, start, end)
            first, last = self.facts.window.moment(start), self.facts.window.moment(end)
            yield Charge(subscriber, kind.value, priced.subject, "", first, last, 0, 0, 0, amount)

    def _once(
        self, there: dict[int, Stretches], kind: Fee, begun: list[Begun], subjects: dict[int, str]
    ) -> Iterator[Charge]:
        """What was connected or chosen in the window costs its price, however short it stood."""
        for subscriber, what, start, price in begun:
            at, _end = self.facts.window.cut(start, None)
            if any(first <= at < last for first, last in there.get(subscriber, ())):
                amount = self.pricing.once(price, start)
                yield Charge(subscriber, kind.value, subjects[what], "", start, start, 0, 0, 0, amount)
