import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from abonent.jobs import schedule
from abonent.jobs.models import ScheduledTask
from abonent.jobs.schedule import Daily, Task
from abonent.lib import clock

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def test_a_task_runs_at_once_and_then_each_interval() -> None:
    ran: list[dt.datetime] = []
    tasks = [Task(name="count", every=MINUTE, run=lambda: ran.append(clock.now()))]
    for seconds in (0, 1, 59, 60, 61, 200):
        with clock.stopped(NOON + dt.timedelta(seconds=seconds)):
            schedule.enter(tasks)
            schedule.tick(tasks)
    assert [(moment - NOON).seconds for moment in ran] == [0, 60, 200]


def test_a_task_that_another_worker_runs_is_left_to_it_until_its_lease_ends() -> None:
    ran: list[str] = []

    def meanwhile() -> None:
        ran.append("outer")
        assert schedule.tick(tasks) == 0

    tasks = [Task(name="alone", every=MINUTE, run=meanwhile)]
    with clock.stopped(NOON):
        schedule.enter(tasks)
        assert schedule.tick(tasks) == 1
        # A worker that was killed: its lease stands, its next run is due.
        ScheduledTask.objects.update(next_run=NOON, leased_until=NOON + dt.timedelta(seconds=15))
        assert schedule.tick(tasks) == 0
    with clock.stopped(NOON + dt.timedelta(seconds=15)):
        assert schedule.tick(tasks) == 1
    assert ran == ["outer", "outer"]


def test_a_failing_task_is_noted_and_comes_again_and_others_run() -> None:
    ran: list[str] = []

    def fail() -> None:
        raise ValueError("a secret that nobody may read")

    tasks = [Task(name="bad", every=MINUTE, run=fail), Task(name="good", every=MINUTE, run=lambda: ran.append("good"))]
    with clock.stopped(NOON):
        schedule.enter(tasks)
        assert schedule.tick(tasks) == 2
    bad = ScheduledTask.objects.get(name="bad")
    assert (bad.error, bad.last_run, bad.next_run) == ("ValueError", NOON, NOON + MINUTE)
    assert ran == ["good"]


def test_a_daily_task_keeps_the_wall_time_over_a_change_of_the_clocks() -> None:
    daily = Daily(dt.time(3, 30), ZoneInfo("Europe/Berlin"))
    before = dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC)
    first = daily.after(before)
    assert first == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)
    assert daily.after(first) == dt.datetime(2026, 3, 30, 1, 30, tzinfo=dt.UTC)
    assert daily.after(dt.datetime(2026, 3, 27, 1, tzinfo=dt.UTC)) == dt.datetime(2026, 3, 27, 2, 30, tzinfo=dt.UTC)


def test_a_daily_task_waits_for_its_hour_and_runs_late_rather_than_never() -> None:
    ran: list[dt.datetime] = []
    tasks = [Task(name="night", every=Daily(dt.time(3), dt.UTC), run=lambda: ran.append(clock.now()))]
    for hours in (0, 14, 16, 17):
        with clock.stopped(NOON + dt.timedelta(hours=hours)):
            schedule.enter(tasks)
            schedule.tick(tasks)
    assert ran == [NOON + dt.timedelta(hours=16)]
    assert ScheduledTask.objects.get().next_run == dt.datetime(2026, 11, 22, 3, tzinfo=dt.UTC)


def test_a_task_whose_step_was_shortened_comes_sooner() -> None:
    with clock.stopped(NOON):
        schedule.enter([Task(name="step", every=dt.timedelta(days=9), run=lambda: None)])
        schedule.tick([Task(name="step", every=dt.timedelta(days=9), run=lambda: None)])
        schedule.enter([Task(name="step", every=MINUTE, run=lambda: None)])
    assert ScheduledTask.objects.get().next_run == NOON + MINUTE
