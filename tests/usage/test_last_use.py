"""When a subscriber was last used: what the list's «unused for N days» asks (S7)."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from abonent.lib import clock
from abonent.subscribers.models import Subscriber
from abonent.usage import intake, last_use
from abonent.usage.models import LastUse
from tests.usage.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

USED, QUIET = "375291000001", "375291000002"


def load(world: World, *days: str, number: str = USED, name: str = "usage.csv") -> None:
    lines = [f"{number};voice;in;{day}T10:00:00+03:00;61;375291111111;" for day in days]
    intake.load(world.file(lines, name))


def moment(day: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T10:00:00+03:00")


def test_S7_the_latest_record_of_any_file_counts_in_whatever_order_the_files_come(world: World) -> None:
    line = world.subscriber(USED)
    world.subscriber(QUIET)
    load(world, "2026-11-03", "2026-11-12", "2026-11-05")
    assert last_use.last_used([line.pk]) == {line.pk: moment("2026-11-12")}
    load(world, "2026-10-20", name="late.csv")
    assert last_use.last_used([line.pk]) == {line.pk: moment("2026-11-12")}
    load(world, "2026-11-13", name="new.csv")
    assert last_use.last_used([line.pk]) == {line.pk: moment("2026-11-13")}
    assert LastUse.objects.count() == 1


def test_S7_unused_are_those_without_a_record_since_that_day_begins_here(world: World) -> None:
    used, quiet = world.subscriber(USED), world.subscriber(QUIET)
    intake.load(world.file([f"{USED};data;out;2026-11-11T00:00:00+03:00;5;internet;"]))
    everybody = Subscriber.objects.as_system()
    with clock.stopped(moment("2026-11-21")):
        assert last_use.first_day_unused(10) == dt.date(2026, 11, 11)
    assert list(last_use.unused_since(everybody, dt.date(2026, 11, 11))) == [quiet]
    assert set(last_use.unused_since(everybody, dt.date(2026, 11, 12))) == {used, quiet}


@pytest.mark.usefixtures("world")
def test_more_than_fit_into_one_statement_are_noted() -> None:
    last_use.note([(key, 5) for key in range(1, 4_002)])
    last_use.note([(key, 3 + key % 4) for key in range(1, 4_002)])
    assert LastUse.objects.count() == 4_001
    assert set(LastUse.objects.values_list("at", flat=True)) == {5, 6}


def test_an_installation_that_is_brought_up_to_date_knows_the_records_it_has(world: World) -> None:
    line = world.subscriber(USED)
    load(world, "2026-11-03", "2026-11-12")
    LastUse.objects.all().delete()
    import_module("abonent.usage.migrations.0003_last_use").fill(apps, connection.schema_editor())
    assert last_use.last_used([line.pk]) == {line.pk: moment("2026-11-12")}
