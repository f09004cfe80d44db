"""The list of subscribers, the columns chosen for it, and its export (S7)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents import subscriber_columns, subscriber_list
from abonent.documents.narrow import whole_accounts_only
from abonent.documents.ordering import addresses_now
from abonent.documents.subscriber_columns import Shown
from abonent.portal.each_account import placed_for_each
from abonent.portal.exporting import exported
from abonent.portal.filters import SubscriberFilter
from abonent.portal.forms.statement import SubscriberListForm
from abonent.portal.ordering import screens_for
from abonent.portal.pages import Order, page_of
from abonent.portal.subscriber_table import STATES, filter_context, heads, rows
from abonent.subscribers.models import Subscriber

__all__ = ["STATES", "Row", "subscribers", "subscribers_columns", "subscribers_export", "subscribers_order"]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list, with the state that its badge shows."""

    subscriber: Subscriber
    state: str

    @classmethod
    def of(cls, subscriber: Subscriber) -> "Row":
        return cls(subscriber, STATES[Subscriber.Status(subscriber.status)])


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def subscribers(request: SeatRequest) -> HttpResponse:
    seat, narrowed = request.seat, SubscriberFilter.of(request.GET, request.seat)
    lines = Subscriber.objects.within(seat)
    whole = lines.select_related("tariff", "account", "option_set", "folder")
    page = page_of(request, narrowed.apply(lines), whole=whole)
    shown = Shown.of(seat)
    context = {
        "heads": heads(shown),
        "rows": rows(shown, page.rows),
        "pager": page.pager,
        "matching": page.matching,
        "columns": [(column, shown.has(column.key)) for column in subscriber_columns.offered(seat)],
        "bulk_actions": [{"label": screen.label, "url": screen.url} for screen in screens_for(seat)],
        **filter_context(seat, narrowed, shown.spending),
    }
    return render(request, "subscribers/list.html", context)


@needs(Right.SEE_SUBSCRIBERS)
@require_POST
def subscribers_columns(request: SeatRequest) -> HttpResponse:
    """Keep what is ticked for this seat, or with `usual` what everybody begins with; then back to the same rows."""
    if request.POST.get("usual"):
        subscriber_columns.as_usual(request.seat)
    else:
        subscriber_columns.choose(request.seat, request.POST.getlist("column"))
    kept = request.GET.urlencode()
    return HttpResponseRedirect(f"{reverse('subscribers')}?{kept}" if kept else reverse("subscribers"))


@needs(Right.ORDER_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def subscribers_order(request: SeatRequest) -> HttpResponse:
    """The list by mail or by link, for an account or for each of them."""
    whole_accounts_only(request.seat)
    if not request.seat.has(subscriber_list.KIND.right):
        raise PermissionDenied(subscriber_list.KIND.right)
    form = SubscriberListForm(request.seat, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and placed_for_each(request, form, form.accounts, form.params):
        return HttpResponseRedirect(reverse("documents"))
    context = {"form": form, "addresses": addresses_now(request.seat.accounts)}
    return render(request, "subscribers/order.html", context, status=422 if request.method == "POST" else 200)


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def subscribers_export(request: SeatRequest) -> FileResponse:
    """Exactly what the list shows, as a file: its filters, its order, its columns."""
    narrowed = SubscriberFilter.of(request.GET, request.seat)
    found = Order.of(request.GET).applied(narrowed.apply(Subscriber.objects.within(request.seat)))
    return exported(request, subscriber_list.report(found, shown=Shown.of(request.seat)), "subscribers")
