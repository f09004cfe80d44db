"""The addresses of the operator's staff."""

from collections.abc import Sequence

from django.urls import URLPattern, URLResolver, path

from abonent.backoffice.site import site
from abonent.backoffice.views.dead_jobs import dead_jobs, job_restart
from abonent.jobs.queue import Workable


def addresses(queues: Sequence[Workable]) -> list[URLPattern | URLResolver]:
    """`queues` are the ones whose jobs the staff look after."""
    known = {"queues": queues}
    return [
        path("jobs/", dead_jobs, known, name="dead_jobs"),
        path("jobs/<str:kind>/<int:pk>/restart/", job_restart, known, name="job_restart"),
        path("", site.urls),
    ]
