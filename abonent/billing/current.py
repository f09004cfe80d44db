"""Charges so far in the open month: usage of the last preliminary rating, and fees up to now (S15.5, L6)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least

from abonent import profile
from abonent.billing import instalment_charges, usage_charges
from abonent.billing.charges import BILLED, FEW, Catalog, Charge, Facts, Fees, by_account, on_accounts
from abonent.billing.gathering import Gathered
from abonent.billing.models import UsageSoFar
from abonent.billing.pricing import Amount, Pricing
from abonent.billing.spans import Window, held
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.subscribers.models import (
    AccountHolding,
    ConnectedService,
    NumberHolding,
    PlanHolding,
    StatusHolding,
    Subscriber,
)
from abonent.subscribers.models.holdings import Holding
from abonent.usage import rating
from abonent.usage.models import RatingVersion
from abonent.usage.queries import current_version


@dataclass(frozen=True, slots=True)
class SoFar:
    """Charges of one account, without and with VAT; `usage_at` is when its usage was last rated (None: never)."""

    fees: Decimal
    usage: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    usage_at: dt.datetime | None


@dataclass(slots=True)
class _Tally:
    net: Decimal = ZERO
    vat: Decimal = ZERO
    rated_at: dt.datetime | None = None

    def add(self, amount: Amount, times: int = 1) -> None:
        self.net += amount.net * times
        self.vat += amount.vat * times


def charges_so_far(account_ids: Collection[int], now: dt.datetime | None = None) -> dict[int, SoFar]:
    """By account id, in a fixed number of queries. Lines that didn't change within the month are only counted.

    Equal to the kopeck to what an invoice of the month up to `now` would add up to, with the usage rated last.
    """
    moment = now or clock.now()
    here = profile.current()
    pricing = Pricing(here, Month.at(moment, here.zone))
    usage = _usage(account_ids, pricing.month)
    window = pricing.until(moment)
    all_fees = _fees(account_ids, window, pricing)
    parts = instalment_charges.charges(account_ids, pricing.month, window)
    found = {}
    for account in account_ids:
        fees, used = all_fees.get(account, _Tally()), usage.get(account, _Tally())
        for part in parts.get(account, ()):
            fees.add(part.amount)
        net, vat = fees.net + used.net, fees.vat + used.vat
        found[account] = SoFar(fees.net, used.net, net, vat, net + vat, used.rated_at)
    return found


def preliminary(
    account: Account, now: dt.datetime | None = None, only: Collection[int] | None = None
) -> tuple[list[Charge], Mapping[str, Mapping[str, str]]]:
    """Every charge of the open month so far, line by line, and the names of their subjects; of `only` where given.

    It reads the month's records: for a document, or for one subscriber (`only=[id]`) on a page.
    """
    moment = now or clock.now()
    here = profile.current()
    pricing = Pricing(here, Month.at(moment, here.zone))
    used = usage_charges.used(current_version(pricing.month), [account.pk], only).get(account.pk, [])
    gathered = Gathered.of([account.pk], pricing, pricing.until(moment), only)
    return gathered.charges(account.pk, used), gathered.catalog.names


def refresh(now: dt.datetime | None = None) -> bool:
    """Rate the open month where records came since, and add up what pages show; False where nothing is new.

    For the schedule: quick when there is nothing to do.
    """
    moment = now or clock.now()
    month = Month.at(moment, profile.current().zone)
    version = rating.rate(month) if rating.is_stale(month) else current_version(month)
    if version is None or UsageSoFar.objects.filter(version_id=version.pk).exists():
        return False
    accounts = usage_charges.accounts_with_usage(version)
    charges = usage_charges.used(version, accounts)
    pricing = Pricing(profile.current(), month)
    rows = [
        row for account in accounts for row in _rows(account, version, usage_charges.charges(charges[account], pricing))
    ]
    with transaction.atomic():
        UsageSoFar.objects.filter(month=str(month)).delete()
        UsageSoFar.objects.bulk_create(rows)
    return True


def _rows(account: int, version: RatingVersion, charges: Iterable[Charge]) -> list[UsageSoFar]:
    kinds: dict[str, _Tally] = {}
    for charge in charges:
        kinds.setdefault(charge.kind, _Tally()).add(charge.amount)
    return [
        UsageSoFar(
            account_id=account,
            month=version.month.month,
            kind=kind,
            version_id=version.pk,
            rated_at=version.created,
            net=tally.net,
            vat=tally.vat,
            gross=tally.net + tally.vat,
        )
        for kind, tally in kinds.items()
    ]


def _usage(accounts: Collection[int], month: Month) -> dict[int, _Tally]:
    rows = UsageSoFar.objects.filter(account__in=accounts, month=str(month)).order_by().values("account_id")
    sums = rows.annotate(sum_net=Sum("net"), sum_vat=Sum("vat"), at=Max("rated_at"))
    return {row["account_id"]: _Tally(row["sum_net"], row["sum_vat"], row["at"]) for row in sums}


def _fees(accounts: Collection[int], window: Window, pricing: Pricing) -> dict[int, _Tally]:
    """By account: line by line for those that moved since the 1st; for the others a price times many."""
    moved = _moved(accounts, window)
    if len(moved) > FEW and len(accounts) > 1:
        return {key: tally for account in accounts for key, tally in _fees([account], window, pricing).items()}
    if len(moved) > FEW:
        return {account: _whole(account, window, pricing) for account in accounts}
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    if moved:
        _add_moved(tallies, moved, on_accounts(accounts, window), window, pricing)
    still = Subscriber.objects.as_system().filter(account_id__in=accounts).exclude(pk__in=moved).order_by()
    billed = still.filter(status__in=BILLED)
    _add_plans(tallies, billed, window, pricing)
    _add_services(tallies, billed, window, pricing)
    _add_once(tallies, still, window, pricing)
    return tallies


def _moved(accounts: Collection[int], window: Window) -> list[int]:
    """Subscribers whose account, status or plan began or ended within the window, or whose service was renewed.

    A service that began or ended is no reason by itself: all that did so at one moment cost the same.
    """
    there = on_accounts(accounts, window).values("subscriber_id")
    began = Q(start__gt=window.start, start__lt=window.end)
    ended = Q(end__gt=window.start, end__lt=window.end)
    # Where it goes on without a gap, its fee is rounded once.
    same = ConnectedService.objects.filter(subscriber_id=OuterRef("subscriber_id"), service_id=OuterRef("service_id"))
    renewed = ConnectedService.objects.filter(began, Exists(same.filter(end=OuterRef("start"))))
    others: list[QuerySet[Any, int]] = [
        model._base_manager.filter(began | ended, subscriber_id__in=there).values_list("subscriber_id", flat=True)  # noqa: SLF001  # Django's documented name
        for model in (AccountHolding, StatusHolding, PlanHolding)
    ]
    return sorted(renewed.filter(subscriber_id__in=there).values_list("subscriber_id", flat=True).union(*others))


def _add_moved(
    tallies: dict[int, _Tally],
    moved: Collection[int],
    there: "QuerySet[AccountHolding]",
    window: Window,
    pricing: Pricing,
) -> None:
    def of(rows: "QuerySet[Holding]") -> "QuerySet[Holding]":
        return rows.filter(subscriber_id__in=moved)

    facts, catalog = Facts(window, of, few=True), Catalog.read()
    for account, stays in by_account(held(of(there), window, "account_id", few=True)).items():
        for charge in Fees(stays, facts, pricing, catalog).all():
            tallies[account].add(charge.amount)


def _whole(account: int, window: Window, pricing: Pricing) -> _Tally:
    """Every line of an account, one by one."""
    tally = _Tally()
    for charge in Fees.of_account(account, window, pricing, Catalog.read()).all():
        tally.add(charge.amount)
    return tally


def _add_plans(tallies: dict[int, _Tally], still: "QuerySet[Subscriber]", window: Window, pricing: Pricing) -> None:
    plans: QuerySet[Any, tuple[int, Decimal, Decimal | None, int]] = still.values_list(
        "account_id", "tariff__fee", "option_set__fee"
    ).annotate(count=Count("pk"))
    for account, *fees, count in plans:
        for fee in fees:
            if fee:
                tallies[account].add(pricing.fee(fee, 0, window.length), count)


def _add_services(tallies: dict[int, _Tally], still: "QuerySet[Subscriber]", window: Window, pricing: Pricing) -> None:
    held_now = Q(start__lt=window.end) & (Q(end__isnull=True) | Q(end__gt=window.start))
    rows = ConnectedService.objects.filter(held_now, subscriber_id__in=still.values("pk"), fee__gt=0).order_by()
    since, until = Greatest("start", Value(window.start)), Least(Coalesce("end", Value(window.end)), Value(window.end))
    fees: QuerySet[Any, tuple[int, Decimal, dt.datetime, dt.datetime, int]] = (
        rows.annotate(since=since, until=until)
        .values_list("subscriber__account_id", "fee", "since", "until")
        .annotate(count=Count("pk"))
    )
    for account, fee, first, last, count in fees:
        tallies[account].add(pricing.fee(fee, *window.cut(first, last)), count)


def _add_once(tallies: dict[int, _Tally], still: "QuerySet[Subscriber]", window: Window, pricing: Pricing) -> None:
    """What began within the window at a price: services that were connected, numbers that were chosen."""
    begun = Q(start__gte=window.start, start__lt=window.end, subscriber_id__in=still.values("pk"))
    services = ConnectedService.objects.filter(begun, connect_fee__gt=0).order_by()
    numbers = NumberHolding.objects.filter(begun, fee__gt=0, category__isnull=False).order_by()
    connected = services.values_list("subscriber__account_id", "connect_fee", "start").annotate(count=Count("pk"))
    chosen = numbers.values_list("subscriber__account_id", "fee", "start").annotate(count=Count("pk"))
    counted: QuerySet[Any, tuple[int, Decimal, dt.datetime, int]] = connected.union(chosen, all=True)
    for account, price, start, count in counted:
        tallies[account].add(pricing.once(price, start), count)
