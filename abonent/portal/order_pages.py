"""The page of one order: its check, the receipt, the decision that it waits for, its rows (S15.1, S15.6, S17)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.guard import SeatRequest, demand
from abonent.orders import approval, limits
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.action import Action
from abonent.orders.models import Order, OrderItem, Result, Verdict
from abonent.orders.reading import FileNotAccepted
from abonent.orders.reasons import Wording
from abonent.orders.result import open_label
from abonent.portal.day_picker import day_picker
from abonent.portal.forms.orders import RejectionForm
from abonent.portal.forms.planning import PlanForm, closed_day, closed_words, day_of
from abonent.portal.order_about import about
from abonent.portal.order_bars import bars
from abonent.portal.order_costs import cost_label, cost_lines, cost_total, tells_each
from abonent.portal.order_links import likeness, links, retrying
from abonent.portal.ordering import again_url
from abonent.portal.pages import PAGE, Pager
from abonent.portal.templatetags.portal import count, day

STATES = {
    Order.State.CHECKING: "busy",
    Order.State.UNREADABLE: "bad",
    Order.State.DRAFT: "idle",
    Order.State.AWAITING: "warn",
    Order.State.REJECTED: "bad",
    Order.State.SCHEDULED: "idle",
    Order.State.ACCEPTED: "busy",
    Order.State.PROCESSING: "busy",
    Order.State.DONE: "good",
    Order.State.PARTLY: "warn",
    Order.State.FAILED: "bad",
    Order.State.CANCELLED: "idle",
}
ROW_STATES = {
    "": "busy",
    Verdict.FINE: "good",
    Verdict.DROPPED: "idle",
    Result.DONE: "good",
    Result.FAILED: "bad",
    Result.REFUSED: "bad",
    Result.NOTHING: "idle",
    Result.CANCELLED: "idle",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table: the word for its verdict or its result, the badge's state, and why."""

    item: OrderItem
    state: str
    label: str
    remark: str
    asks: str = ""


def order_of(request: SeatRequest, pk: int) -> Order:
    """The order in the address, where the seat may see it."""
    return get_object_or_404(Order.objects.within(request.seat).select_related("client", "seat__role"), pk=pk)


def barred(request: SeatRequest, found: Order) -> HttpResponse | None:
    """What stands between this seat and changing the order: the right of its action (403), perhaps a new proof."""
    action = ACTIONS[found.action]
    return demand(request, action.right, fresh=action.fresh)


