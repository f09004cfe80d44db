"""A tariff plan in words and prices: «Подробнее о тарифе» (S9, S15.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.catalog.models import Direction, OptionSet, Rate, Tariff, Traffic
from abonent.catalog.plans import rates_of
from abonent.lib import clock

MEGABYTE = 1_048_576
PER_GIGABYTE = 1024
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Price:
    """`price` and `off_peak` are for one `unit`, net of VAT; `note` says how it is counted."""

    label: str
    price: Decimal
    off_peak: Decimal | None
    unit: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Prices at home, or in a roaming zone."""

    label: str
    prices: list[Price]


@dataclass(frozen=True, slots=True)
class Plan:
    """`sets` pairs each option set with what it holds."""

    tariff: Tariff
    sets: list[tuple[OptionSet, str]]
    groups: list[Group]


def plan_of(tariff: Tariff) -> Plan:
    """Reads its rates, and its sets where they are not there yet."""
    found = groupby(rates_of(tariff, clock.now()), key=lambda rate: rate.roaming)
    groups = [Group(zone.name if zone else _("At home"), [_price(rate) for rate in rates]) for zone, rates in found]
    return Plan(tariff, [(one, holds(one)) for one in tariff.option_sets.all()], groups)


def holds(option_set: OptionSet | None) -> str:
    """`300 min, 100 SMS, 15 GB`; empty for no set."""
    return ", ".join(_holds(option_set)) if option_set else ""


def _holds(one: OptionSet) -> Iterator[str]:
    if one.minutes:
        yield _("%(n)s min") % {"n": one.minutes}
    if one.messages:
        yield _("%(n)s SMS") % {"n": one.messages}
    if one.megabytes % PER_GIGABYTE:
        yield _("%(n)s MB") % {"n": one.megabytes}
    elif one.megabytes:
        yield _("%(n)s GB") % {"n": one.megabytes // PER_GIGABYTE}


def _price(rate: Rate) -> Price:
    size, unit = _unit(rate)
    off_peak = rate.off_peak_price
    return Price(
        _label(rate),
        rate.price * size / rate.step,
        None if off_peak is None else off_peak * size / rate.step,
        unit,
        "; ".join(_notes(rate)),
    )


def _unit(rate: Rate) -> tuple[int, str]:
    """What people count in, in the steps' own measure."""
    if rate.traffic == Traffic.VOICE:
        return MINUTE, _("a minute")
    return (1, _("a message")) if rate.traffic == Traffic.SMS else (MEGABYTE, _("a megabyte"))


def _label(rate: Rate) -> str:
    known = {
        (Traffic.VOICE, Direction.OUT): _("Outgoing calls"),
        (Traffic.VOICE, Direction.IN): _("Incoming calls"),
        (Traffic.SMS, Direction.OUT): _("Outgoing SMS"),
        (Traffic.SMS, Direction.IN): _("Incoming SMS"),
    }
    label = known.get((Traffic(rate.traffic), Direction(rate.direction)), _("Internet"))
    return f"{label}: {rate.destination.name}" if rate.destination else label


def _notes(rate: Rate) -> Iterator[str]:
    if rate.in_package:
        yield _("the package of the set pays first")
    if rate.traffic == Traffic.VOICE and rate.step > 1:
        yield ngettext("counted by %(n)d second", "counted by %(n)d seconds", rate.step) % {"n": rate.step}
