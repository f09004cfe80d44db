"""What waits, what runs, what is stuck, and who works: for the people who look after an installation."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import Count

from abonent.jobs.models import Job, State, WorkerBeat
from abonent.jobs.queue import Workable
from abonent.jobs.worker import SILENCE, dead_jobs
from abonent.lib import clock


@dataclass(frozen=True, slots=True)
class Standing:
    """How many rows of a queue wait for a worker, and how many one has."""

    queue: Workable
    waiting: int
    running: int


def standings(queues: Sequence[Workable]) -> list[Standing]:
    return [_standing(queue) for queue in queues]


def stuck(queues: Sequence[Workable], limit: int) -> list[Job]:
    """Up to `limit` dead jobs, each once, whatever queues its model has."""
    models: dict[type[Job], Workable] = {queue.model: queue for queue in queues}
    return [job for _, job in islice(dead_jobs(list(models.values())), limit)]


def find(queues: Sequence[Workable], kind: str, pk: int) -> Job | None:
    """The job of this kind (`Model._meta.label_lower`) and number, if one of the queues has it."""
    models = {queue.model._meta.label_lower: queue.model for queue in queues}  # noqa: SLF001  # Django's documented name
    model = models.get(kind)
    return model._base_manager.filter(pk=pk).first() if model else None  # noqa: SLF001  # the same


def workers() -> list[WorkerBeat]:
    """The workers that have been heard of within the last 20 seconds."""
    return list(WorkerBeat.objects.filter(seen__gte=clock.now() - SILENCE).order_by("host", "process"))


def _standing(queue: Workable) -> Standing:
    open_rows = queue.model._base_manager.filter(queue.only, next_try__isnull=False)  # noqa: SLF001  # the same
    counts = dict(open_rows.order_by().values_list("state").annotate(rows=Count("pk")))
    return Standing(queue, counts.get(State.WAITING, 0), counts.get(State.RUNNING, 0))
