"""A small operator for the tests of usage: two accounts, a catalog, subscribers made by one call each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from abonent.catalog.models import OptionSet, Rate, Tariff, TariffCategory, Zone, ZonePrefix
from abonent.clients.models import Account, Client, Contract
from abonent.subscribers.models import AccountHolding, NumberHolding, PlanHolding, Subscriber
from abonent.usage.layout import HEADER

SINCE = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
ZONES = {
    "onnet": ("destination", ["37529"]),
    "land": ("destination", ["375"]),
    "short": ("destination", ["411$", "80012345678$"]),
    "swiss": ("destination", ["41"]),
    "zurich": ("destination", ["4144"]),
    "roam-near": ("roaming", ["POL", "LTU"]),
    "roam-lux": ("roaming", ["POL09"]),
}


@dataclass(slots=True)
class World:
    folder: Path
    first: Account
    second: Account
    tariff: Tariff
    package: OptionSet
    zones: dict[str, Zone]

    def subscriber(
        self,
        number: str,
        *,
        account: Account | None = None,
        start: dt.datetime = SINCE,
        end: dt.datetime | None = None,
        plan: bool = True,
        package: OptionSet | None = None,
    ) -> Subscriber:
        account = account or self.first
        made = Subscriber.objects.create(account=account, number=number, tariff=self.tariff, status="active")
        NumberHolding.objects.create(subscriber=made, number=number, start=start, end=end)
        AccountHolding.objects.create(subscriber=made, account=account, start=start, end=end)
        if plan:
            PlanHolding.objects.create(subscriber=made, tariff=self.tariff, option_set=package, start=start, end=end)
        return made

    def rate(self, traffic: str, price: str, **fields: object) -> Rate:
        zones: dict[str, Zone] = {
            name: self.zones[str(fields.pop(name))] for name in fields.keys() & {"roaming", "destination"}
        }
        values: dict[str, Any] = {"direction": "out", "step": 1, "start": SINCE, "tariff": self.tariff}
        values.update(fields)
        values.update(zones)
        return Rate.objects.create(traffic=traffic, price=Decimal(price), **values)

    def file(self, lines: Iterable[str], name: str = "usage.csv") -> Path:
        path = self.folder / name
        path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        return path


def make(folder: Path) -> World:
    client = Client.objects.create(name="Test", tax_id="100000001")
    contract = Contract.objects.create(client=client, number="1", signed=SINCE.date())
    first, second = (
        Account.objects.create(contract=contract, number=number, opened=SINCE.date())
        for number in ("00020000001", "00020000002")
    )
    category = TariffCategory.objects.create(code="test", names={})
    tariff = Tariff.objects.create(code="test", names={}, category=category, kind="mobile", fee=Decimal(1))
    package = OptionSet.objects.create(
        code="test", names={}, tariff=tariff, fee=Decimal(1), minutes=10, messages=5, megabytes=3
    )
    zones = {}
    for code, (kind, prefixes) in ZONES.items():
        zones[code] = Zone.objects.create(code=code, kind=kind, names={})
        ZonePrefix.objects.bulk_create(ZonePrefix(zone=zones[code], kind=kind, prefix=text) for text in prefixes)
    return World(folder, first, second, tariff, package, zones)
