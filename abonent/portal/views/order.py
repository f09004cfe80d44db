"""One order: its check, the receipt, how it goes, what became of each row (S15.1, S15.6)."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, demand, needs
from abonent.access.rights import ORDER_RIGHTS, SEEING_ORDERS, Right
from abonent.orders import approval
from abonent.orders.actions import ACTIONS
from abonent.orders.dropping import drop
from abonent.orders.models import Order
from abonent.orders.renewing import renew
from abonent.orders.result import report
from abonent.portal.exporting import exported
from abonent.portal.forms.orders import selected
from abonent.portal.forms.planning import closed_words
from abonent.portal.order_pages import barred, order_of, order_page, progress
from abonent.portal.ordering import begin_url
from abonent.portal.renumbering import renewed_words


@needs(*SEEING_ORDERS)
@require_safe
def order(request: SeatRequest, pk: int) -> HttpResponse:
    return order_page(request, order_of(request, pk))


@needs(*SEEING_ORDERS)
@require_safe
def order_placed(request: SeatRequest, pk: int) -> HttpResponse:
    """«Ваша заявка зафиксирована»; of one that was not confirmed, its own page."""
    found = order_of(request, pk)
    if not found.number:
        return redirect("order", found.pk)
    waits = found.state == Order.State.AWAITING
    people = [seat.person.name for seat in approval.approvers(found)] if waits else []
    asks_charges = found.action == "terminate" and request.seat.has(Right.SEE_FINANCE)
    context = {
        "order": found,
        "waits": waits,
        "approvers": people,
        "charges_url": reverse("order_charges", args=[found.pk]) if asks_charges else "",
    }
    return render(request, "orders/placed.html", context)


@needs(*SEEING_ORDERS)
@require_safe
def order_progress(request: SeatRequest, pk: int) -> HttpResponse:
    """The bar, asked for each second; once there is something new to read, the page is fetched anew."""
    found = order_of(request, pk)
    context = progress(found)
    response = render(request, "components/progress.html", context)
    if not context["url"]:
        response.headers["HX-Refresh"] = "true"
    return response


@needs(*ORDER_RIGHTS)
@require_POST
def order_confirmation(request: SeatRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    refusal = barred(request, found)
    if refusal is not None:
        return refusal
    actor = request.seat.actor()
    if found.is_by(actor) and (renewed := renew(found)):
        messages.warning(request, renewed_words(renewed))
        return redirect("order", found.pk)
    found.confirm(actor, origin_of(request))
    if found.state == Order.State.DRAFT and not (answer := found.why_not()):
        messages.warning(request, closed_words(answer))
    return redirect("order_placed" if found.number else "order", found.pk)


@needs(*ORDER_RIGHTS)
@require_POST
def order_cancellation(request: SeatRequest, pk: int) -> HttpResponse:
    """Nothing new is asked for, so it takes the right alone."""
    found = order_of(request, pk)
    demand(request, ACTIONS[found.action].right)
    if not found.cancel(request.seat.actor(), origin_of(request)):
        messages.warning(request, _("It is too late to cancel this order."))
    return redirect("order", found.pk) if found.number else redirect(begin_url(found.action) or "subscribers")


@needs(*ORDER_RIGHTS)
@require_POST
def order_dropped_rows(request: SeatRequest, pk: int) -> HttpResponse:
    found = order_of(request, pk)
    demand(request, ACTIONS[found.action].right)
    dropped = drop(found, selected(request.POST), request.seat.actor())
    messages.info(request, ngettext("%(n)d row taken out", "%(n)d rows taken out", dropped) % {"n": dropped})
    return redirect("order", found.pk)


@needs(*SEEING_ORDERS)
@require_safe
def order_export(request: SeatRequest, pk: int) -> FileResponse:
    """«Скачать в Excel»: each row with its result (before the order: its verdict) and the reason."""
    found = order_of(request, pk)
    return exported(request, report(found, get_language() or "ru"), f"order-{found}")
