"""What the card of one subscriber reads from the store: packages and last records (S7)."""

import datetime as dt

import pytest

from abonent.lib.periods import Month
from abonent.subscribers import changing
from abonent.subscribers.models import AccountHolding
from abonent.usage import intake
from abonent.usage.one_line import Package, last_records, packages
from abonent.usage.rating import rate
from tests.usage.world import World

pytestmark = pytest.mark.django_db

OWN, OTHER = "375291000001", "375291000002"
NOVEMBER = Month(2026, 11)


def line(kind: str, quantity: int, day: int, *, number: str = OWN, peer: str = "375291111111", hour: int = 10) -> str:
    return f"{number};{kind};out;2026-11-{day:02}T{hour:02}:00:00+03:00;{quantity};{peer};"


def rated(world: World, *lines: str) -> None:
    for kind in ("voice", "sms", "data"):
        world.rate(kind, "1", in_package=True)
    intake.load(world.file(lines))
    rate(NOVEMBER)


def test_S7_what_is_left_of_each_package_is_its_size_less_what_was_taken(world: World) -> None:
    own, other = world.subscriber(OWN, package=world.package), world.subscriber(OTHER, package=world.package)
    rated(world, line("voice", 90, 2), line("voice", 30, 3), line("sms", 1, 4), line("data", 4 << 20, 5))
    voice, sms, data = packages(own.pk, NOVEMBER)
    assert voice == Package("voice", 600, 120)  # type: ignore[arg-type]  # a value of the choices
    assert voice.left == 480
    assert sms.left == 4
    # What goes beyond the package is not taken from it.
    assert (data.taken, data.left) == (3 << 20, 0)
    assert [package.taken for package in packages(other.pk, NOVEMBER)] == [0, 0, 0]


def test_S7_of_a_plan_that_began_within_the_month_its_share_counts(world: World) -> None:
    own = world.subscriber(OWN, package=world.package)
    rated(world, line("voice", 90, 2))
    half = dt.datetime(2026, 11, 16, tzinfo=dt.timezone(dt.timedelta(hours=3)))
    changing.change_plan([own.pk], world.tariff, world.package, half)
    # Half of ten minutes; what was used before was taken from the package of that time.
    assert packages(own.pk, NOVEMBER)[0] == Package("voice", 300, 0)  # type: ignore[arg-type]  # a value of the choices


def test_S7_without_a_package_or_before_any_rating_nothing_was_taken(world: World) -> None:
    bare, fresh = world.subscriber(OWN), world.subscriber(OTHER, package=world.package)
    assert packages(bare.pk, NOVEMBER) == []
    assert [package.left for package in packages(fresh.pk, NOVEMBER)] == [600, 5, 3 << 20]
    assert last_records(fresh.pk, NOVEMBER, account=world.first.pk, columns=["peer"], most=20) == []


def test_S7_the_last_records_come_newest_first_of_this_subscriber_on_this_account_alone(world: World) -> None:
    own = world.subscriber(OWN)
    world.subscriber(OTHER)
    # Until the 5th it was on another account.
    moved = dt.datetime(2026, 11, 5, tzinfo=dt.UTC)
    AccountHolding.objects.filter(subscriber=own).update(end=moved)
    AccountHolding.objects.create(subscriber=own, account=world.second, start=moved)
    lines = [line("voice", 60, 9, number=OTHER, peer="375291000000")]
    lines += [line("sms", 1, day, peer=f"37529111{day:04}") for day in (6, 4, 8, 7)]
    rated(world, *lines)
    found = last_records(own.pk, NOVEMBER, account=world.second.pk, columns=["peer", "kind"], most=2)
    assert found == [("375291110008", "sms"), ("375291110007", "sms")]
    everything = last_records(own.pk, NOVEMBER, account=world.second.pk, columns=["peer"], most=20)
    assert [peer for (peer,) in everything] == ["375291110008", "375291110007", "375291110006"]
