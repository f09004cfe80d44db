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
from abonent.orders.states import RUNNING, TO_COME
from abonent.portal.order_pages import STATES
from abonent.portal.pages import PAGE, Pager

BEFORE, WAITING = "before", "waiting"


@dataclass(frozen=True, slots=True)
class Row:
    order: Order
    state: str


@needs(Right.SEE_HISTORY)
@require_safe
def orders(request: SeatRequest) -> HttpResponse:
    """Show this month and those before it that the profile names; all of them with `?all=1`."""
    tab = request.GET.get("tab", "")
    everything = bool(request.GET.get("all"))
    found = _of_tab(request, tab, everything=everything)
    rows, pager = _page(request, found)
    context = {
        "rows": [Row(order, STATES[Order.State(order.state)]) for order in rows],
        "pager": pager,
        "tabs": _tabs(request, tab),
        "before_now": tab == BEFORE,
        "waiting": tab == WAITING,
        "everything": everything,
        "months": profile.current().documents.order_history_months,
    }
    return render(request, "orders/history.html", context)


def _of_tab(request: SeatRequest, tab: str, *, everything: bool) -> OrderQuerySet:
    placed = Order.objects.within(request.seat).placed()
    if tab == WAITING:
        return placed.awaiting()
    if tab == BEFORE:
        return _recent(placed.exclude(state__in=[*RUNNING, *TO_COME]), everything=everything)
    return placed.filter(state__in=[*RUNNING, Order.State.SCHEDULED])


def _tabs(request: SeatRequest, tab: str) -> list[dict[str, object]]:
    """What waits for approval has its tab where something does, with how many wait for this reader."""
    known = Order.objects.within(request.seat)
    mine = known.approvable(request.seat).count()
    # Translators: «Заявка в обработке»
    tabs = [{"label": _("In progress"), "url": "?", "current": tab not in {BEFORE, WAITING}}]
    if tab == WAITING or known.awaiting().exists():
        label = _("Awaiting approval")
        waiting = f"{label} · {_('%(n)d for you') % {'n': mine}}" if mine else label
        tabs.append({"label": waiting, "url": f"?tab={WAITING}", "current": tab == WAITING})
    # Translators: «Предыдущие заявки»
    return [*tabs, {"label": _("Previous orders"), "url": f"?tab={BEFORE}", "current": tab == BEFORE}]


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def running(request: SeatRequest) -> HttpResponse:
    """The ring in the top line: how many orders of this seat are in progress, and wait for its approval."""
    known = Order.objects.within(request.seat)
    waiting = known.approvable(request.seat).count()
    context = {"running": known.running().count(), "running_link": reverse("orders"), "waiting": waiting}
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
