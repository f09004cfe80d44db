"""What holds between processes, on a database that really commits."""

import signal

import pytest

from abonent.jobs import worker
from abonent.jobs.models import State, WorkerBeat
from abonent.outbox.models import TextMessage
from tests.jobs import processes
from tests.jobs.rows import queue, rows, times_done

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def all_done() -> bool:
    return not TextMessage.objects.exclude(state=State.DONE).exists()


def test_two_workers_never_run_one_job_twice() -> None:
    jobs = rows(60)
    workers = [processes.start("drain") for _ in range(2)]
    for process in workers:
        process.communicate(timeout=processes.PATIENCE)
        assert process.returncode == 0
    assert times_done() == {str(job.pk): 1 for job in jobs}
    assert all_done()


def test_the_rows_of_a_killed_worker_come_back_and_are_done_once() -> None:
    jobs = rows(5)
    with processes.start("hang") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "leased 3\n"
        process.send_signal(signal.SIGKILL)
    assert worker.drain([queue()]) == 2
    assert TextMessage.objects.filter(state=State.RUNNING).count() == 3

    def drained() -> bool:
        worker.drain([queue()])
        return all_done()

    processes.until(drained)
    assert times_done() == {str(job.pk): 1 for job in jobs}
    assert sorted(TextMessage.objects.values_list("attempts", flat=True)) == [1, 1, 2, 2, 2]


def test_a_worker_stops_cleanly_on_a_signal() -> None:
    rows(7)
    with processes.start("serve") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        processes.until(lambda: all_done() and worker.alive() == 1)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "stopped\n"
    assert process.returncode == 0
    assert not WorkerBeat.objects.exists()
    assert all(count == 1 for count in times_done().values())
