"""«История действий»: what was done, by whom, from where; and the proof that nothing of it was changed (V6)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.audit import queues
from abonent.audit.journal import record
from abonent.audit.models import Entry, Verification
from abonent.documents.history import Told, narrowed, people, report, told, visible
from abonent.jobs.models import State
from abonent.portal.exporting import exported
from abonent.portal.forms.history import HistoryForm
from abonent.portal.pages import PAGE, Pager

EXPORTED = 100_000
PROBLEMS = {
    "altered": gettext_lazy("was altered"),
    "removed": gettext_lazy("is missing"),
    "reordered": gettext_lazy("stands in another place"),
    "added": gettext_lazy("was added after the signed end"),
    "cut": gettext_lazy("is missing at the end"),
    "forged": gettext_lazy("is not signed as it should be"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the page: an entry, with the state that its badge shows."""

    told: Told
    state: str


@needs(Right.SEE_HISTORY)
@require_safe
def history(request: SeatRequest) -> HttpResponse:
    return _page(request, "history")


@needs(Right.OPERATOR_SUPPORT)
@require_safe
def operator_history(request: SeatRequest) -> HttpResponse:
    """The operator's own chain: log-ins that nobody is known by, loads, runs."""
    return _page(request, "operator_history")


@needs(Right.SEE_HISTORY)
@require_safe
def history_export(request: SeatRequest) -> FileResponse:
    return _export(request)


@needs(Right.OPERATOR_SUPPORT)
@require_safe
def operator_history_export(request: SeatRequest) -> FileResponse:
    return _export(request)


@needs(Right.SEE_HISTORY)
@require_POST
def history_check(request: SeatRequest) -> HttpResponse:
    """Have the chain checked now."""
    return _check(request, "history")


@needs(Right.OPERATOR_SUPPORT)
@require_POST
def operator_history_check(request: SeatRequest) -> HttpResponse:
    return _check(request, "operator_history")


@needs(Right.SEE_HISTORY)
@require_safe
def history_proof(request: SeatRequest) -> HttpResponse:
    """How the check stands: asked for again while it runs."""
    return render(request, "history/proof.html", _proof(request, "history"))


@needs(Right.OPERATOR_SUPPORT)
@require_safe
def operator_history_proof(request: SeatRequest) -> HttpResponse:
    return render(request, "history/proof.html", _proof(request, "operator_history"))


def _page(request: SeatRequest, name: str) -> HttpResponse:
    form = HistoryForm(request.GET, people(request.seat))
    found = narrowed(visible(request.seat), request.seat, form.wanted)
    rows, pager = _rows(request, found)
    context = {
        "form": form,
        "rows": [Line(told(entry), "bad" if entry.result == "refused" else "good") for entry in rows],
        "pager": pager,
        "narrowed": any(request.GET.get(field) for field in form.fields),
        "export_url": reverse(f"{name}_export"),
        **_proof(request, name),
    }
    return render(request, "history/history.html", context)


def _rows(request: SeatRequest, found: QuerySet[Entry]) -> tuple[list[Entry], Pager]:
    """50 entries, the newest first, before the one that `?under=` names."""
    total = found.count()
    under = request.GET.get("under", "")
    last = found.filter(pk=int(under)).first() if under.isascii() and under.isdigit() and len(under) < 19 else None  # noqa: PLR2004  # fits the database
    if last is not None:
        found = found.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    rows = list(found[: PAGE + 1])
    kept = request.GET.copy()
    kept.pop("under", None)
    newest = f"?{kept.urlencode()}"
    older = f"{newest}&under={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    summary = ngettext("%(n)d action", "%(n)d actions", total) % {"n": total}
    return rows[:PAGE], Pager(summary, newest if last else "", older)


def _export(request: SeatRequest) -> FileResponse:
    """What the page shows, as a file: at most the newest 100,000."""
    form = HistoryForm(request.GET, people(request.seat))
    found = narrowed(visible(request.seat), request.seat, form.wanted)[:EXPORTED]
    return exported(request, report(found), "history")


def _check(request: SeatRequest, name: str) -> HttpResponse:
    queues.ask(request.seat.client_id)
    record(request.seat.actor(), "audit.check", client_id=request.seat.client_id, origin=origin_of(request))
    if request.headers.get("HX-Request") == "true":
        return render(request, "history/proof.html", _proof(request, name))
    return HttpResponseRedirect(reverse(name))


def _proof(request: SeatRequest, name: str) -> dict[str, object]:
    """What the last check of the chain says."""
    last = queues.latest(request.seat.client_id)
    return {
        "proof": last,
        "proof_running": last is not None and last.is_open,
        "proof_failed": last is not None and last.state == State.DEAD,
        "proof_problems": _problems(last) if last is not None else [],
        "proof_url": reverse(f"{name}_proof"),
        "check_url": reverse(f"{name}_check"),
    }


def _problems(last: Verification) -> list[str]:
    words = [(number, PROBLEMS[kind]) for kind, number, _entry in last.problems]
    return [_("Action No. %(number)d %(problem)s.") % {"number": number, "problem": word} for number, word in words]
