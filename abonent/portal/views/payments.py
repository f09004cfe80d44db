"""«Платежи»: this month by default, up to the profile's months back; as a file, and by mail (S4, L2)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing.models import Payment, PaymentPromise
from abonent.documents.narrow import whole_accounts_only
from abonent.documents.ordering import addresses_now
from abonent.documents.payments import KIND, Wanted, narrowed, report, total_of
from abonent.documents.texts import days
from abonent.lib import clock
from abonent.portal.each_account import placed_for_each
from abonent.portal.exporting import exported
from abonent.portal.forms.payments import PaymentsForm
from abonent.portal.forms.statement import PaymentHistoryForm
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
    form = PaymentsForm(request.GET, request.seat.accounts)
    wanted = form.wanted
    found = narrowed(Payment.objects.within(request.seat), wanted)
    page = numbered(request, found, _summary)
    context = {
        "form": form,
        "rows": page.rows,
        "total": total_of(found),
        "period": days(wanted.first, wanted.last),
        "chips": [Chip(_chip(span), f"?months={span}", span == form.months) for span in _spans()],
        "many_accounts": len(request.seat.accounts) > 1,
        "filtered": form.narrows,
        "pager": page.pager,
        "promises": _promises(request, wanted),
        "may_register": request.seat.has(Right.REGISTER_PAYMENTS),
        "order_url": _order_url(wanted) if request.seat.has(Right.ORDER_DOCUMENTS) else "",
    }
    return render(request, "finance/payments.html", context)


@needs(Right.SEE_FINANCE)
@require_safe
def payments_export(request: SeatRequest) -> FileResponse:
    """What the page shows, on all its pages."""
    whole_accounts_only(request.seat)
    accounts = request.seat.accounts
    wanted = PaymentsForm(request.GET, accounts).wanted
    chosen = [account for account in accounts if wanted.account in {0, account.pk}]
    found = narrowed(Payment.objects.within(request.seat), wanted)
    return exported(request, report(found, wanted, chosen), "payments")


@needs(Right.ORDER_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def payments_order(request: SeatRequest) -> HttpResponse:
    """The history of payments by mail or by link, for an account or for each of them."""
    whole_accounts_only(request.seat)
    if not request.seat.has(KIND.right):
        raise PermissionDenied(KIND.right)
    if request.method != "POST":
        named = {name: request.GET[name] for name in ("account", "first", "last") if name in request.GET}
        return _order_page(request, PaymentHistoryForm(request.seat, initial=named), 200)
    form = PaymentHistoryForm(request.seat, request.POST)
    if form.is_valid() and placed_for_each(request, form, form.accounts, form.params):
        return HttpResponseRedirect(reverse("documents"))
    return _order_page(request, form, 422)


def _order_page(request: SeatRequest, form: PaymentHistoryForm, status: int) -> HttpResponse:
    context = {"form": form, "addresses": addresses_now(request.seat.accounts)}
    return render(request, "finance/payments_order.html", context, status=status)


def _order_url(wanted: Wanted) -> str:
    """Ordering begins with the days that the page shows."""
    begun = {"first": wanted.first.isoformat(), "last": wanted.last.isoformat()}
    if wanted.account:
        begun["account"] = str(wanted.account)
    return f"{reverse('payments_order')}?{urlencode(begun)}"


def _promises(request: SeatRequest, wanted: Wanted) -> list[Promised]:
    """What is still waited for, and what was registered in these days and was waited for in vain."""
    today = clock.today(current_profile().zone)
    of_these_days = Q(paid_on__gte=wanted.first, paid_on__lte=wanted.last)
    found = PaymentPromise.objects.within(request.seat).filter(payment__isnull=True)
    found = found.filter(of_these_days | Q(expires__gte=today))
    if wanted.account:
        found = found.filter(account=wanted.account)
    return [Promised(one, one.expires < today) for one in found.select_related("account")[:MOST]]


def _spans() -> list[int]:
    longest = current_profile().documents.payments_months
    return [span for span in SPANS if span < longest] + [longest]


def _chip(span: int) -> str:
    if span == 1:
        return _("This month")
    return ngettext("%(count)d month", "%(count)d months", span) % {"count": span}


def _summary(count: int) -> str:
    return ngettext("%(count)d payment", "%(count)d payments", count) % {"count": count}
