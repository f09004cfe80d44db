"""One order: its check, the receipt, how it goes, what became of each row (S15.1, S15.6)."""

import tempfile
from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from abonent import profile
from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.formats.writers import WRITERS
from abonent.lib import clock
from abonent.lib.money import round_money, vat_on
from abonent.orders.actions import ACTIONS
from abonent.orders.dropping import drop
from abonent.orders.models import Order, OrderItem, Result, Verdict
from abonent.orders.reading import FileNotAccepted
from abonent.orders.reasons import Wording
from abonent.orders.result import report
from abonent.portal.forms.orders import selected
from abonent.portal.pages import PAGE, Pager
from abonent.portal.templatetags.portal import count, money

STATES = {
    Order.State.CHECKING: "busy",
    Order.State.UNREADABLE: "bad",
    Order.State.DRAFT: "idle",
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


def _order(request: SeatRequest, pk: int) -> Order:
    return get_object_or_404(Order.objects.within(request.seat).select_related("client"), pk=pk)


@needs(Right.CHANGE_SERVICES)
@require_safe
def order(request: SeatRequest, pk: int) -> HttpResponse:
    found = _order(request, pk)
    context: dict[str, object] = {"order": found, "state": STATES[Order.State(found.state)]}
    if found.state == Order.State.CHECKING:
        return render(request, "orders/checking.html", context | _progress(found))
    if found.state == Order.State.UNREADABLE:
        context["refusal"] = FileNotAccepted.read(found.refusal).message()
        return render(request, "orders/unreadable.html", context)
    context |= _rows(request, found)
    if found.state == Order.State.DRAFT:
        return render(request, "orders/draft.html", context | _receipt(found))
    return render(request, "orders/order.html", context | _progress(found))


@needs(Right.CHANGE_SERVICES)
@require_safe
def order_placed(request: SeatRequest, pk: int) -> HttpResponse:
    """«Ваша заявка зафиксирована»; of one that was not confirmed, its own page."""
    found = _order(request, pk)
    if not found.number:
        return redirect("order", found.pk)
    return render(request, "orders/placed.html", {"order": found})


@needs(Right.CHANGE_SERVICES)
@require_safe
def order_progress(request: SeatRequest, pk: int) -> HttpResponse:
    """The bar, asked for each second; once there is something new to read, the page is fetched anew."""
    found = _order(request, pk)
    context = _progress(found)
    response = render(request, "components/progress.html", context)
    if not context["url"]:
        response.headers["HX-Refresh"] = "true"
    return response


@needs(Right.CHANGE_SERVICES)
@require_POST
def order_confirmation(request: SeatRequest, pk: int) -> HttpResponse:
    found = _order(request, pk)
    found.confirm(request.seat.actor(), origin_of(request))
    return redirect("order_placed" if found.number else "order", found.pk)


@needs(Right.CHANGE_SERVICES)
@require_POST
def order_cancellation(request: SeatRequest, pk: int) -> HttpResponse:
    found = _order(request, pk)
    if not found.cancel(request.seat.actor(), origin_of(request)):
        messages.warning(request, _("It is too late to cancel this order."))
    return redirect("order", found.pk) if found.number else redirect("order_services")


@needs(Right.CHANGE_SERVICES)
@require_POST
def order_dropped_rows(request: SeatRequest, pk: int) -> HttpResponse:
    found = _order(request, pk)
    dropped = drop(found, selected(request.POST))
    messages.info(request, ngettext("%(n)d row taken out", "%(n)d rows taken out", dropped) % {"n": dropped})
    return redirect("order", found.pk)


@needs(Right.CHANGE_SERVICES)
@require_safe
def order_export(request: SeatRequest, pk: int) -> FileResponse:
    """«Скачать в Excel»: each row with its result (before the order: its verdict) and the reason."""
    found = _order(request, pk)
    writer = WRITERS["xlsx"]
    stream = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    writer.write(report(found, get_language() or "ru"), stream, lambda _rows: None)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"order-{found}.xlsx", content_type=writer.mime)


def _progress(found: Order) -> dict[str, object]:
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
    action = ACTIONS[found.action].read(found.params)
    currency = profile.current().currency_label(get_language() or "ru")
    rate = profile.current().vat_rate(clock.today(profile.current().zone))
    monthly, once = round_money(action.price.monthly), round_money(action.price.once)
    lines = [
        (_("Subscribers"), count(found.left)),
        (_("Monthly fee for one, without VAT"), money(monthly, currency)),
        (_("Monthly fee for all, without VAT"), money(monthly * found.left, currency)),
    ]
    if once:
        lines.append((_("Price of connecting, once, without VAT"), money(once * found.left, currency)))
    lines.append((_("When"), _("at once")))
    total = monthly * found.left
    return {
        "lines": lines,
        "total": money(total + vat_on(total, rate), currency),
        "description": action.description,
        "button": action.button(found.left),
    }


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
    wording = Wording()
    shown = ngettext("%(n)s row", "%(n)s rows", found.total) % {"n": found.total}
    return {
        "rows": [_line(item, wording, draft=draft) for item in page[:PAGE]],
        "chips": _chips(found, only, draft=draft),
        "pager": Pager(shown, f"?only={only}" if after else "", following),
    }


def _line(item: OrderItem, wording: Wording, *, draft: bool) -> Line:
    value = item.verdict if draft else item.result
    label = item.get_verdict_display() if draft else item.get_result_display() or pgettext("result", "In progress")
    return Line(item, ROW_STATES[value], label, wording.remark(item.reason, item.args, item.note))


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
