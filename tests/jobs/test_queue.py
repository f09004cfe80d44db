import datetime as dt

import pytest
from django.db.models import F
from pytest_django.fixtures import DjangoAssertNumQueries

from abonent.jobs.errors import GiveUp, LeaseLost, TryAgain
from abonent.jobs.lease import Lease
from abonent.jobs.models import State
from abonent.jobs.queue import STOPPED_EACH_TIME, Lane, Queue, one
from abonent.jobs.worker import dead_jobs, drain
from abonent.lib import clock
from abonent.outbox.models import Letter, TextMessage
from abonent.outbox.posting import post
from tests.jobs.rows import journal_each, queue, rows, times_done

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def fail_on(*bodies: str, error: Exception) -> "Queue[TextMessage]":
    def work(jobs: list[TextMessage], lease: Lease[TextMessage]) -> None:
        if any(job.body in bodies for job in jobs):
            raise error
        journal_each(jobs, lease)

    return queue(work, batch=10, max_attempts=3)


def test_the_fence_drops_a_late_commit() -> None:
    (job,) = rows(1)
    with clock.stopped(NOON + dt.timedelta(days=9999)):
        late = queue().claim()
    with clock.stopped(NOON + dt.timedelta(days=9999, seconds=7)):
        other = queue().claim()
        assert late is not None
        assert other is not None
        with pytest.raises(LeaseLost):
            journal_each(list(late.open.values()), late)
        with pytest.raises(LeaseLost):
            late.note(job, body="mine")
        journal_each(list(other.open.values()), other)
    assert times_done() == {str(job.pk): 1}


def test_a_lease_is_nobody_elses_before_it_ends() -> None:
    with clock.stopped(NOON):
        rows(1)
        assert queue().claim() is not None
    with clock.stopped(NOON + dt.timedelta(seconds=5)):
        assert queue().claim() is None
    with clock.stopped(NOON + dt.timedelta(seconds=6)):
        assert queue().claim() is not None


def test_a_failure_in_the_committed_block_leaves_nothing_of_it() -> None:
    def work(jobs: list[TextMessage], lease: Lease[TextMessage]) -> None:
        journal_each(jobs, lease)
        raise RuntimeError

    def half(jobs: list[TextMessage], lease: Lease[TextMessage]) -> None:
        with lease.commit(done=jobs):
            TextMessage.objects.filter(pk=jobs[0].pk).update(body="changed")
            raise RuntimeError

    (job,) = rows(1)
    drain([queue(half)])
    job.refresh_from_db()
    assert (job.body, job.state, job.error) == ("0", State.WAITING, "RuntimeError")
    (settled,) = rows(1)
    drain([queue(work)])
    settled.refresh_from_db()
    assert settled.state == State.DONE


def test_a_failed_job_waits_longer_each_time_then_is_dead_and_a_person_restarts_it() -> None:
    failing = fail_on("0", error=ValueError("a secret that nobody may read"))
    moment, pauses = NOON, []
    with clock.stopped(moment):
        (job,) = rows(1)
    for _ in range(3):
        with clock.stopped(moment):
            assert drain([failing]) == 1
            job.refresh_from_db()
            if job.next_try is not None:
                pauses.append((job.next_try - moment).total_seconds())
                moment = job.next_try
    assert 1.5 <= pauses[0] <= 2
    assert 3 <= pauses[1] <= 4
    assert (job.state, job.attempts, job.error) == (State.DEAD, 3, "ValueError")
    assert [(found.name, row.pk) for found, row in dead_jobs([failing])] == [("test", job.pk)]
    with clock.stopped(moment):
        assert job.restart()
        assert not job.restart()
        assert drain([queue()]) == 1
    assert times_done() == {str(job.pk): 1}


def test_giving_up_is_final_at_once_and_says_why() -> None:
    (job,) = rows(1)
    drain([fail_on("0", error=GiveUp("The number does not exist."))])
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (State.DEAD, 1, "The number does not exist.")


