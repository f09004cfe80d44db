"""Another day for an order, and another try for what failed of it (S17)."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import ORDER_RIGHTS
from abonent.orders import intake
from abonent.orders.models import Order
from abonent.portal.forms.planning import PlanForm, closed_words, day_of
from abonent.portal.order_pages import barred, order_of, order_page

UNPROCESSABLE = 422
MOVABLE = {Order.State.DRAFT, Order.State.AWAITING, Order.State.SCHEDULED}


@needs(*ORDER_RIGHTS)
@require_POST
def order_date(request: SeatRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    refusal = barred(request, found)
    if refusal is not None:
        return refusal
    form = PlanForm(request.POST)
    if form.is_valid():
        answer = found.plan(form.due, request.seat.actor(), origin_of(request))
        if answer or found.state not in MOVABLE:
            _say(request, found, "" if answer else answer.reason)
            return redirect("order", found.pk)
        form.add_error("day", closed_words(answer))
    return order_page(request, found, planning=form, status=UNPROCESSABLE)


@needs(*ORDER_RIGHTS)
@require_POST
def order_retry(request: SeatRequest, pk: int) -> HttpResponse:
    """A draft of what failed, and of what was cancelled where that is ticked; sent twice, it is the same one."""
    found = order_of(request, pk)
    refusal = barred(request, found)
    if refusal is not None:
        return refusal
    cancelled = bool(request.POST.get("cancelled"))
    key = uuid.uuid5(_key(request.POST.get("key", "")), f"retry {found.pk} {cancelled}")
    try:
        again = intake.retry(found, request.seat, key=key, cancelled=cancelled)
    except ValueError:
        messages.warning(request, _("Nothing of this order can be tried again."))
        return redirect("order", found.pk)
    return redirect("order", again.pk)


def _say(request: SeatRequest, found: Order, why_not: str) -> None:
    if why_not:
        messages.warning(request, why_not)
    elif (chosen := day_of(found)) is not None:
        messages.success(request, _("The order is for %(day)s.") % {"day": f"{chosen:%d.%m.%Y}"})
    else:
        messages.success(request, _("The order is to be done at once."))


def _key(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
