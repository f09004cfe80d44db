"""What is due by the clock: each task runs on one of the workers at a time."""

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from abonent.jobs.heartbeat import beating
from abonent.jobs.models import ERROR_LENGTH, ScheduledTask
from abonent.lib import clock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Daily:
    """Each day at the wall time `at` in `zone`."""

    at: dt.time
    zone: dt.tzinfo

    def after(self, moment: dt.datetime) -> dt.datetime:
        local = moment.astimezone(self.zone)
        today = dt.datetime.combine(local.date(), self.at, self.zone)
        later = today if today > local else dt.datetime.combine(local.date() + dt.timedelta(days=1), self.at, self.zone)
        return later.astimezone(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """`run` is called each `every`; it is short, or it places jobs (tasks of one worker run one after another).

    What it returns is of no account.
    """

    name: str
    every: dt.timedelta | Daily
    run: Callable[[], object]
    lease: dt.timedelta = dt.timedelta(seconds=15)

    def after(self, moment: dt.datetime) -> dt.datetime:
        return self.every.after(moment) if isinstance(self.every, Daily) else moment + self.every


def enter(tasks: Iterable[Task]) -> None:
    """Give each task its row: a new interval begins at once, a new daily task waits for its hour.

    A row whose next run is further off than the task's own step (the step was shortened) is drawn nearer.
    """
    now = clock.now()
    for task in tasks:
        following = task.after(now)
        first = following if isinstance(task.every, Daily) else now
        row, _created = ScheduledTask.objects.get_or_create(name=task.name, defaults={"next_run": first})
        if row.next_run > following:
            ScheduledTask.objects.filter(name=task.name, next_run__gt=following).update(next_run=following)


def tick(tasks: Iterable[Task]) -> int:
    """Run what is due and free, and say how many ran. A failing task is noted on its row, and the next one runs."""
    due = set(_free().values_list("name", flat=True))
    return sum(_run(task) for task in tasks if task.name in due)


def _free() -> QuerySet[ScheduledTask]:
    now = clock.now()
    return ScheduledTask.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now), next_run__lte=now)


def _run(task: Task) -> bool:
    key = uuid.uuid4()
    if not _free().filter(name=task.name).update(lease=key, leased_until=clock.now() + task.lease):
        return False
    mine = ScheduledTask.objects.filter(name=task.name, lease=key)

    def renew() -> None:
        mine.update(leased_until=clock.now() + task.lease)

    error = ""
    try:
        with beating(renew, task.lease / 3):
            task.run()
    except Exception as failure:
        log.exception("the task %s failed", task.name)
        error = type(failure).__name__[:ERROR_LENGTH]
    now = clock.now()
    mine.update(lease=None, leased_until=None, last_run=now, next_run=task.after(now), error=error)
    return True
