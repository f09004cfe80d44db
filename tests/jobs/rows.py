"""Jobs to test with: text messages, whose work here is an entry in the journal, so that doing it twice is seen."""

import datetime as dt
from collections.abc import Callable

from abonent.audit.journal import SYSTEM, record
from abonent.audit.models import Entry
from abonent.jobs.lease import Lease
from abonent.jobs.queue import Queue
from abonent.outbox.models import TextMessage

Work = Callable[[list[TextMessage], Lease[TextMessage]], None]


def rows(count: int) -> list[TextMessage]:
    return [TextMessage.objects.create(to="375291234567", body=str(number), purpose="test") for number in range(count)]


def journal_each(jobs: list[TextMessage], lease: Lease[TextMessage]) -> None:
    with lease.commit(done=jobs):
        for job in jobs:
            record(SYSTEM, "test.work", target=("text", job.pk, ""))


def queue(
    work: Work = journal_each, *, batch: int = 1, lease: dt.timedelta = dt.timedelta(seconds=6), max_attempts: int = 8
) -> Queue[TextMessage]:
    return Queue(name="test", model=TextMessage, work=work, batch=batch, lease=lease, max_attempts=max_attempts)


def times_done() -> dict[str, int]:
    done: dict[str, int] = {}
    for target in Entry.objects.filter(action="test.work").values_list("target_id", flat=True):
        done[target] = done.get(target, 0) + 1
    return done
