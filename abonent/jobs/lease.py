"""The rows that one worker has for a while, and the fence around what it commits."""

import contextlib
import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet

from abonent.jobs.backoff import Backoff
from abonent.jobs.errors import GiveUp, LeaseLost, TryAgain
from abonent.jobs.heartbeat import beating
from abonent.jobs.models import ERROR_LENGTH, Job, State
from abonent.lib import clock
from abonent.lib.among import among

J = TypeVar("J", bound=Job)

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Lease(Generic[J]):
    """A claimed batch. `open` are the rows not yet settled, by primary key."""

    key: uuid.UUID
    model: type[J]
    open: dict[int, J]
    length: dt.timedelta
    backoff: Backoff = field(default_factory=Backoff)
    max_attempts: int = 8
    _renewed: float = field(default_factory=clock.timer)

    @contextlib.contextmanager
    def commit(
        self,
        done: Iterable[J] = (),
        *,
        ended: Sequence[tuple[list[J], Mapping[str, object]]] = (),
        dead: Mapping[J, str] | None = None,
        again: Mapping[J, str] | None = None,
    ) -> Iterator[None]:
        """One short transaction: settle these rows, and run the block with them, or nothing of both.

        `ended` are done too, group by group with fields of their own, in the same statement. `dead` and `again` (tried
        later) carry the reason that people read. Raises `LeaseLost` before the block when one of the rows is not ours
        any more. Rows are settled in memory too, so the block may save them.
        """
        finished = list(done)
        settled = [*finished, *(job for jobs, _values in ended for job in jobs), *(dead or {}), *(again or {})]
        with transaction.atomic():
            self._settle(finished, State.DONE, "")
            for jobs, values in ended:
                self._settle(jobs, State.DONE, "", values)
            for reason in sorted(set((dead or {}).values())):
                self._settle([job for job, why in (dead or {}).items() if why == reason], State.DEAD, reason)
            for job, reason in (again or {}).items():
                self._wait(job, reason, None)
            yield
        for job in settled:
            self.open.pop(job.pk, None)

    def note(self, *jobs: J, **values: object) -> None:
        """Write fields of rows that stay ours (a mark before a step not to be repeated). Raises `LeaseLost`."""
        with transaction.atomic():
            self._change(list(jobs), values)

    def renew(self, *, done: int | None = None, total: int | None = None) -> None:
        """Prolong the lease of all open rows, and tell the progress; call it as often as you like.

        It writes at most each second. Raises `LeaseLost`. Without `done` and `total` the progress stays.
        """
        if clock.timer() - self._renewed < min(1.0, self.length.total_seconds() / 4):
            return
        progress = {"progress_done": done, "progress_total": total}
        self._prolong(**{name: value for name, value in progress.items() if value is not None})

    def heartbeat(self) -> contextlib.AbstractContextManager[None]:
        """Prolong the lease from a thread, around a call that takes long and tells nothing."""
        return beating(self._beat, self.length / 3)

    def fail(self, job: J, error: Exception) -> None:
        """Settle one row after an exception: dead, or tried again after a pause."""
        reason = str(error) if isinstance(error, (GiveUp, TryAgain)) else type(error).__name__
        if isinstance(error, GiveUp) or job.attempts >= self.max_attempts:
            with self.commit(dead={job: reason}):
                log.warning("%s %s is dead: %s", self.model.__name__, job.pk, reason)
            return
        with transaction.atomic():
            self._wait(job, reason, error.after if isinstance(error, TryAgain) else None)
        self.open.pop(job.pk, None)

    def _beat(self) -> None:
        # From another thread, while rows are being settled: how many are left is for the fence of the commit to judge.
        self._ours(list(self.open)).update(next_try=clock.now() + self.length)

    def _prolong(self, **progress: int) -> None:
        self._renewed = clock.timer()
        changed = self._ours(list(self.open)).update(next_try=clock.now() + self.length, **progress)
        self._must_be(changed, len(self.open))

    def _settle(self, jobs: list[J], state: State, reason: str, more: Mapping[str, object] | None = None) -> None:
        now = clock.now()
        values = {"state": state, "error": reason[:ERROR_LENGTH], "next_try": None, "lease": None, "finished": now}
        self._change(jobs, {**values, **(more or {})})

    def _wait(self, job: J, reason: str, after: dt.timedelta | None) -> None:
        next_try = clock.now() + (after if after is not None else self.backoff.pause(job.attempts))
        values = {"state": State.WAITING, "error": reason[:ERROR_LENGTH], "next_try": next_try, "lease": None}
        self._change([job], values)

    def _change(self, jobs: list[J], values: Mapping[str, object]) -> None:
        if not jobs:
            return
        self._must_be(self._ours([job.pk for job in jobs]).update(**values), len(jobs))
        for job in jobs:
            for name, value in values.items():
                setattr(job, name, value)

    def _ours(self, keys: list[int]) -> QuerySet[J]:
        rows = self.model._base_manager  # noqa: SLF001  # Django's documented name for the plain manager
        return rows.filter(Q(pk__in=among(keys)), lease=self.key)

    def _must_be(self, changed: int, expected: int) -> None:
        if changed != expected:
            raise LeaseLost(f"{self.model.__name__}: {expected - changed} of {expected} rows are not ours any more")