def test_work_may_say_when_to_try_again() -> None:
    with clock.stopped(NOON):
        (job,) = rows(1)
        drain([fail_on("0", error=TryAgain("The network is closed.", dt.timedelta(hours=8)))])
    job.refresh_from_db()
    assert (job.state, job.next_try) == (State.WAITING, NOON + dt.timedelta(hours=8))
    assert job.error == "The network is closed."


def test_one_bad_row_of_a_batch_fails_alone() -> None:
    jobs = rows(5)
    drain([fail_on("2", error=GiveUp("bad"))])
    states = [TextMessage.objects.get(pk=job.pk).state for job in jobs]
    assert states == [State.DONE, State.DONE, State.DEAD, State.DONE, State.DONE]
    assert times_done() == {str(job.pk): 1 for job in jobs if job.body != "2"}


def test_one_bad_row_fails_alone_where_rows_are_worked_singly() -> None:
    def work(job: TextMessage, _lease: Lease[TextMessage]) -> None:
        if job.body == "1":
            raise GiveUp("bad")

    rows(3)
    drain([queue(one(work), batch=3)])
    assert list(TextMessage.objects.order_by("pk").values_list("state", flat=True)) == ["done", "dead", "done"]


def test_a_batch_commits_all_outcomes_together() -> None:
    def work(jobs: list[TextMessage], lease: Lease[TextMessage]) -> None:
        with lease.commit(done=jobs[:2], dead={jobs[2]: "refused", jobs[3]: "refused"}, again={jobs[4]: "busy"}):
            pass

    rows(5)
    drain([queue(work, batch=5)])
    found = TextMessage.objects.order_by("pk").values_list("state", "error")
    assert list(found) == [("done", ""), ("done", ""), ("dead", "refused"), ("dead", "refused"), ("waiting", "busy")]


def test_a_job_whose_worker_stops_each_time_is_dead_in_the_end() -> None:
    moment = NOON
    with clock.stopped(moment):
        (job,) = rows(1)
    for _ in range(3):
        with clock.stopped(moment):
            assert queue(max_attempts=3).claim() is not None
        moment += dt.timedelta(seconds=7)
    with clock.stopped(moment):
        drain([queue(max_attempts=3)])
    job.refresh_from_db()
    assert (job.state, job.error) == (State.DEAD, STOPPED_EACH_TIME)
    assert times_done() == {}


def test_only_what_has_not_begun_is_cancelled() -> None:
    begun, waiting = rows(2)
    assert queue().claim() is not None
    assert not begun.cancel()
    assert waiting.cancel()
    assert (begun.state, waiting.state) == (State.RUNNING, State.CANCELLED)
    assert drain([queue()]) == 0


def test_a_small_group_does_not_stand_behind_a_large_one() -> None:
    worked: list[int | None] = []

    def work(jobs: list[Letter], _lease: Lease[Letter]) -> None:
        assert len({job.client_id for job in jobs}) == 1
        worked.append(jobs[0].client_id)

    for client in [1] * 6 + [2]:
        post("a@b.by", "s", "t", purpose="test", language="ru", client_id=client)
    letters = Queue(name="groups", model=Letter, work=work, batch=2, group="client_id", lane=Lane.QUICK)
    drain([letters])
    assert worked == [1, 2, 1, 1]


def test_progress_is_told_and_the_lease_prolonged_by_the_work() -> None:
    moment = NOON
    with clock.stopped(moment):
        (job,) = rows(1)
        lease = queue(lease=dt.timedelta(0)).claim()
        assert lease is not None
        lease.length = dt.timedelta(seconds=6)
        lease._renewed -= 2  # noqa: SLF001  # two seconds ago
        lease.renew(done=3, total=10)
    job.refresh_from_db()
    assert (job.progress_done, job.progress_total) == (3, 10)
    assert job.next_try == NOON + dt.timedelta(seconds=6)
    TextMessage.objects.filter(pk=job.pk).update(lease=None, attempts=F("attempts") + 1)
    lease._renewed -= 2  # noqa: SLF001  # the same
    with pytest.raises(LeaseLost):
        lease.renew()


def test_looking_for_work_where_there_is_none_writes_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1) as seen:
        assert drain([queue()]) == 0
    assert seen.captured_queries[0]["sql"].startswith("SELECT")
