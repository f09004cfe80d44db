"""A second person's word on an order, and taking it back (S17)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, demand, needs
from abonent.access.rights import ORDER_RIGHTS, Right
from abonent.orders import approval
from abonent.orders.actions import ACTIONS
from abonent.orders.approval import Bar
from abonent.orders.models import Order
from abonent.portal.forms.orders import RejectionForm
from abonent.portal.order_pages import order_of, order_page

UNPROCESSABLE = 422


@needs(Right.APPROVE_ORDERS)
@require_POST
def order_approval(request: SeatRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    refusal = demand(request, Right.APPROVE_ORDERS, fresh=ACTIONS[found.action].fresh)
    if refusal is not None:
        return refusal
    bar = approval.approve(found, request.seat, origin_of(request))
    if bar is None:
        goes_on = (
            _("The order is approved and begins on its day.")
            if found.starts
            else _("The order is approved and goes on.")
        )
        messages.success(request, goes_on)
    else:
        messages.warning(request, said(found, bar))
    return redirect("order", found.pk)


@needs(Right.APPROVE_ORDERS)
@require_POST
def order_rejection(request: SeatRequest, pk: int) -> HttpResponse:
    """With a reason, which whoever placed it reads."""
    found = order_of(request, pk)
    form = RejectionForm(request.POST)
    if found.state == Order.State.AWAITING and not form.is_valid():
        return order_page(request, found, form, status=UNPROCESSABLE)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    bar = approval.reject(found, request.seat, reason, origin_of(request))
    if bar is None:
        messages.success(request, _("The order is rejected. Nothing of it is done."))
    else:
        messages.warning(request, said(found, bar))
    return redirect("order", found.pk)


@needs(*ORDER_RIGHTS)
@require_POST
def order_withdrawal(request: SeatRequest, pk: int) -> HttpResponse:
    """By whoever placed it."""
    found = order_of(request, pk)
    demand(request, ACTIONS[found.action].right)
    if found.withdraw(request.seat.actor(), origin_of(request)):
        messages.success(request, _("The order is withdrawn. Nothing of it is done."))
    else:
        messages.warning(request, _("It is too late to withdraw this order."))
    return redirect("order", found.pk)


def said(order: Order, bar: Bar) -> str:
    """Why not; of an order that is decided, by whom."""
    if bar != Bar.OVER or not order.decided_by:
        return str(bar.label)
    if order.rejection:
        return _("%(person)s has rejected this order already.") % {"person": order.decided_by}
    return _("%(person)s has approved this order already.") % {"person": order.decided_by}
