"""«История заявок»: the orders in progress, and those before (S15.6, L12)."""

import datetime as dt
from dataclasses import dataclass

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from abonent import profile
from abonent.access.guard import SeatRequest, needs
from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.orders.listing import narrowed, people, report
from abonent.orders.models import Order, OrderQuerySet
from abonent.orders.states import ENDED, RUNNING
from abonent.portal.exporting import exported
from abonent.portal.forms.order_history import OrdersForm
from abonent.portal.order_pages import STATES
from abonent.portal.pages import PAGE, Pager

BEFORE, WAITING = "before", "waiting"
STATES_OF = {
    "": [*RUNNING, Order.State.SCHEDULED],
    WAITING: [Order.State.AWAITING],
    BEFORE: [*ENDED],
}


@dataclass(frozen=True, slots=True)
class Row:
    order: Order
    state: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a tab, filters, and whether the older ones too."""

    tab: str
    form: OrdersForm
    everything: bool

    @classmethod
    def of(cls, request: SeatRequest) -> "Asked":
        tab = request.GET.get("tab", "")
        form = OrdersForm(request.GET, people(request.seat), STATES_OF.get(tab, STATES_OF[""]))
        return cls(tab, form, bool(request.GET.get("all")))

    def found(self, seat: Seat) -> OrderQuerySet:
        """What is asked for: of this month and those before it that the profile names, where no period is."""
        wanted = self.form.wanted
        states = STATES_OF.get(self.tab, STATES_OF[""])
        found = narrowed(Order.objects.within(seat).placed().filter(state__in=states), seat, wanted)
        if self.tab != BEFORE or self.everything or wanted.since or wanted.until:
            return found
        return found.filter(confirmed_at__gte=_first_day())


@needs(Right.SEE_HISTORY)
@require_safe
def orders(request: SeatRequest) -> HttpResponse:
    """Show this month and those before it that the profile names; all of them with `?all=1`."""
    asked = Asked.of(request)
    rows, pager = _page(request, asked.found(request.seat))
    filtered = any(request.GET.get(name) for name in asked.form.fields)
    context = {
        "rows": [Row(order, STATES[Order.State(order.state)]) for order in rows],
        "live": any(order.is_running for order in rows),
        "pager": pager,
        "tabs": _tabs(request, asked.tab),
        "tab": asked.tab,
        "form": asked.form,
        "filtered": filtered,
        "before_now": asked.tab == BEFORE,
        "waiting": asked.tab == WAITING,
        "recent_only": asked.tab == BEFORE and not asked.everything and not asked.form.wanted.since,
        "months": profile.current().documents.order_history_months,
    }
    return render(request, "orders/history.html", context)


@needs(Right.SEE_HISTORY)
@require_safe
def orders_export(request: SeatRequest) -> FileResponse:
    """«Скачать в Excel»: the orders that the page shows, on all its pages."""
    found = Asked.of(request).found(request.seat)
    return exported(request, report(found, request.seat, get_language() or "ru"), "orders")


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


def _first_day() -> dt.datetime:
    current = profile.current()
    first = Month.at(clock.now(), current.zone).plus(1 - current.documents.order_history_months)
    return first.period(current.zone).start


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
