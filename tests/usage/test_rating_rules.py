"""Each rule of the rating on its own, with figures that a person can check."""

import datetime as dt

import pytest
from django.db.models import QuerySet

from abonent.lib.periods import Month
from abonent.subscribers.models import PlanHolding, Subscriber
from abonent.usage import intake, queries
from abonent.usage.rating import rate
from tests.usage.world import SINCE, World

pytestmark = pytest.mark.django_db

OWN = "375291000001"
OCTOBER = Month(2026, 10)
MICRO = 1_000_000


def call(
    quantity: int = 60, *, kind: str = "voice", direction: str = "out", peer: str = "375291111111", network: str = "",
    at: str = "2026-10-05T12:00:00+03:00",
) -> str:  # fmt: skip
    return f"{OWN};{kind};{direction};{at};{quantity};{peer};{network}"


def rated(world: World, person: Subscriber, lines: list[str], *columns: str) -> list[tuple[object, ...]]:
    assert intake.load(world.file(lines)).records == len(lines)
    rate(OCTOBER)
    return [row for batch in queries.records([person.pk], OCTOBER, columns=columns) for row in batch]


def test_the_longest_prefix_decides_and_a_short_number_is_matched_whole(world: World) -> None:
    for zone, price in (("onnet", "1"), ("land", "2"), ("short", "3"), ("swiss", "4"), ("zurich", "5")):
        world.rate("voice", price, destination=zone, step=60)
    world.rate("voice", "9", step=60)
    peers = ["375291111111", "375171111111", "411", "41111111111", "41441111111", "4144", "41", "112", "Taxi"]
    rows = rated(world, world.subscriber(OWN), [call(peer=peer) for peer in peers], "zone", "amount_micros", "charge")
    assert rows == [
        ("onnet", 1 * MICRO, "voice_home"),
        ("land", 2 * MICRO, "voice_home"),
        ("short", 3 * MICRO, "voice_home"),
        ("swiss", 4 * MICRO, "voice_intl"),
        ("zurich", 5 * MICRO, "voice_intl"),
        ("", 9 * MICRO, "voice_home"),
        ("", 9 * MICRO, "voice_home"),
        ("", 9 * MICRO, "voice_home"),
        ("", 9 * MICRO, "voice_home"),
    ]


def test_minimum_and_steps_round_up_and_nothing_costs_nothing(world: World) -> None:
    world.rate("voice", "0.10", step=6, minimum=20)
    rows = rated(world, world.subscriber(OWN), [call(n) for n in (0, 1, 20, 24, 25)], "billed", "amount_micros")
    assert rows == [(0, 0), (24, 400_000), (24, 400_000), (24, 400_000), (30, 500_000)]


def test_peak_is_decided_by_the_local_time_of_the_start(world: World) -> None:
    world.rate("voice", "2", off_peak_price="1", step=60)
    moments = [
        "2026-10-05T07:59:59+03:00", "2026-10-05T08:00:00+03:00", "2026-10-05T16:59:59Z", "2026-10-05T17:00:00Z",
        "2026-10-09T19:59:59+03:00", "2026-10-10T12:00:00+03:00", "2026-10-11T12:00:00+03:00",
    ]  # fmt: skip
    rows = rated(world, world.subscriber(OWN), [call(at=moment) for moment in moments], "peak", "amount_micros")
    assert rows == [(0, MICRO), (1, 2 * MICRO), (1, 2 * MICRO), (0, MICRO), (1, 2 * MICRO), (0, MICRO), (0, MICRO)]


def test_a_package_pays_in_order_of_time_and_the_rest_is_rounded(world: World) -> None:
    world.rate("voice", "0.09", step=60, minimum=60, in_package=True)
    person = world.subscriber(OWN, package=world.package)  # 10 minutes
    lines = [
        call(100, at="2026-10-06T10:00:00Z"),  # 20 seconds are left: the other 80 are two minutes
        call(570, at="2026-10-05T10:00:00Z"),
        call(10, at="2026-10-05T11:00:00Z"),
        call(1, at="2026-10-07T10:00:00Z"),
    ]
    rows = rated(world, person, lines, "line", "free", "billed", "amount_micros")
    assert rows == [(3, 570, 0, 0), (4, 10, 0, 0), (2, 20, 120, 180_000), (5, 0, 60, 90_000)]


