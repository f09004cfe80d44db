"""The loop and its threads, on a database that really commits."""

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from django.db import connections

from abonent.jobs import worker
from abonent.jobs.lease import Lease
from abonent.jobs.models import ScheduledTask, State, WorkerBeat
from abonent.jobs.queue import Workable
from abonent.jobs.schedule import Task
from abonent.outbox.models import TextMessage
from tests.jobs.processes import until
from tests.jobs.rows import journal_each, queue, rows, times_done

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@contextmanager
def working(queues: Sequence[Workable], tasks: Sequence[Task] = ()) -> Iterator[None]:
    stop = threading.Event()

    def run() -> None:
        try:
            worker.run(queues, tasks, stop, poll=0.02)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _let_it_beat() -> None:
    """Wait until the rows still worked have been prolonged."""
    before = dict(TextMessage.objects.filter(state=State.RUNNING).values_list("pk", "next_try"))

    def prolonged() -> bool:
        now = dict(TextMessage.objects.filter(pk__in=before).values_list("pk", "next_try"))
        return all(now[key] != moment for key, moment in before.items())

    until(prolonged)


def test_a_bad_job_and_a_bad_task_do_not_stop_the_worker() -> None:
    def work(jobs: list[TextMessage], lease: Lease[TextMessage]) -> None:
        if jobs[0].body == "0":
            raise RuntimeError
        journal_each(jobs, lease)

    def fail() -> None:
        raise RuntimeError

    second = dt.timedelta(seconds=1)
    ran = threading.Event()
    tasks = [Task(name="bad", every=second, run=fail), Task(name="good", every=second, run=ran.set)]
    jobs = rows(3)
    with working([queue(work, max_attempts=1)], tasks):
        until(lambda: not TextMessage.objects.filter(state__in=[State.WAITING, State.RUNNING]).exists())
        until(ran.is_set)
        until(lambda: ScheduledTask.objects.get(name="bad").error == "RuntimeError")
        assert worker.alive() == 1
    assert not WorkerBeat.objects.exists()
    assert times_done() == {str(job.pk): 1 for job in jobs[1:]}


def test_a_heartbeat_keeps_the_lease_of_work_that_takes_long() -> None:
    (job,) = rows(1)
    lease = queue(lease=dt.timedelta(seconds=0.6)).claim()
    assert lease is not None
    first = lease.open[job.pk].next_try
    assert first is not None

    def prolonged() -> bool:
        return TextMessage.objects.filter(next_try__gt=first + dt.timedelta(seconds=0.6)).exists()

    with lease.heartbeat():
        until(prolonged)
        assert queue().claim() is None
    journal_each([lease.open[job.pk]], lease)
    assert times_done() == {str(job.pk): 1}


def test_a_heartbeat_goes_on_while_rows_of_the_batch_are_settled_one_by_one() -> None:
    jobs = rows(3)
    lease = queue(batch=3, lease=dt.timedelta(seconds=0.3)).claim()
    assert lease is not None
    with lease.heartbeat():
        for number, job in enumerate(jobs):
            journal_each([lease.open[job.pk]], lease)
            assert TextMessage.objects.filter(state=State.RUNNING).count() == len(jobs) - number - 1
            _let_it_beat()
    assert times_done() == {str(job.pk): 1 for job in jobs}


def test_sqlite_has_a_pause_after_batches_and_none_within_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("abonent.jobs.pause.time.sleep", slept.append)
    vendor = connections["default"].vendor
    rows(4)
    with working([queue(batch=2)]):
        until(lambda: not TextMessage.objects.exclude(state=State.DONE).exists())
    assert len(slept) >= (1 if vendor == "sqlite" else 0)
    assert all(seconds >= 0.02 for seconds in slept)
