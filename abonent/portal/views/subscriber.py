"""The card of one subscriber, and «Выбор абонента»: another one without going back (S7, S8, L9, P1)."""

import uuid

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from abonent.access.guard import SeatRequest, is_fragment, needs
from abonent.access.rights import Right
from abonent.lib.money import ZERO
from abonent.orders.of_line import orders_of
from abonent.portal import subscriber_card as card
from abonent.portal.filters import MAX_QUERY
from abonent.portal.forwarding import forwarding_facts
from abonent.portal.renumbering import renumbering_facts
from abonent.portal.subscriber_table import STATES
from abonent.portal.views.subscribers import Row
from abonent.subscribers.models import Subscriber

SUGGESTED = 10


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def subscriber(request: SeatRequest, pk: int) -> HttpResponse:
    seat, month = request.seat, card.present()
    known = Subscriber.objects.within(seat).select_related(
        "account__contract__client", "tariff__category", "option_set", "folder"
    )
    line = get_object_or_404(known, pk=pk)
    connected, available = card.services(line)
    used, ordered = card.usage(line, month), orders_of(seat, line)
    context = {
        "subscriber": line,
        "state": STATES[Subscriber.Status(line.status)],
        "names_folder": seat.subscriber_ids is None,
        "month": month.first_day,
        "packages": card.left(line, month),
        "spent": card.spent(seat, line, month),
        "sees_cost": card.may_see_cost(seat),
        "connected": connected,
        "available": available,
        "usage": used,
        "usage_total": sum((entry.amount for entry in used), ZERO),
        "sees_calls": seat.has(Right.SEE_CALLS),
        "calls": card.calls(seat, line, month),
        "calls_url": card.calls_url(seat, line),
        "sees_orders": card.may_see_orders(seat),
        "orders": card.orders(ordered) if card.may_see_orders(seat) else [],
        "orders_run": any(one.order.is_running for one in ordered),
        "history": card.history(seat, line, ordered),
        "sees_history": seat.has(Right.SEE_HISTORY),
        "about_number": urlencode({"number": line.number}),
        "orders_of_number": urlencode({"q": line.number, "all": "1"}),
        "deeds": card.deeds(seat, line),
        "may_change": seat.has(Right.CHANGE_SERVICES) and line.status == Subscriber.Status.ACTIVE,
        "may_ask": seat.has(Right.ASK_OPERATOR),
        "may_choose": seat.subscriber_ids is None or len(seat.subscriber_ids) > 1,
        "order_key": uuid.uuid4(),
        **forwarding_facts(line, seat),
        **renumbering_facts(line, seat),
    }
    return render(request, "subscribers/card.html", context)


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def subscriber_choice(request: SeatRequest) -> HttpResponse:
    """What fits what is typed, each with its card; the only one that fits is opened at once."""
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    found = Subscriber.objects.within(request.seat).matching(query).select_related("tariff")
    lines = list(found.order_by("number", "pk")[: SUGGESTED + 1]) if query else []
    if len(lines) == 1 and not is_fragment(request):
        return HttpResponseRedirect(reverse("subscriber", args=[lines[0].pk]))
    context = {
        "query": query,
        "rows": [Row.of(line) for line in lines[:SUGGESTED]],
        "more_url": f"{reverse('subscribers')}?{urlencode({'q': query})}" if len(lines) > SUGGESTED else "",
    }
    template = "subscribers/choice_list.html" if is_fragment(request) else "subscribers/choice.html"
    return render(request, template, context)
