"""The SQL of the rating against the oracle, to the micro-unit, on random months full of edges."""

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import models

from abonent.catalog.models import OptionSet
from abonent.lib.money import from_micros
from abonent.lib.periods import Month, Period
from abonent.profile import Profile, current
from abonent.profile import model as profile_model
from abonent.subscribers.models import PlanHolding, Subscriber
from abonent.usage import intake, months, queries
from abonent.usage.rating import rate
from tests.usage.oracle import Call, Oracle, Priced
from tests.usage.world import World

pytestmark = pytest.mark.django_db

PEERS = (
    "375291111111", "375171111111", "411", "41151111111", "80012345678", "800123456789", "41441111111", "4411", "112",
    "BankInfo", "7911111111",
)  # fmt: skip
NETWORKS = ("", "", "", "BLRAB", "POL01", "POL09", "LTU01", "XXX01")
COLUMNS = ("line", "zone", "charge", "peak", "billed", "free", "amount_micros", "problem")


@pytest.fixture(params=["Europe/Minsk", "Europe/Riga"])
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Profile:
    changed = dataclasses.replace(current(), zone=ZoneInfo(request.param))
    monkeypatch.setattr(profile_model, "_known", lambda _code: changed)
    return changed


def random_catalog(world: World, dice: random.Random) -> None:
    for traffic, unit in (("voice", 60), ("sms", 1), ("data", 102_400)):
        for direction in ("out", "in") if traffic != "data" else ("out",):
            for roaming in (None, "roam-near", "roam-lux"):
                for destination in (None, "onnet", "land", "short", "swiss", "zurich"):
                    if dice.random() < 0.6:
                        zones = {"roaming": roaming, "destination": destination}
                        world.rate(
                            traffic,
                            str(Decimal(dice.randrange(3_000_000)).scaleb(-6)),
                            direction=direction,
                            step=dice.choice([1, unit, 7 * unit]),
                            minimum=dice.choice([0, 3, unit]),
                            in_package=dice.random() < 0.7,
                            off_peak_price=dice.choice([None, Decimal("0.000001"), Decimal("0.123457")]),
                            **{name: zone for name, zone in zones.items() if zone},
                        )


def random_plans(world: World, dice: random.Random) -> list[Subscriber]:
    packages: list[OptionSet | None] = [world.package, None]
    people = [world.subscriber(f"37529100000{i}", plan=i > 0) for i in range(6)]
    for person in people[2:]:
        moment = dt.datetime(2026, 10, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=dice.randrange(30 * 86_400))
        models.QuerySet(PlanHolding).filter(subscriber=person).update(end=moment, option_set=dice.choice(packages))
        PlanHolding.objects.create(subscriber=person, tariff=world.tariff, option_set=world.package, start=moment)
    return people


def edges(month: Month, zone: ZoneInfo) -> list[dt.datetime]:
    """The borders of the month, of peak hours, of plans and of summer time."""
    period = month.period(zone)
    assert period.end
    found = [period.start, period.end - dt.timedelta(seconds=1)]
    for hour in (0, 7, 8, 19, 20):
        found += [dt.datetime(month.year, month.number, day, hour, tzinfo=zone) for day in (2, 3, 4, 25)]
    plans = PlanHolding.objects.filter(start__gte=period.start, start__lt=period.end)
    return found + [plan.start for plan in plans]


def random_calls(month: Month, people: list[Subscriber], dice: random.Random, zone: ZoneInfo) -> Iterator[Call]:
    period = month.period(zone)
    assert period.end
    borders = edges(month, zone)
    for line in range(2, 402):
        start = dice.choice(borders) + dt.timedelta(seconds=dice.choice([-1, 0, 1]))
        if dice.random() < 0.5 or start not in period:
            start = period.start + dt.timedelta(seconds=dice.randrange(period.seconds))
        kind = dice.choice(["voice", "voice", "sms", "data"])
        quantity = {"voice": dice.choice([0, 1, 59, 60, 61, 200]), "sms": 1, "data": dice.randrange(1, 400_000)}[kind]
        direction = "out" if kind == "data" else dice.choice(["out", "out", "in"])
        yield Call(
            dice.choice(people).pk,
            kind,
            direction,
            start,
            quantity,
            dice.choice(PEERS),
            dice.choice(NETWORKS),
            (0, line),
        )


def write_and_load(world: World, calls: list[Call], people: list[Subscriber], name: str) -> intake.IntakeResult:
    numbers = {person.pk: person.number for person in people}
    offset = dt.timezone(dt.timedelta(hours=-3, minutes=-30))
    lines = [
        f"{numbers[c.subscriber]};{c.kind};{c.direction};{c.start.astimezone(offset).isoformat()};{c.quantity};{c.peer};{c.network}"
        for c in calls
    ]
    result = intake.load(world.file(lines, name))
    assert (result.records, result.rejected) == (len(calls), 0)
    return result


def rated(people: list[Subscriber], month: Month) -> dict[int, Priced]:
    rows = (row for batch in queries.records([p.pk for p in people], month, columns=COLUMNS) for row in batch)
    found = {}
    for line, zone, charge, peak, billed, free, micros, problem in rows:
        assert isinstance(micros, int)
        found[line] = Priced(zone, charge, peak == 1, billed, free, from_micros(micros), problem)  # type: ignore[arg-type]  # rows are plain objects
    return found  # type: ignore[return-value]  # the line is an int


@pytest.mark.parametrize("seed", range(4))
def test_every_amount_equals_the_oracle_s(world: World, here: Profile, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # cases, not secrets
    random_catalog(world, dice)
    people = random_plans(world, dice)
    oracle = Oracle(here)
    october = Month(2026, 10)
    calls = list(random_calls(october, people, dice, here.zone))
    write_and_load(world, calls, people, "october.csv")
    months.close(october)
    rate(october)
    expected = {call.order[1]: priced for call, priced in oracle.rate(calls).items()}
    assert rated(people, october) == expected
    assert {priced.problem for priced in expected.values()} >= {"", "no_plan", "no_network"}
    assert any(priced.free > 0 and priced.billed for priced in expected.values())

    # What comes late is billed in November, at October's plans, from what October's packages have left.
    late = list(random_calls(october, people, dice, here.zone))[:150]
    result = write_and_load(world, late, people, "late.csv")
    assert (result.late, result.months) == (150, (Month(2026, 11),))
    rate(Month(2026, 11))
    assert rated(people, Month(2026, 11)) == {call.order[1]: priced for call, priced in oracle.rate(late).items()}


def test_the_oracle_meets_both_sides_of_summer_time() -> None:
    period = Month(2026, 10).period(ZoneInfo("Europe/Riga"))
    assert Period(period.start, period.end).seconds == (31 * 24 + 1) * 3600
