"""How the rows of one model are claimed and worked."""

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, Protocol, TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet

from abonent.jobs.backoff import Backoff
from abonent.jobs.errors import LeaseLost
from abonent.jobs.lease import Lease
from abonent.jobs.models import Job, State
from abonent.lib import clock
from abonent.lib.among import among

J = TypeVar("J", bound=Job)
log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=6)
STOPPED_EACH_TIME = "The worker stopped each time while doing this."


class Lane(Enum):
    """A worker gives each lane a thread, so that quick work never stands behind slow work."""

    QUICK = "quick"
    LONG = "long"
    CHECK = "check"
    POST = "post"


class Workable(Protocol):
    """A queue whatever its rows are: what the worker needs to know of it."""

    @property
    def name(self) -> str: ...
    @property
    def model(self) -> type[Job]: ...
    @property
    def lane(self) -> Lane: ...
    @property
    def only(self) -> Q: ...

    def turn(self, served: dict[str, int]) -> int:
        """Claim and work one batch; return how many rows it had. `served` keeps the group last served by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Generic[J]):
    """Rows of `model` that are due, and the work to do with them.

    `work` gets a batch (up to `batch` rows under one lease) outside any transaction, and settles rows by
    `lease.commit`; what it leaves open when it returns is done. An exception fails the row; with several rows
    open each is tried alone, so a bad one fails alone. `one` makes it from work on a single row.
    `group` (a column such as "order_id") keeps a batch within one group and serves groups in turn, so that a small
    order does not stand behind a large one. It is never null, and wants a partial index (group, next_try) where
    next_try is not null.
    """

    name: str
    model: type[J]
    work: Callable[[list[J], Lease[J]], None]
    batch: int = 1
    lane: Lane = Lane.QUICK
    lease: dt.timedelta = LEASE
    max_attempts: int = 8
    backoff: Backoff = field(default_factory=Backoff)
    group: str | None = None
    only: Q = field(default_factory=Q)
    order: tuple[str, ...] = ("next_try", "pk")

    def turn(self, served: dict[str, int]) -> int:
        lease = self.claim(served)
        if lease is None:
            return 0
        size = len(lease.open)
        try:
            self._work(lease)
        except LeaseLost as lost:
            log.warning("%s: work dropped: %s", self.name, lost)
        return size

    def claim(self, served: dict[str, int] | None = None) -> Lease[J] | None:
        """Take up to `batch` due rows for the time of the lease, in one short transaction; None if nothing is due."""
        due = self._due(served if served is not None else {})
        # Looking costs no write lock; most looks find nothing.
        if due is None or not due.exists():
            return None
        key = uuid.uuid4()
        keys = self._mark(due, key)
        rows = self._rows().filter(lease=key, pk__in=among(keys)).order_by(*self.order)
        jobs = {job.pk: job for job in rows} if keys else {}
        return Lease(key, self.model, jobs, self.lease, self.backoff, self.max_attempts) if jobs else None

    def _mark(self, due: QuerySet[J], key: uuid.UUID) -> list[int]:
        now = clock.now()
        with transaction.atomic():
            rows = due.select_for_update(skip_locked=True).order_by(*self.order)
            keys = list(rows.values_list("pk", flat=True)[: self.batch])
            if keys:
                values = {"lease": key, "next_try": now + self.lease, "attempts": F("attempts") + 1, "started": now}
                self._rows().filter(pk__in=among(keys)).update(state=State.RUNNING, **values)
        return keys

    def _rows(self) -> QuerySet[J]:
        return self.model._base_manager.all()  # noqa: SLF001  # Django's documented name for the plain manager

    def _due(self, served: dict[str, int]) -> QuerySet[J] | None:
        due = self._rows().filter(self.only, next_try__lte=clock.now())
        if self.group is None:
            return due
        groups = due.order_by(self.group).values_list(self.group, flat=True)
        later = groups.filter(**{f"{self.group}__gt": served.get(self.name, 0)}).first()
        group = later if later is not None else groups.first()
        if group is None:
            return None
        served[self.name] = group
        return due.filter(**{self.group: group})

    def _work(self, lease: Lease[J]) -> None:
        lost = {job: STOPPED_EACH_TIME for job in lease.open.values() if job.attempts > self.max_attempts}
        if lost:
            with lease.commit(dead=lost):
                log.error("%s: %d rows are dead: the worker stopped each time", self.name, len(lost))
        try:
            self._attempt(list(lease.open.values()), lease)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001  # whatever the work raised concerns its rows, not the worker
            self._fail(lease, error)

    def _attempt(self, jobs: list[J], lease: Lease[J]) -> None:
        if jobs:
            self.work(jobs, lease)
        left = [job for job in jobs if job.pk in lease.open]
        if left:
            with lease.commit(done=left):
                pass

    def _fail(self, lease: Lease[J], error: Exception) -> None:
        left = list(lease.open.values())
        log.warning("%s: %d rows failed", self.name, len(left), exc_info=error)
        if len(left) == 1:
            lease.fail(left[0], error)
            return
        for job in left:
            lease.renew()
            try:
                self._attempt([job], lease)
            except LeaseLost:
                raise
            except Exception as own:  # the same
                log.warning("%s: %s failed alone", self.name, job.pk, exc_info=own)
                lease.fail(job, own)


def one(work: Callable[[J, Lease[J]], None]) -> Callable[[list[J], Lease[J]], None]:
    """Make the work of a queue out of work on a single row (a batch larger than one is done row by row)."""

    def work_each(jobs: list[J], lease: Lease[J]) -> None:
        for job in jobs:
            lease.renew()
            try:
                work(job, lease)
            except LeaseLost:
                raise
            except Exception as error:  # it concerns this row alone
                log.warning("%s %s failed", type(job).__name__, job.pk, exc_info=error)
                lease.fail(job, error)
            else:
                if job.pk in lease.open:
                    with lease.commit(done=[job]):
                        pass

    return work_each
