"""Where our books and the network may differ: rows without an answer, and what a comparison finds (S15.6)."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.network.errors import NetworkError
from abonent.network.gateway import gateway
from abonent.orders import settling
from abonent.orders.reasons import Wording
from abonent.orders.settling import Doubtful
from abonent.subscribers.reconciling import Difference, compare, lines_named

SHOWN = 50
# More numbers than a person waits for are compared by `abonent reconcile-network`.
MOST = 2000


@dataclass(slots=True)
class Comparison:
    """Of the lines that were asked for: how many were compared, and what differs; `more` were left out."""

    numbers: int = 0
    differences: list[Difference] = field(default_factory=list)
    more: bool = False


@needs(Right.OPERATOR_JOBS)
@require_safe
def operator_network(request: SeatRequest) -> HttpResponse:
    """The rows that wait for a word, each beside what the network says; `?compare=` a number or an account."""
    asked = request.GET.get("compare", "").strip()
    found = settling.doubtful(SHOWN + 1)
    context: dict[str, object] = {"more": len(found) > SHOWN, "asked": asked}
    try:
        context["rows"] = settling.compared(found[:SHOWN])
        context["comparison"] = _compared(asked) if asked else None
    except NetworkError as error:
        context |= {"silent": str(error), "rows": [Doubtful(row, "", []) for row in found[:SHOWN]]}
    return render(request, "backoffice/network.html", context)


@needs(Right.OPERATOR_JOBS, fresh=True)
@require_POST
def operator_row_settling(request: SeatRequest, pk: int) -> HttpResponse:
    """«It was done» or «It was not done» of one row."""
    row = get_object_or_404(settling.told_rows(), pk=pk)
    said = request.POST.get("said", "")
    if said not in {"done", "not_done"}:
        return redirect("operator_network")
    problem = settling.settle(row, request.seat.actor(), done=said == "done", origin=origin_of(request))
    if problem is not None:
        messages.warning(request, Wording().reason(problem.code, problem.args))
    elif said == "done":
        messages.success(request, _("Written down: it was done."))
    else:
        messages.success(request, _("Written down: it was not done. What was kept for it is free."))
    return redirect("operator_network")


def _compared(asked: str) -> Comparison:
    lines = lines_named(asked)
    found = Comparison()
    for chunk in compare(lines, gateway().report):
        found.numbers += chunk.numbers
        found.differences += chunk.differences
        if found.numbers >= MOST:
            found.more = lines.count() > found.numbers
            break
    return found
