"""Work that is stuck: what failed for good and why, what waits, who works; and starting a job again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.audit.journal import record
from abonent.jobs import overview
from abonent.jobs.models import Job
from abonent.jobs.queue import Workable

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A dead job as the page shows it."""

    job: Job
    kind: str
    label: str
    reason: str


@needs(Right.OPERATOR_JOBS)
@require_safe
def dead_jobs(request: SeatRequest, queues: Sequence[Workable]) -> HttpResponse:
    """`queues` are the ones that the worker works, handed over with the address."""
    found = overview.stuck(queues, SHOWN + 1)
    standings = [(_kind(one.queue.model), one) for one in overview.standings(queues) if one.waiting or one.running]
    context = {
        "rows": [_row(job) for job in found[:SHOWN]],
        "more": len(found) > SHOWN,
        "standings": standings,
        "workers": overview.workers(),
    }
    return render(request, "backoffice/dead_jobs.html", context)


@needs(Right.OPERATOR_JOBS)
@require_POST
def job_restart(request: SeatRequest, kind: str, pk: int, queues: Sequence[Workable]) -> HttpResponse:
    job = overview.find(queues, kind, pk)
    if job is None:
        raise Http404
    reason, attempts = job.error, job.attempts
    if job.restart():
        record(
            request.seat.actor(),
            "jobs.restart",
            target=(kind, pk, str(job)),
            before={"error": reason, "attempts": attempts},
            origin=origin_of(request),
        )
        messages.success(request, _("It is started again."))
    else:
        messages.info(request, _("It is not stuck any more."))
    return redirect("dead_jobs")


def _row(job: Job) -> Row:
    return Row(job, _kind(type(job)), job._meta.label_lower, _reason(job.error))  # noqa: SLF001  # Django's documented name


def _kind(model: type[Job]) -> str:
    return capfirst(str(model._meta.verbose_name))  # noqa: SLF001  # the same


def _reason(error: str) -> str:
    """Sentences stay as they are; a bare name is the kind of an error in the program."""
    return (
        _("The program failed (%(error)s); its log says where.") % {"error": error} if error.isidentifier() else error
    )