def order_page(
    request: SeatRequest,
    found: Order,
    rejection: RejectionForm | None = None,
    planning: PlanForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an order as it stands; `rejection` and `planning` are forms that were sent and are not valid."""
    own = found.is_by(request.seat.actor())
    context: dict[str, object] = {"order": found, "state": STATES[Order.State(found.state)], "is_own": own}
    if found.state == Order.State.CHECKING:
        return render(request, "orders/checking.html", context | progress(found))
    if found.state == Order.State.UNREADABLE:
        context["refusal"] = FileNotAccepted.read(found.refusal).message()
        context["again_url"] = again_url(found)
        return render(request, "orders/unreadable.html", context)
    context |= _rows(request, found) | links(request, found)
    context |= _may(request, found)
    context |= _planning(found, planning) | retrying(request.seat, found)
    if found.state == Order.State.DRAFT:
        context |= _receipt(found) | likeness(request, found) | about(request, found) | bars(request.seat, found)
        return render(request, "orders/draft.html", context, status=status)
    if found.state == Order.State.AWAITING:
        context |= _waiting(request, found) | {"rejection": rejection or RejectionForm()}
    return render(request, "orders/order.html", context | progress(found), status=status)


def _may(request: SeatRequest, found: Order) -> dict[str, object]:
    """Which of the page's verbs are this reader's."""
    able, own = request.seat.has(ACTIONS[found.action].right), found.is_by(request.seat.actor())
    scheduled = found.state == Order.State.SCHEDULED
    return {
        "is_own": own,
        "may_cancel": able and found.stop_asked is None and (found.is_running or scheduled),
        "cost_label": cost_label(found),
        "may_plan": able and (scheduled or (own and found.state == Order.State.AWAITING)),
    }


def _planning(found: Order, sent: PlanForm | None) -> dict[str, object]:
    """The form of another day, where it can still be chosen; on a closed day why, and the first open one."""
    if found.state not in {Order.State.DRAFT, Order.State.AWAITING, Order.State.SCHEDULED}:
        return {}
    answer = found.why_not()
    closed = {"closed": closed_words(answer), "open_day": closed_day(answer)} if not answer else {}
    chosen = day_of(found)
    picker = day_picker(found.planned, chosen, "day")
    return {"planning": sent or PlanForm(), "picker": picker, "planned_day": chosen, **closed}


def _waiting(request: SeatRequest, found: Order) -> dict[str, object]:
    """Who may decide on it: this reader, or else by name."""
    bar = approval.why_not(found, request.seat)
    people = [seat.person.name for seat in approval.approvers(found)]
    return {"may_decide": bar is None, "bar": bar.label if bar else "", "approvers": people, "waits": True}


def progress(found: Order) -> dict[str, object]:
    """What `components/progress.html` needs; without an address there is nothing to wait for."""
    context: dict[str, object] = {"id": "order-progress", "url": reverse("order_progress", args=[found.pk])}
    if found.state == Order.State.CHECKING:
        job = found.check_job
        return context | {"label": _("Checking the list"), "done": job.progress_done, "total": job.progress_total}
    stopping = found.stop_asked is not None and found.is_running
    label = _("Being cancelled") if stopping else found.get_state_display().capitalize()
    if not found.is_running:
        context["url"] = ""
    return context | {"label": label, "done": found.worked, "total": found.confirmed}


def _receipt(found: Order) -> dict[str, object]:
    action, passed = found.planned, found.excess_now()
    return {
        "lines": [(_("Subscribers"), count(found.left)), *cost_lines(found), _when_line(found, passed)],
        **cost_total(found),
        "description": action.description,
        "is_final": action.is_final,
        "button": _("Send for approval") if passed else action.button(found.left),
        "passed": passed,
        "approvers": [seat.person.name for seat in approval.approvers(found)] if passed else [],
    }


def _when_line(found: Order, passed: Sequence[limits.Excess]) -> tuple[str, str]:
    if found.starts:
        return _("When"), day(found.starts)
    return _("When"), _("after approval") if passed else _("at once")


def _rows(request: SeatRequest, found: Order) -> dict[str, object]:
    """A page of rows, 50 after `?after=`, narrowed by `?only=` to one verdict (of a draft) or result."""
    draft = found.state == Order.State.DRAFT
    only = request.GET.get("only", "")
    rows = found.items.select_related("subscriber").order_by("row")
    if draft and only in Verdict.values:
        rows = rows.filter(verdict=only)
    elif only in Result.values:
        rows = rows.filter(result=only)
    after = request.GET.get("after", "")
    if after.isascii() and after.isdigit() and len(after) < 10:  # noqa: PLR2004  # fits the database
        rows = rows.filter(row__gt=int(after))
    page = list(rows[: PAGE + 1])
    following = f"?only={only}&after={page[PAGE - 1].row}" if len(page) > PAGE else ""
    wording, planned = Wording(), found.planned
    lines = [_line(item, wording, found, planned) for item in page[:PAGE]]
    shown = ngettext("%(n)s row", "%(n)s rows", found.total) % {"n": found.total}
    each = draft and tells_each(found)
    return {
        "rows": lines,
        "asks": any(line.asks for line in lines),
        "each_month": each and any(line.item.monthly for line in lines),
        "each_once": each and any(line.item.once for line in lines),
        "chips": _chips(found, only, draft=draft),
        "pager": Pager(shown, f"?only={only}" if after else "", following),
    }


def _line(item: OrderItem, wording: Wording, found: Order, planned: Action) -> Line:
    remark = wording.remark(item.reason, item.args, item.note)
    asks = planned.asks(item.subscriber, item.data) if item.subscriber else ""
    if found.state == Order.State.DRAFT:
        return Line(item, ROW_STATES[item.verdict], item.get_verdict_display(), remark, asks)
    if not item.result:
        state = "warn" if found.state == Order.State.AWAITING else ROW_STATES[""]
        return Line(item, state, open_label(found), remark, asks)
    return Line(item, ROW_STATES[item.result], item.get_result_display(), remark, asks)


def _chips(found: Order, only: str, *, draft: bool) -> list[dict[str, object]]:
    """The filters, each with its count; what there is none of is left out."""
    if draft:
        counts = {
            Verdict.FINE: found.left,
            Verdict.REFUSED: found.refused,
            Verdict.NOTHING: found.nothing,
            Verdict.DROPPED: found.cancelled,
        }
        labelled = [(value.value, value.label, number) for value, number in counts.items()]
    else:
        labelled = [(result.value, result.label, int(getattr(found, result.value))) for result in Result]
    everything = {"label": _("All"), "url": "?", "current": not only, "count": found.total}
    return [
        everything,
        *(
            {"label": label, "url": f"?only={value}", "current": only == value, "count": number}
            for value, label, number in labelled
            if number
        ),
    ]
