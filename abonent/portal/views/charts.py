"""Charts for who sees whole accounts: spend by month and by kind, the dearest numbers, the balance; also as tables."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing import balance, figures
from abonent.billing.kinds import label
from abonent.clients.models import Account
from abonent.documents.narrow import whole_accounts_only
from abonent.documents.texts import month_name
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.portal.chart import Share, bars, shares, swings

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@needs(Right.SEE_FINANCE)
@require_safe
def charts(request: SeatRequest) -> HttpResponse:
    """`?account=` narrows all of it to one account, `?month=` chooses the month of kinds and numbers."""
    whole_accounts_only(request.seat)
    known = list(Account.objects.within(request.seat).select_related("contract"))
    accounts = [one for one in known if one.number == request.GET.get("account")] or known
    months = figures.billed_months(accounts, MONTHS)
    asked = request.GET.get("month", "")
    month = asked if asked in months else (months[0] if months else "")
    spend = balance.spend_by_month(accounts, MONTHS)
    held, zero = swings([(Month.parse(of).first_day, amount) for of, amount in figures.balance_by_month(accounts)])
    kinds = figures.by_kind(accounts, month) if month else []
    context = {
        "bars": bars([(Month.parse(of).first_day, amount) for of, amount in spend]),
        "spent": sum((amount for _month, amount in spend), ZERO),
        "swings": held,
        "zero": zero,
        "kinds": shares([(label(kind), "", amount) for kind, amount in kinds]),
        "kinds_total": sum((amount for _kind, amount in kinds), ZERO),
        "dearest": _dearest(accounts, month),
        "month": Month.parse(month).first_day if month else None,
        "months": [Option(one, month_name(Month.parse(one)), one == month) for one in months],
        "accounts": _accounts(known, accounts),
    }
    return render(request, "finance/charts.html", context)


def _accounts(known: list[Account], chosen: list[Account]) -> list[Option]:
    """Nothing to choose where there is one."""
    if len(known) < 2:  # noqa: PLR2004  # one alone
        return []
    each = [Option(one.number, one.number, chosen == [one]) for one in known]
    return [Option("", _("All accounts"), len(chosen) == len(known)), *each]


def _dearest(accounts: list[Account], month: str) -> list[Share]:
    found = figures.dearest(accounts, month) if month else []
    return shares([(one.number, one.name, one.gross) for one in found])
