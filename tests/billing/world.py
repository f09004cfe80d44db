"""A small operator for the tests of billing: one client with two accounts, subscribers made and changed by one call."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from abonent.catalog.models import OptionSet, Service, ServiceCategory, Tariff, TariffCategory
from abonent.clients.models import Account, Client, Contract, Delivery
from abonent.lib.periods import Month
from abonent.subscribers.models import (
    AccountHolding,
    ConnectedService,
    NameHolding,
    NumberHolding,
    PlanHolding,
    StatusHolding,
    Subscriber,
)

MINSK = ZoneInfo("Europe/Minsk")
SINCE = dt.datetime(2025, 1, 1, tzinfo=MINSK)
OCTOBER = Month(2026, 10)


def local(*numbers: int) -> dt.datetime:
    """A moment in Minsk: year, month, day, and if need be hour, minute, second."""
    year, month, day, *rest = numbers
    hour, minute, second = [*rest, 0, 0, 0][:3]
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=MINSK)


@dataclass(slots=True)
class World:
    client: Client
    first: Account
    second: Account
    tariff: Tariff
    other_tariff: Tariff
    package: OptionSet
    service: Service
    _places: "count[int]"

    def subscriber(
        self,
        account: Account | None = None,
        *,
        start: dt.datetime = SINCE,
        status: str = "active",
        package: OptionSet | None = None,
    ) -> Subscriber:
        """A line with a row of each kind from `start` on."""
        account = account or self.first
        number = f"37529{next(self._places):07}"
        line = Subscriber.objects.create(
            account=account,
            number=number,
            last_name=f"Абонент {number[-4:]}",
            tariff=self.tariff,
            option_set=package,
            status=status,
        )
        NumberHolding.objects.create(subscriber=line, number=number, start=start)
        AccountHolding.objects.create(subscriber=line, account=account, start=start)
        NameHolding.objects.create(subscriber=line, last_name=line.last_name, start=start)
        StatusHolding.objects.create(subscriber=line, status=status, start=start)
        PlanHolding.objects.create(subscriber=line, tariff=self.tariff, option_set=package, start=start)
        return line

    def connect(
        self, line: Subscriber, start: dt.datetime, end: dt.datetime | None = None, connect_fee: str = "0"
    ) -> ConnectedService:
        return ConnectedService.objects.create(
            subscriber=line,
            service=self.service,
            fee=self.service.fee,
            connect_fee=Decimal(connect_fee),
            start=start,
            end=end,
            source=f"test:{next(self._places)}",
        )


def plan(line: Subscriber, tariff: Tariff, start: dt.datetime, option_set: OptionSet | None = None) -> None:
    """Change the plan of a line at `start`."""
    PlanHolding.objects.filter(subscriber=line, end__isnull=True).update(end=start)
    PlanHolding.objects.create(subscriber=line, tariff=tariff, option_set=option_set, start=start)
    Subscriber.objects.filter(pk=line.pk).update(tariff=tariff, option_set=option_set)


def status(line: Subscriber, value: str, start: dt.datetime) -> None:
    StatusHolding.objects.filter(subscriber=line, end__isnull=True).update(end=start)
    StatusHolding.objects.create(subscriber=line, status=value, start=start)
    Subscriber.objects.filter(pk=line.pk).update(status=value)


def rename(line: Subscriber, last_name: str, start: dt.datetime) -> None:
    NameHolding.objects.filter(subscriber=line, end__isnull=True).update(end=start)
    NameHolding.objects.create(subscriber=line, last_name=last_name, start=start)
    Subscriber.objects.filter(pk=line.pk).update(last_name=last_name)


def make() -> World:
    client = Client.objects.create(name="Рога и копыта", tax_id="100000001", bank_accounts="BY01\nBY02")
    contract = Contract.objects.create(client=client, number="D-1", signed=SINCE.date())
    first, second = (
        Account.objects.create(contract=contract, number=number, opened=SINCE.date())
        for number in ("00020000001", "00020000002")
    )
    Delivery.objects.create(account=first, address="old@example.com", start=SINCE)
    category = TariffCategory.objects.create(code="c", names={})
    tariff = Tariff.objects.create(
        code="smart", names={"ru": "Смарт", "en": "Smart"}, category=category, kind="mobile", fee=Decimal(31)
    )
    other = Tariff.objects.create(code="other", names={}, category=category, kind="mobile", fee=Decimal(62))
    package = OptionSet.objects.create(code="pack", names={"ru": "Набор"}, tariff=tariff, fee=Decimal("3.10"))
    service = Service.objects.create(
        code="clip",
        names={"ru": "АОН"},
        category=ServiceCategory.objects.create(code="s", names={}),
        fee=Decimal("6.20"),
    )
    return World(client, first, second, tariff, other, package, service, count(1))
