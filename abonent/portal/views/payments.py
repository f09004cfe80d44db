"""«Платежи»: this month by default, up to the profile's months back (S4, L2)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing.models import Payment, PaymentPromise
from abonent.documents.narrow import whole_accounts_only
from abonent.documents.texts import days
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month, midnight
from abonent.portal.numbered import numbered
from abonent.profile import current as current_profile

SPANS = (1, 3, 6, 12)
# Registered payments shown: each is waited for a few days.
MOST = 50


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """A payment that was registered; `in_vain` once it is waited for no more."""

    promise: PaymentPromise
    in_vain: bool


@needs(Right.SEE_FINANCE)
@require_safe
def payments(request: SeatRequest) -> HttpResponse:
    whole_accounts_only(request.seat)
    months = _months(request.GET.get("months", ""))
    first, last = _days(months)
    zone = current_profile().zone
    until = midnight(last + dt.timedelta(days=1), zone)
    found = Payment.objects.within(request.seat).filter(received_at__gte=midnight(first, zone), received_at__lt=until)
    page = numbered(request, found.select_related("account"), _summary)
    context = {
        "rows": page.rows,
        "total": found.order_by().aggregate(sum=Sum("amount"))["sum"] or ZERO,
        "period": days(first, last),
        "chips": [Chip(_chip(span), f"?months={span}", span == months) for span in _spans()],
        "many_accounts": len(request.seat.accounts) > 1,
        "pager": page.pager,
        "promises": _promises(request, first),
        "may_register": request.seat.has(Right.REGISTER_PAYMENTS),
    }
    return render(request, "finance/payments.html", context)


def _promises(request: SeatRequest, since: dt.date) -> list[Promised]:
    """What was registered in these months and has not come, or was waited for in vain."""
    today = clock.today(current_profile().zone)
    found = PaymentPromise.objects.within(request.seat).filter(payment__isnull=True, paid_on__gte=since)
    return [Promised(one, one.expires < today) for one in found.select_related("account")[:MOST]]


def _spans() -> list[int]:
    longest = current_profile().documents.payments_months
    return [span for span in SPANS if span < longest] + [longest]


def _months(text: str) -> int:
    """How many months back, this one included; this month alone where the address says nothing sensible."""
    longest = current_profile().documents.payments_months
    months = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(longest)) else 0
    return months if 0 < months <= longest else 1


def _days(months: int) -> tuple[dt.date, dt.date]:
    today = clock.today(current_profile().zone)
    return Month.of(today).plus(1 - months).first_day, today


def _chip(span: int) -> str:
    if span == 1:
        return _("This month")
    return ngettext("%(count)d month", "%(count)d months", span) % {"count": span}


def _summary(count: int) -> str:
    return ngettext("%(count)d payment", "%(count)d payments", count) % {"count": count}
