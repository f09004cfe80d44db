"""Charges so far in the open month: usage of the last preliminary rating, and fees up to now (S15.5, L6)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet, Sum

from abonent import profile
from abonent.billing import invoicing, usage_charges
from abonent.billing.charges import BILLED, FEW, Catalog, Charge, Fees
from abonent.billing.models import UsageSoFar
from abonent.billing.pricing import Amount, Pricing
from abonent.billing.spans import Window
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.subscribers.models import AccountHolding, ConnectedService, PlanHolding, StatusHolding, Subscriber
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
    """By account id. Quick for a page: lines that didn't change within the month are counted by the database.

    Equal to the kopeck to what an invoice of the month up to `now` would add up to, with the usage rated last.
    """
    moment = now or clock.now()
    here = profile.current()
    pricing = Pricing(here, Month.at(moment, here.zone))
    window, catalog = pricing.until(moment), Catalog.read()
    usage = _usage(account_ids, pricing.month)
    found = {}
    for account in account_ids:
        fees = _fees(account, window, pricing, catalog)
        used = usage.get(account, _Tally())
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
    catalog = Catalog.read()
    used = usage_charges.used(current_version(pricing.month), [account.pk], only).get(account.pk, [])
    charges = invoicing.collect(account.pk, pricing, pricing.until(moment), catalog, used, only)
    return charges, catalog.names


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


def _fees(account: int, window: Window, pricing: Pricing, catalog: Catalog) -> _Tally:
    """Line by line for those to whom something happened since the 1st; for the others one line times their number."""
    moved = _moved(account, window)
    tally = _Tally()
    one_by_one = None if len(moved) > FEW else moved
    for charge in Fees(account, window, pricing, catalog, one_by_one).all():
        tally.add(charge.amount)
    if one_by_one is None:
        return tally
    still = Subscriber.objects.as_system().filter(account_id=account, status__in=BILLED).exclude(pk__in=moved)
    _add_plans(tally, still, window, pricing, catalog)
    _add_services(tally, still, window, pricing)
    return tally


def _moved(account: int, window: Window) -> list[int]:
    """Subscribers whose account, status, plan or services began or ended within the window."""
    on_account = AccountHolding.objects.filter(account_id=account).overlapping(window.period).values("subscriber_id")
    began = Q(start__gt=window.start, start__lt=window.end)
    ended = Q(end__gt=window.start, end__lt=window.end)
    moved: set[int] = set()
    for model in (AccountHolding, StatusHolding, PlanHolding, ConnectedService):
        rows: QuerySet[Holding] = model._base_manager.filter(began | ended, subscriber_id__in=on_account)  # noqa: SLF001  # Django's documented name
        moved.update(rows.values_list("subscriber_id", flat=True))
    starting = ConnectedService.objects.filter(start=window.start, subscriber_id__in=on_account)
    moved.update(starting.values_list("subscriber_id", flat=True))
    return sorted(moved)


def _add_plans(
    tally: _Tally, still: "QuerySet[Subscriber]", window: Window, pricing: Pricing, catalog: Catalog
) -> None:
    plans = still.order_by().values_list("tariff_id", "option_set_id").annotate(count=Count("pk"))
    for tariff, option_set, count in plans:
        fees = [catalog.tariffs[tariff].fee, catalog.option_sets[option_set].fee if option_set else ZERO]
        for fee in fees:
            if fee:
                tally.add(pricing.fee(fee, 0, window.length), count)


def _add_services(tally: _Tally, still: "QuerySet[Subscriber]", window: Window, pricing: Pricing) -> None:
    held = Q(start__lt=window.end) & (Q(end__isnull=True) | Q(end__gt=window.start))
    rows = ConnectedService.objects.filter(held, subscriber_id__in=still.order_by().values("pk"), fee__gt=0)
    fees: QuerySet[Any, tuple[Decimal, int]] = rows.order_by().values_list("fee").annotate(count=Count("pk"))
    for fee, count in fees:
        tally.add(pricing.fee(fee, 0, window.length), count)
