"""«Информация по рассрочке»: what is paid for in parts, how much of it is paid, what is left and until when (L8)."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing.instalments import Stage, plans_of, standings
from abonent.documents.narrow import whole_accounts_only
from abonent.lib.money import ZERO
from abonent.portal.numbered import numbered

STAGES: dict[Stage, tuple[str, Promise]] = {
    Stage.PAID: ("good", pgettext_lazy("payment", "paid")),
    Stage.BILLED: ("warn", gettext_lazy("in an invoice that is not paid")),
    Stage.AHEAD: ("idle", pgettext_lazy("payment", "to come")),
}


@needs(Right.SEE_FINANCE)
@require_safe
def instalments(request: SeatRequest) -> HttpResponse:
    """The plans of the seat's accounts, the newest first; those that are over too."""
    whole_accounts_only(request.seat)
    page = numbered(request, plans_of(request.seat), _summary)
    rows = standings(page.rows)
    next_payments: Decimal = sum((row.monthly for row in rows if row.monthly), ZERO)
    context = {
        "rows": rows,
        "left": sum((row.left for row in rows), ZERO),
        "monthly": next_payments,
        "many_accounts": len(request.seat.accounts) > 1,
        "pager": page.pager,
    }
    return render(request, "finance/instalments.html", context)


@needs(Right.SEE_FINANCE)
@require_safe
def instalment_plan(request: SeatRequest, pk: int) -> HttpResponse:
    """One plan, payment by payment."""
    whole_accounts_only(request.seat)
    plan = get_object_or_404(plans_of(request.seat), pk=pk)
    (standing,) = standings([plan])
    payments = [(one.part, *STAGES[one.stage]) for one in standing.payments]
    return render(request, "finance/instalment_plan.html", {"row": standing, "plan": plan, "payments": payments})


def _summary(count: int) -> str:
    return ngettext("%(count)d plan", "%(count)d plans", count) % {"count": count}
