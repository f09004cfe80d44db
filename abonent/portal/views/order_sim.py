"""«Управление номером → Замена SIM»: one of the client's free SIMs for a line (S14)."""

import uuid

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.orders import intake
from abonent.orders.selection import Source
from abonent.portal.forms.renumbering import SimForm, suggested
from abonent.portal.renumbering import sim_bar
from abonent.subscribers.models import SimCard, Subscriber

UNPROCESSABLE = 422


@needs(Right.CHANGE_NUMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def order_sim(request: SeatRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(Subscriber.objects.within(request.seat).select_related("account", "tariff"), pk=pk)
    sent = SimForm(request.seat, request.POST) if request.method == "POST" else None
    bar = sim_bar(line)
    if sent is not None and not bar and sent.is_valid():
        source = Source(ids=(line.pk,), data={line.pk: {"iccid": sent.cleaned_data["iccid"]}})
        order = intake.place(request.seat, "replace_sim", {}, source, key=sent.order_key())
        return redirect("order", order.pk)
    context = {
        "subscriber": line,
        "bar": bar,
        "form": sent or SimForm(request.seat),
        "sims": suggested(request.seat, request.POST.get("iccid", "")),
        "key": uuid.uuid4(),
        "free": SimCard.objects.within(request.seat).free().count(),
        "may_ask": request.seat.has(Right.ASK_OPERATOR),
    }
    return render(request, "subscribers/sim.html", context, status=UNPROCESSABLE if sent else 200)


@needs(Right.CHANGE_NUMBERS)
@require_safe
def order_sim_suggestions(request: SeatRequest, pk: int) -> HttpResponse:
    """Some of the free SIMs that end with what is being typed."""
    line = get_object_or_404(Subscriber.objects.within(request.seat), pk=pk)
    sims = suggested(request.seat, request.GET.get("iccid", ""))
    context = {"subscriber": line, "sims": sims, "key": uuid.uuid4()}
    return render(request, "subscribers/sim_suggestions.html", context)
