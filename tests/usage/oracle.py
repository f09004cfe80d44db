"""The rating of call records in plain Python, row by row: slow, and right by reading it. The tests' oracle."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import models

from abonent.catalog.models import Rate, Zone, ZonePrefix
from abonent.lib.periods import Month, Period
from abonent.profile import Profile
from abonent.subscribers.models import PlanHolding


@dataclass(frozen=True, slots=True)
class Call:
    subscriber: int
    kind: str
    direction: str
    start: dt.datetime
    quantity: int
    peer: str
    network: str
    order: tuple[int, int]


class Priced(NamedTuple):
    zone: str
    charge: str
    peak: bool
    billed: int
    free: int
    amount: Decimal
    problem: str


class Oracle:
    """Rates one month after the other, and remembers what was taken from each package."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.plans: defaultdict[int, list[PlanHolding]] = defaultdict(list)
        held: models.QuerySet[PlanHolding] = models.QuerySet(PlanHolding)
        for plan in held.select_related("option_set"):
            self.plans[plan.subscriber_id].append(plan)
        self.rates: defaultdict[tuple[int, str, str, int | None], list[Rate]] = defaultdict(list)
        for rate in Rate.objects.all():
            self.rates[rate.tariff_id, rate.traffic, rate.direction, rate.roaming_id].append(rate)
        self.prefixes = {(row.kind, row.prefix): row.zone for row in ZonePrefix.objects.select_related("zone")}
        self.used: Counter[tuple[int, Month, str]] = Counter()

    def rate(self, calls: Iterable[Call]) -> dict[Call, Priced]:
        ordered = sorted(calls, key=lambda call: (call.start, call.order))
        return {call: self.price(call) for call in ordered}

    def price(self, call: Call) -> Priced:
        local = call.start.astimezone(self.profile.zone)
        peak_hours = self.profile.peak
        peak = local.isoweekday() in peak_hours.days and peak_hours.from_hour <= local.hour < peak_hours.to_hour
        home = call.network in {"", self.profile.home_network}
        dialled = call.peer if call.peer.isdigit() else ""
        destination = self.prefixes.get(("destination", dialled + "$"))
        if destination is None and len(dialled) > 6:
            destination = self.longest("destination", dialled)
        roaming = None if home else self.longest("roaming", call.network)
        zone = destination if home else roaming
        code = zone.code if zone else ""
        charge = self.charge(call, dialled, home=home)
        plan = next((plan for plan in self.plans[call.subscriber] if call.start in Period(plan.start, plan.end)), None)
        if plan is None:
            return Priced(code, charge, peak, 0, 0, Decimal(0), "no_plan")
        if not home and roaming is None:
            return Priced(code, charge, peak, 0, 0, Decimal(0), "no_network")
        rate = self.find_rate(plan, call, roaming.pk if roaming else None, destination.pk if destination else None)
        if rate is None:
            return Priced(code, charge, peak, 0, 0, Decimal(0), "no_rate")
        free = self.take(plan, call, Month.at(call.start, self.profile.zone)) if rate.in_package else 0
        steps = self.steps(call.quantity - free, rate)
        price = rate.price if peak or rate.off_peak_price is None else rate.off_peak_price
        return Priced(code, charge, peak, steps * rate.step, free, steps * price, "")

    def longest(self, kind: str, text: str) -> Zone | None:
        heads = [(kind, text[:length]) for length in range(len(text), 0, -1)]
        return next((self.prefixes[head] for head in heads if head in self.prefixes), None)

    def charge(self, call: Call, dialled: str, *, home: bool) -> str:
        if not home:
            return f"{call.kind}_roaming"
        if call.kind == "data":
            return "data_home"
        if call.direction == "in":
            return f"{call.kind}_in"
        abroad = len(dialled) > 6 and not dialled.startswith(self.profile.numbers.country_code)
        return f"{call.kind}_intl" if abroad else f"{call.kind}_home"

    def find_rate(self, plan: PlanHolding, call: Call, roaming: int | None, destination: int | None) -> Rate | None:
        of_traffic = self.rates[plan.tariff_id, call.kind, call.direction, roaming]
        fitting = [rate for rate in of_traffic if call.start in Period(rate.start, rate.end)]
        named = [rate for rate in fitting if rate.destination_id == destination]
        anywhere = [rate for rate in fitting if rate.destination_id is None]
        return next(iter([*named, *anywhere]), None)

    def take(self, plan: PlanHolding, call: Call, month: Month) -> int:
        whole = month.period(self.profile.zone)
        held = whole.overlap(Period(plan.start, plan.end))
        assert held
        package = plan.option_set
        sizes = (
            {"voice": package.minutes * 60, "sms": package.messages, "data": package.megabytes * 1_048_576}
            if package
            else {"voice": 0, "sms": 0, "data": 0}
        )
        left = sizes[call.kind] * held.seconds // whole.seconds - self.used[plan.pk, month, call.kind]
        taken = max(0, min(left, call.quantity))
        self.used[plan.pk, month, call.kind] += taken
        return taken

    @staticmethod
    def steps(units: int, rate: Rate) -> int:
        if units == 0:
            return 0
        units = max(units, rate.minimum)
        return units // rate.step + (1 if units % rate.step else 0)
