"""«История заявок»: the orders in progress, and those before (S15.6, L12)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from abonent import profile
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.orders.models import Order, OrderQuerySet
from abonent.portal.pages import PAGE, Pager
from abonent.portal.views.order import STATES


@dataclass(frozen=True, slots=True)
class Row:
    order: Order
    state: str


@needs(Right.SEE_HISTORY)
@require_safe
def orders(request: SeatRequest) -> HttpResponse:
    """Show this month and those before it that the profile names; all of them with `?all=1`."""
    before_now = request.GET.get("tab") == "before"
    everything = bool(request.GET.get("all"))
    placed = Order.objects.within(request.seat).placed()
    found = _recent(placed.exclude(state__in=Order.RUNNING), everything=everything) if before_now else placed.running()
    rows, pager = _page(request, found)
    context = {
        "rows": [Row(order, STATES[Order.State(order.state)]) for order in rows],
        "pager": pager,
        "tabs": [
            # Translators: «Заявка в обработке»
            {"label": _("In progress"), "url": "?", "current": not before_now},
            # Translators: «Предыдущие заявки»
            {"label": _("Previous orders"), "url": "?tab=before", "current": before_now},
        ],
        "before_now": before_now,
        "everything": everything,
        "months": profile.current().documents.order_history_months,
    }
    return render(request, "orders/history.html", context)


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def running(request: SeatRequest) -> HttpResponse:
    """The ring in the top line: how many orders of this seat are in progress."""
    found = Order.objects.within(request.seat).running()
    context = {"running": found.count(), "running_link": reverse("orders")}
    return render(request, "components/running.html", context)


def _recent(found: OrderQuerySet, *, everything: bool) -> OrderQuerySet:
    if everything:
        return found
    current = profile.current()
    first = Month.at(clock.now(), current.zone).plus(1 - current.documents.order_history_months)
    return found.filter(confirmed_at__gte=first.period(current.zone).start)


def _page(request: SeatRequest, found: OrderQuerySet) -> tuple[list[Order], Pager]:
    """50 orders, the newest first, below the number `?under=`."""
    total = found.count()
    under = request.GET.get("under", "")
    if under.isascii() and under.isdigit() and len(under) < 10:  # noqa: PLR2004  # fits the database
        found = found.filter(number__lt=int(under))
    rows = list(found.order_by("-number")[: PAGE + 1])
    kept = request.GET.copy()
    kept.pop("under", None)
    newest = f"?{kept.urlencode()}"
    older = f"{newest}&under={rows[PAGE - 1].number}" if len(rows) > PAGE else ""
    summary = ngettext("%(n)d order", "%(n)d orders", total) % {"n": total}
    return rows[:PAGE], Pager(summary, newest if under else "", older)
