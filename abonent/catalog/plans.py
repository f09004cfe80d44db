"""A tariff as one reads it before choosing it: its option sets, and what each kind of traffic costs (S9, S15.2)."""

import datetime as dt

from django.db.models import Q

from abonent.catalog.models import Rate, Tariff


def plan(tariff_id: int) -> Tariff | None:
    """The tariff with its category and sets."""
    return Tariff.objects.select_related("category").prefetch_related("option_sets").filter(pk=tariff_id).first()


def rates_of(tariff: Tariff, at: dt.datetime) -> list[Rate]:
    """The prices in force: at home first, then by roaming zone; what goes out before what comes in."""
    in_force = tariff.rates.filter(start__lte=at).filter(Q(end__isnull=True) | Q(end__gt=at))
    return sorted(in_force.select_related("roaming", "destination"), key=_place)


def _place(rate: Rate) -> tuple[object, ...]:
    zones = [(zone is not None, zone.name if zone else "") for zone in (rate.roaming, rate.destination)]
    return zones[0], ("voice", "sms", "data").index(rate.traffic), rate.direction != "out", zones[1]
