"""«Платежи → Регистрация оплаты»: what was paid and has not come yet (S4, L2)."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing.balance import AccountState, state_of, states_of
from abonent.billing.promises import NotRegistered, register, why_not
from abonent.clients.models import Account
from abonent.documents.narrow import whole_accounts_only
from abonent.portal.forms.registration import RegistrationForm
from abonent.portal.refusals import explained


@dataclass(frozen=True, slots=True)
class Row:
    """An account, what it owes, and why nothing can be registered for it (empty where it can)."""

    account: Account
    state: AccountState
    refusal: str


@needs(Right.REGISTER_PAYMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def payment_registration(request: SeatRequest) -> HttpResponse:
    whole_accounts_only(request.seat)
    if not request.seat.has(Right.SEE_FINANCE):
        raise PermissionDenied(Right.SEE_FINANCE)
    if request.method != "POST":
        return _page(request, None, 200)
    form = RegistrationForm(request.seat, request.POST)
    if form.is_valid() and _registered(request, form):
        return HttpResponseRedirect(reverse("payments"))
    return _page(request, form, 422)


def _registered(request: SeatRequest, form: RegistrationForm) -> bool:
    account = form.cleaned_data["account"]
    try:
        _promise, new = register(account, state_of(account), form.paid, request.seat.actor(), origin_of(request))
    except NotRegistered as refused:
        form.add_error(None, explained(refused.answer))
        return False
    if new:
        messages.success(request, _("The payment is registered. The balance changes once the money has come."))
    else:
        messages.info(request, _("This payment is registered already."))
    return True


def _page(request: SeatRequest, form: RegistrationForm | None, status: int) -> HttpResponse:
    accounts = request.seat.accounts
    states = states_of(accounts)
    rows = [Row(one, states[one.pk], explained(why_not(states[one.pk]))) for one in accounts]
    able = [row for row in rows if not row.refusal]
    first = able[0] if able else None
    initial = {"account": first.account.pk, "amount": first.state.due} if first else {}
    context = {
        "form": form or RegistrationForm(request.seat, initial=initial),
        "rows": rows,
        "open": bool(able) or form is not None,
    }
    return render(request, "finance/payment_registration.html", context, status=status)
