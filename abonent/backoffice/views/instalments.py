"""Instalment plans of all clients: a new one, and one whose rest is paid at once (L8)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.backoffice.forms.instalments import PlanForm
from abonent.backoffice.paging import numbered
from abonent.billing.instalments import NothingLeft, agree, end_early, first_months, plans_of
from abonent.billing.models import InstalmentPlan
from abonent.billing.parts import InstalmentPart
from abonent.lib.money import ZERO

UNPROCESSABLE = 422
MAX_QUERY = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A plan as the list shows it; `rest` is what comes at once where it ends early."""

    plan: InstalmentPlan
    parts: list[InstalmentPart]
    rest: Decimal
    may_end: bool

    @property
    def first(self) -> dt.date:
        return self.parts[0].month.first_day

    @property
    def last(self) -> dt.date:
        return self.parts[-1].month.first_day

    @property
    def dialog(self) -> str:
        return f"end-{self.plan.pk}"


@needs(Right.OPERATOR_MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def operator_instalments(request: SeatRequest) -> HttpResponse:
    """The plans, the newest first, found by `?q=` (account or phone number); a new one is made here."""
    form = PlanForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        plan = agree(
            form.line,
            form.cleaned_data["offer"],
            first=form.cleaned_data["first"],
            actor=request.seat.actor(),
            key=form.cleaned_data["key"],
            origin=origin_of(request),
        )
        messages.success(request, _("The plan is made for the account %(number)s.") % {"number": plan.account.number})
        return redirect("operator_instalments")
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    rows, pager = numbered(request, plans_of(request.seat, query), _summary)
    context = {"form": form, "rows": [_row(plan) for plan in rows], "pager": pager, "query": query}
    return render(request, "backoffice/instalments.html", context, status=UNPROCESSABLE if form.errors else 200)


@needs(Right.OPERATOR_MONEY)
@require_POST
def operator_instalments_end(request: SeatRequest, pk: int) -> HttpResponse:
    plan = get_object_or_404(plans_of(request.seat), pk=pk)
    try:
        ended = end_early(plan, request.seat.actor(), origin_of(request))
    except NothingLeft:
        messages.info(request, _("There is no more than one payment left: it ends by itself."))
    else:
        text = _("The next invoice has all the rest: %(amount)s.")
        messages.success(request, text % {"amount": ended.parts()[-1].gross})
    return redirect("operator_instalments")


def _row(plan: InstalmentPlan) -> Row:
    parts, present = plan.parts(), first_months()[0]
    ahead = [part.gross for part in parts if part.month >= present]
    return Row(plan, parts, sum(ahead, ZERO), len(ahead) > 1)


def _summary(count: int) -> str:
    return ngettext("%(count)d plan", "%(count)d plans", count) % {"count": count}
