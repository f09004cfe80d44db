"""«Управление номером → Переадресация вызовов»: the four kinds of one line, each set and switched off (S12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.lib.phones import pretty
from abonent.orders import intake
from abonent.orders.selection import Source
from abonent.portal.forms.forwarding import ForwardingForm
from abonent.portal.forwarding import Row, forwarding_rows, may_forward
from abonent.portal.views.subscribers import STATES
from abonent.subscribers.models import Forwarding, Subscriber

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Panel:
    """One kind: what is set now, and the form that changes it."""

    row: Row
    form: ForwardingForm


@needs(Right.CHANGE_SERVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def order_forwarding(request: SeatRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(Subscriber.objects.within(request.seat).select_related("account", "tariff"), pk=pk)
    rows = forwarding_rows(line)
    sent = ForwardingForm(line, _kind(request.POST.get("kind")), request.POST) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        source = Source(ids=(line.pk,))
        order = intake.place(request.seat, "forwarding", sent.params(), source, key=sent.order_key())
        return redirect("order", order.pk)
    context = {
        "subscriber": line,
        "state": STATES[Subscriber.Status(line.status)],
        "panels": _panels(line, rows, sent),
        "may_change": may_forward(line, request.seat),
        "may_set": line.status == Subscriber.Status.ACTIVE,
    }
    return render(request, "subscribers/forwarding.html", context, status=UNPROCESSABLE if sent else 200)


def _kind(asked: str | None) -> str:
    """The kind that was sent; the form says so where there is none of that name."""
    return asked if asked in Forwarding.Kind.values else ""


def _panels(line: Subscriber, rows: Sequence[Row], sent: ForwardingForm | None) -> list[Panel]:
    kind = sent["kind"].value() if sent is not None else ""
    return [Panel(row, sent if sent is not None and row.kind == kind else _form(line, row)) for row in rows]


def _form(line: Subscriber, row: Row) -> ForwardingForm:
    return ForwardingForm(line, row.kind, target=pretty(row.target), seconds=row.seconds)