def test_each_plan_gets_its_share_of_the_package_rounded_down(world: World) -> None:
    world.rate("data", "0.01", step=1, in_package=True)
    person = world.subscriber(OWN, package=world.package)  # 3 MB = 3,145,728 bytes
    moment = dt.datetime(2026, 10, 10, 21, tzinfo=dt.UTC)  # ten of 31 days
    QuerySet(PlanHolding).filter(subscriber=person).update(end=moment)
    PlanHolding.objects.create(subscriber=person, tariff=world.tariff, option_set=world.package, start=moment)
    lines = [
        call(3_000_000, kind="data", peer="internet", at=at)
        for at in ("2026-10-10T23:59:59+03:00", "2026-10-11T00:00:00+03:00")
    ]
    assert rated(world, person, lines, "free") == [(3_145_728 * 10 // 31,), (3_145_728 * 21 // 31,)]


def test_the_plan_and_the_price_are_those_of_the_call_s_time(world: World) -> None:
    person = world.subscriber(OWN, start=dt.datetime(2026, 10, 3, tzinfo=dt.UTC))
    moment = dt.datetime(2026, 10, 15, tzinfo=dt.UTC)
    world.rate("voice", "1", step=60, end=moment)
    world.rate("voice", "2", step=60, start=moment)
    rows = rated(world, person, [call(at="2026-10-14T23:59:59Z"), call(at="2026-10-15T00:00:00Z")], "amount_micros")
    assert rows == [(MICRO,), (2 * MICRO,)]


def test_roaming_is_priced_by_the_visited_network_in_both_directions(world: World) -> None:
    world.rate("voice", "1", step=60)
    world.rate("voice", "7", step=60, roaming="roam-near")
    world.rate("voice", "8", step=60, roaming="roam-lux")
    world.rate("voice", "6", step=60, roaming="roam-near", direction="in")
    lines = [call(network=network) for network in ("", "BLRAB", "POL01", "POL09", "LTU01")]
    lines.append(call(network="POL01", direction="in"))
    rows = rated(world, world.subscriber(OWN), lines, "zone", "charge", "amount_micros")
    assert rows == [
        ("onnet", "voice_home", MICRO),
        ("onnet", "voice_home", MICRO),
        ("roam-near", "voice_roaming", 7 * MICRO),
        ("roam-lux", "voice_roaming", 8 * MICRO),
        ("roam-near", "voice_roaming", 7 * MICRO),
        ("roam-near", "voice_roaming", 6 * MICRO),
    ]


def test_what_has_no_price_is_counted_and_never_silently_free(world: World) -> None:
    world.rate("voice", "0", step=60)
    person = world.subscriber(OWN)
    lines = [call(), call(kind="sms", quantity=1), call(network="XXX01"), call(network="POL01")]
    rows = rated(world, person, lines, "kind", "network", "problem")
    assert rows == [
        ("voice", "", ""),
        ("sms", "", "no_rate"),
        ("voice", "XXX01", "no_network"),
        ("voice", "POL01", "no_rate"),
    ]
    version = queries.current_version(OCTOBER)
    assert version
    assert (version.records, version.unrated) == (4, 3)
    totals = {total.charge: (total.records, total.unrated) for total in queries.totals(version)}
    assert totals == {"voice_home": (1, 0), "sms_home": (1, 1), "voice_roaming": (2, 2)}


def test_a_subscriber_without_a_tariff_at_that_time_is_a_problem_too(world: World) -> None:
    world.rate("voice", "1", step=60)
    assert rated(world, world.subscriber(OWN, plan=False), [call()], "problem") == [("no_plan",)]


def test_a_plan_held_twice_at_a_time_stops_the_rating(world: World) -> None:
    person = world.subscriber(OWN)
    PlanHolding.objects.create(
        subscriber=person, tariff=world.tariff, start=SINCE, end=dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    )
    intake.load(world.file([call()]))
    with pytest.raises(RuntimeError, match="held twice"):
        rate(OCTOBER)
    assert queries.current_version(OCTOBER) is None
