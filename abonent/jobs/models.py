"""The row that is a job, and what the workers share."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.lib import clock

ERROR_LENGTH = 500


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    DEAD = "dead", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Job(models.Model):
    """A domain row that a worker takes up; inherit it, and its `Meta`.

    `next_try` is the instant from which the row may be claimed: for a waiting row its next attempt, for a running row
    the end of its lease, and nothing once it is finished. So "due" is one comparison, and one small index.
    """

    state = models.CharField(
        max_length=9, choices=State, default=State.WAITING, editable=False, verbose_name=_("state")
    )
    next_try = models.DateTimeField(null=True, blank=True, default=clock.now, editable=False)
    lease = models.UUIDField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False, verbose_name=_("attempts"))
    created = models.DateTimeField(default=clock.now, editable=False)
    started = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("started"))
    finished = models.DateTimeField(null=True, blank=True, editable=False, verbose_name=_("finished"))
    # Words that a person may read: never a traceback, an address or a secret.
    error = models.CharField(max_length=ERROR_LENGTH, blank=True, editable=False, verbose_name=_("error"))
    progress_done = models.PositiveIntegerField(default=0, editable=False)
    progress_total = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(fields=["next_try"], name="%(class)s_due", condition=models.Q(next_try__isnull=False))
        ]

    @property
    def is_open(self) -> bool:
        """Whether a worker has it, or will take it up."""
        return self.state in {State.WAITING, State.RUNNING}

    def restart(self) -> bool:
        """Let a dead or cancelled job begin anew (a person asked); False if it is neither any more."""
        stopped = type(self)._base_manager.filter(pk=self.pk, state__in=[State.DEAD, State.CANCELLED])  # noqa: SLF001  # Django's documented name for the plain manager
        changed = stopped.update(
            state=State.WAITING, next_try=clock.now(), attempts=0, lease=None, error="", finished=None
        )
        return self._read_again(changed)

    def cancel(self) -> bool:
        """Take back a job that no worker has begun; False if it is not waiting any more."""
        waiting = type(self)._base_manager.filter(pk=self.pk, state=State.WAITING)  # noqa: SLF001  # the same
        now = clock.now()
        return self._read_again(waiting.update(state=State.CANCELLED, next_try=None, finished=now))

    def _read_again(self, changed: int) -> bool:
        self.refresh_from_db()
        return changed == 1


class ScheduledTask(models.Model):
    """When a task of the schedule ran, and which worker runs it now; its `next_run` is the queue."""

    name = models.CharField(max_length=100, primary_key=True)
    last_run = models.DateTimeField(null=True, blank=True)
    next_run = models.DateTimeField(default=clock.now)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=ERROR_LENGTH, blank=True)

    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """A worker that lives says so here every few seconds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    host = models.CharField(max_length=255)
    process = models.PositiveIntegerField()
    started = models.DateTimeField(default=clock.now)
    seen = models.DateTimeField(default=clock.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.host}:{self.process}"
