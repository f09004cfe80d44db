"""The fictional operator's catalog, from `catalog.toml` into the models."""

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from abonent.catalog.models import (
    OptionSet,
    Rate,
    Service,
    ServiceCategory,
    Tariff,
    TariffCategory,
    Zone,
    ZonePrefix,
)

# What a price list of `catalog.toml` holds is as mixed as TOML itself.
Entry = Mapping[str, Any]

ONLY_CHANGES = {"second": "usual", "office": "usual"}
LANGUAGES = ("ru", "be", "en")


def read() -> Entry:
    return tomllib.loads(Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8"))


def make_catalog(start: dt.datetime) -> None:
    """Fill the empty catalog; prices hold from `start` (aware)."""
    data = read()
    _make_zones(data["zones"])
    for entry in data["tariff_categories"]:
        TariffCategory.objects.create(code=entry["code"], names=entry["names"])
    zones = {zone.code: zone for zone in Zone.objects.all()}
    for entry in data["tariffs"]:
        tariff = _make_tariff(entry)
        prices = price_list(data["prices"], entry["prices"])
        Rate.objects.bulk_create(_rate(tariff, zones, row, start) for row in prices)
    _make_services(data)


def price_list(lists: Entry, name: str) -> Sequence[Sequence[Any]]:
    """The rows of a price list; a list that only changes another is laid over it, row by row of the same key."""
    rows = {tuple(row[:4]): row for row in lists[ONLY_CHANGES.get(name, name)]}
    rows |= {tuple(row[:4]): row for row in lists[name]}
    return list(rows.values())


def _make_zones(entries: Sequence[Entry]) -> None:
    for entry in entries:
        zone = Zone.objects.create(
            code=entry["code"],
            kind=entry["kind"],
            names=entry["names"],
            takes_forwarded=entry.get("takes_forwarded", False),
        )
        ZonePrefix.objects.bulk_create(
            ZonePrefix(zone=zone, kind=zone.kind, prefix=prefix) for prefix in entry["prefixes"]
        )


def _make_tariff(entry: Entry) -> Tariff:
    tariff = Tariff.objects.create(
        code=entry["code"],
        category=TariffCategory.objects.get(code=entry["category"]),
        kind=entry["kind"],
        fee=Decimal(entry["fee"]),
        names=entry["names"],
        descriptions=entry["descriptions"],
        sim_by_client=entry.get("sim_by_client", True),
    )
    for package in entry["sets"]:
        OptionSet.objects.create(
            tariff=tariff, names=_package_names(package), **{**package, "fee": Decimal(package["fee"])}
        )
    return tariff


def _package_names(package: Entry) -> dict[str, str]:
    """«Набор: 300 мин., 15 ГБ», as the seeds write it."""
    megabytes = package["megabytes"]
    volume = {
        language: f"{megabytes // 1024} {big}" if megabytes >= 1024 else f"{megabytes} {small}"  # noqa: PLR2004  # MB in a GB
        for language, big, small in (("ru", "ГБ", "МБ"), ("be", "ГБ", "МБ"), ("en", "GB", "MB"))
    }
    minutes = package["minutes"]
    return {
        "ru": f"Набор: {minutes} мин., {volume['ru']}" if minutes else f"Набор: {volume['ru']}",
        "be": f"Набор: {minutes} хв., {volume['be']}" if minutes else f"Набор: {volume['be']}",
        "en": f"Set: {minutes} min, {volume['en']}" if minutes else f"Set: {volume['en']}",
    }


def _rate(tariff: Tariff, zones: Mapping[str, Zone], row: Sequence[Any], start: dt.datetime) -> Rate:
    traffic, direction, roaming, destination, price, off_peak, step, minimum, in_package = row
    return Rate(
        tariff=tariff,
        traffic=traffic,
        direction=direction,
        roaming=zones.get(roaming),
        destination=zones.get(destination),
        price=Decimal(price),
        off_peak_price=Decimal(off_peak) if off_peak else None,
        step=step,
        minimum=minimum,
        in_package=in_package,
        start=start,
    )


def _make_services(data: Entry) -> None:
    for entry in data["service_categories"]:
        ServiceCategory.objects.create(code=entry["code"], names=entry["names"])
    for entry in data["services"]:
        Service.objects.create(
            code=entry["code"],
            category=ServiceCategory.objects.get(code=entry["category"]),
            kinds=entry["kinds"],
            fee=Decimal(entry["fee"]),
            connect_fee=Decimal(entry["connect_fee"]),
            names=entry["names"],
            descriptions=entry["descriptions"],
        )
    services = {service.code: service for service in Service.objects.all()}
    for entry in data["services"]:
        services[entry["code"]].excludes.set([services[code] for code in entry.get("excludes", [])])
        services[entry["code"]].requires.set([services[code] for code in entry.get("requires", [])])
