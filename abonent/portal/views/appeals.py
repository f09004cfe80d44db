"""«Обращения» («Обратная связь»): the list, and a new one (L10, V9)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from abonent import profile
from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.appeals.conversation import open_appeal
from abonent.appeals.models import Appeal
from abonent.appeals.models.appeal import LAST_MOMENT
from abonent.lib import clock
from abonent.portal.forms.appeals import AppealForm
from abonent.portal.numbered import numbered
from abonent.profile.calendar import answer_due
from abonent.subscribers.models import Subscriber

UNPROCESSABLE = 422
SUGGESTED = 20
MAX_QUERY = 100
STATES = {
    Appeal.State.OPEN: "busy",
    Appeal.State.ASKED: "warn",
    Appeal.State.ANSWERED: "good",
    Appeal.State.CLOSED: "idle",
}


@dataclass(frozen=True, slots=True)
class Row:
    appeal: Appeal
    state: str


@needs(Right.ASK_OPERATOR)
@require_safe
def appeals(request: SeatRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    only = request.GET.get("state", "")
    visible = Appeal.objects.within(request.seat)
    found = visible.matching(query).order_by("-changed", "-pk")
    if only in Appeal.State.values:
        found = found.filter(state=only)
    page = numbered(request, found, _summary)
    context = {
        "rows": [Row(appeal, STATES[Appeal.State(appeal.state)]) for appeal in page.rows],
        "pager": page.pager,
        "query": query,
        "only": only,
        "chips": _chips(query, only),
    }
    return render(request, "appeals/list.html", context)


@needs(Right.ASK_OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_new(request: SeatRequest) -> HttpResponse:
    """A form; `?subscriber=` and `?kind=` fill in what the page before knew."""
    form = AppealForm(request, request.seat, _initial(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = open_appeal(request.seat, form.subject(), form.said(), origin_of(request))
            except TooOften as bound:
                form.add_error(None, too_often(bound))
            else:
                return redirect("appeal", made.pk)
        status = UNPROCESSABLE
    context = {
        "form": form,
        "attached": form.attached,
        "due": answer_due(profile.current(), clock.now()) - LAST_MOMENT,
        "numbers": _numbers(request, ""),
    }
    return render(request, "appeals/new.html", context, status=status)


@needs(Right.ASK_OPERATOR)
@require_safe
def appeal_numbers(request: SeatRequest) -> HttpResponse:
    """The numbers that fit what is being typed, for the field's list."""
    typed = request.GET.get("number", "")[:MAX_QUERY]
    return render(request, "appeals/numbers.html", {"numbers": _numbers(request, typed)})


def too_often(bound: TooOften) -> str:
    """Why nothing more is taken today."""
    local = bound.until.astimezone(profile.current().zone)
    return _("Too many messages for one day. Write again after %(moment)s.") % {
        "moment": date_format(local, "d.m.Y H:i")
    }


def _numbers(request: SeatRequest, typed: str) -> list[Subscriber]:
    if not request.seat.has(Right.SEE_SUBSCRIBERS):
        return []
    found = Subscriber.objects.within(request.seat).exclude(status=Subscriber.Status.TERMINATED)
    return list(found.matching(typed).order_by("number", "pk")[:SUGGESTED])


def _initial(request: SeatRequest) -> dict[str, object]:
    initial: dict[str, object] = {}
    kind, subscriber = request.GET.get("kind", ""), request.GET.get("subscriber", "")
    if kind in Appeal.Kind.values:
        initial["kind"] = kind
    if subscriber.isascii() and subscriber.isdigit() and len(subscriber) < 19:  # noqa: PLR2004  # fits the database
        line = Subscriber.objects.within(request.seat).filter(pk=subscriber).first()
        initial["number"] = line.number if line else ""
    return initial


def _chips(query: str, only: str) -> list[dict[str, object]]:
    kept = "&" + urlencode({"q": query}) if query else ""
    labels = {
        "": _("All"),
        Appeal.State.OPEN: _("Waiting for an answer"),
        Appeal.State.ASKED: _("Waiting for you"),
        Appeal.State.ANSWERED: _("Answered"),
        Appeal.State.CLOSED: _("Closed"),
    }
    return [
        {"label": label, "url": f"?state={state}{kept}", "current": only == state, "count": None}
        for state, label in labels.items()
    ]


def _summary(count: int) -> str:
    return ngettext("%(count)d appeal", "%(count)d appeals", count) % {"count": count}
