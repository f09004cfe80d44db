"""The loop that works the queues and the schedule."""

import datetime as dt
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from types import FrameType

from django.db import close_old_connections, connection, connections

from abonent.jobs import schedule as calendar
from abonent.jobs.models import Job, State, WorkerBeat
from abonent.jobs.pause import breathe
from abonent.jobs.queue import Lane, Workable
from abonent.jobs.schedule import Task
from abonent.lib import clock

log = logging.getLogger(__name__)

POLL_SECONDS = 0.25
BEAT_SECONDS = 5
# A worker that said nothing for so long is taken for dead.
SILENCE = dt.timedelta(seconds=20)


def run(
    queues: Sequence[Workable], tasks: Sequence[Task], stop: threading.Event, *, poll: float = POLL_SECONDS
) -> None:
    """Work until `stop` is set; the batches in hand are finished first. One thread per lane, this one for the schedule.

    Whatever fails, a job, a task or the database, the loop goes on; `poll` is the seconds between two looks when idle.
    """
    lanes = [[queue for queue in queues if queue.lane is lane] for lane in Lane]
    threads = [
        threading.Thread(target=_lane, args=(lane, stop, poll), name=f"lane-{lane[0].lane.value}")
        for lane in lanes
        if lane
    ]
    for thread in threads:
        thread.start()
    try:
        _keep(tasks, threads, stop, poll)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        connections.close_all()


def stop_on_signals() -> threading.Event:
    """Make an event that SIGTERM and SIGINT set; call it in the main thread of a worker process."""
    stop = threading.Event()

    def set_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, set_stop)
    signal.signal(signal.SIGINT, set_stop)
    return stop


def drain(queues: Sequence[Workable], *, limit: int = 1_000_000) -> int:
    """Work here and now until nothing is due, at most `limit` rows; return how many were worked.

    For tests and for building a demonstration: what waits for a later try stays.
    """
    served: dict[str, int] = {}
    count = 0
    while count < limit:
        worked = sum(queue.turn(served) for queue in queues)
        if not worked:
            break
        count += worked
    return count


def alive() -> int:
    """How many workers have been heard of within the last 20 seconds."""
    return WorkerBeat.objects.filter(seen__gte=clock.now() - SILENCE).count()


def dead_jobs(queues: Sequence[Workable]) -> Iterator[tuple[Workable, Job]]:
    """Find the jobs that a person has to look at, newest first within each queue."""
    for queue in queues:
        rows = queue.model._base_manager.filter(state=State.DEAD)  # noqa: SLF001  # Django's documented name
        for job in rows.order_by("-finished", "-pk"):
            yield queue, job


def _lane(queues: Sequence[Workable], stop: threading.Event, poll: float) -> None:
    served: dict[str, int] = {}
    try:
        while not stop.is_set():
            worked = sum(_turn(queue, served, stop) for queue in queues)
            if not worked:
                stop.wait(poll)
    finally:
        connections.close_all()


def _turn(queue: Workable, served: dict[str, int], stop: threading.Event) -> int:
    if stop.is_set():
        return 0
    try:
        close_old_connections()
        worked = queue.turn(served)
    except Exception:
        # Not the work (the queue sees to that) but the database: look again in a moment, on a new connection.
        log.exception("the queue %s could not be worked", queue.name)
        connection.close()
        return 0
    if worked:
        breathe()
    return worked


def _keep(tasks: Sequence[Task], threads: Sequence[threading.Thread], stop: threading.Event, poll: float) -> None:
    beat = WorkerBeat(host=socket.gethostname(), process=os.getpid())
    entered = False
    said = -float("inf")
    while not stop.is_set() and all(thread.is_alive() for thread in threads):
        try:
            close_old_connections()
            if clock.timer() - said >= BEAT_SECONDS:
                _say(beat)
                said = clock.timer()
            if not entered:
                calendar.enter(tasks)
                entered = True
            if calendar.tick(tasks):
                breathe()
        except Exception:
            log.exception("the schedule could not be looked at")
            connection.close()
        stop.wait(poll)
    WorkerBeat.objects.filter(pk=beat.pk).delete()


def _say(beat: WorkerBeat) -> None:
    beat.seen = clock.now()
    beat.save()
    WorkerBeat.objects.filter(seen__lt=beat.seen - dt.timedelta(days=1)).delete()
