"""The addresses of the operator's staff."""

from collections.abc import Sequence

from django.urls import URLPattern, URLResolver, path

from abonent.backoffice.site import site
from abonent.backoffice.views import appeals, collecting, instalments, network, payments
from abonent.backoffice.views.dead_jobs import dead_jobs, job_restart
from abonent.jobs.queue import Workable


def addresses(queues: Sequence[Workable]) -> list[URLPattern | URLResolver]:
    """`queues` are the ones whose jobs the staff look after."""
    known = {"queues": queues}
    return [
        path("jobs/", dead_jobs, known, name="dead_jobs"),
        path("jobs/<str:kind>/<int:pk>/restart/", job_restart, known, name="job_restart"),
        path("network/", network.operator_network, name="operator_network"),
        path("network/rows/<int:pk>/settling/", network.operator_row_settling, name="operator_row_settling"),
        path("appeals/", appeals.operator_appeals, name="operator_appeals"),
        path("appeals/<int:pk>/", appeals.operator_appeal, name="operator_appeal"),
        path("appeals/<int:pk>/taking/", appeals.operator_appeal_taking, name="operator_appeal_taking"),
        path("appeals/<int:pk>/closing/", appeals.operator_appeal_closing, name="operator_appeal_closing"),
        path("appeals/<int:pk>/files/<int:file>/", appeals.operator_appeal_file, name="operator_appeal_file"),
        path("instalments/", instalments.operator_instalments, name="operator_instalments"),
        path("instalments/<int:pk>/end/", instalments.operator_instalments_end, name="operator_instalments_end"),
        path("payments/", payments.operator_payments, name="operator_payments"),
        path("payments/statements/<int:pk>/", payments.operator_statement, name="operator_statement"),
        path(
            "payments/statements/<int:pk>/progress/",
            payments.operator_statement_progress,
            name="operator_statement_progress",
        ),
        path("payments/<int:pk>/", payments.operator_payment, name="operator_payment"),
        path("payments/<int:pk>/booking/", payments.operator_payment_booking, name="operator_payment_booking"),
        path("payments/<int:pk>/putting-aside/", payments.operator_payment_aside, name="operator_payment_aside"),
        path("collecting/", collecting.operator_collecting, name="operator_collecting"),
        path("collecting/<int:pk>/file/", collecting.operator_collecting_file, name="operator_collecting_file"),
        path(
            "collecting/<int:pk>/handing/",
            collecting.operator_collecting_handing,
            name="operator_collecting_handing",
        ),
        path("", site.urls),
    ]
