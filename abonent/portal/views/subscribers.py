"""The list of subscribers, and its export (S7)."""

import tempfile
from dataclasses import dataclass

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.catalog.offers import tariffs_for
from abonent.documents import subscriber_list
from abonent.formats.writers import WRITERS
from abonent.portal.filters import SubscriberFilter
from abonent.portal.pages import page_of
from abonent.portal.starting import orders_for
from abonent.subscribers.models import Subscriber, SubscriberQuerySet

STATES = {
    Subscriber.Status.PENDING: "idle",
    Subscriber.Status.ACTIVE: "good",
    Subscriber.Status.BLOCKED: "warn",
    Subscriber.Status.TERMINATED: "bad",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list, with the state that its badge shows."""

    subscriber: Subscriber
    state: str

    @classmethod
    def of(cls, subscriber: Subscriber) -> "Row":
        return cls(subscriber, STATES[Subscriber.Status(subscriber.status)])


def _matching(request: SeatRequest) -> SubscriberQuerySet:
    return SubscriberFilter.of(request.GET).apply(Subscriber.objects.within(request.seat))


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def subscribers(request: SeatRequest) -> HttpResponse:
    page = page_of(request, _matching(request).select_related("tariff", "account"))
    accounts = request.seat.accounts
    context = {
        "rows": [Row.of(subscriber) for subscriber in page.rows],
        "pager": page.pager,
        "matching": page.matching,
        "filter": SubscriberFilter.of(request.GET),
        "statuses": Subscriber.Status.choices,
        "tariffs": tariffs_for({account.kind for account in accounts}),
        "accounts": accounts if len(accounts) > 1 else [],
        "bulk_actions": orders_for(request.seat),
    }
    return render(request, "subscribers/list.html", context)


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def subscribers_export(request: SeatRequest) -> FileResponse:
    """What the list shows, as Excel."""
    found = _matching(request).order_by("number", "pk")
    writer = WRITERS["xlsx"]
    stream = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    writer.write(subscriber_list.report(found), stream, _ignore)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename="subscribers.xlsx", content_type=writer.mime)


def _ignore(_rows: int) -> None:
    """The export is quick enough to need no progress."""
