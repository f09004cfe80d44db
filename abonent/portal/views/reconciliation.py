"""«Финансы → Акт сверки»: ordered for an account, or for each of them (S6)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents.narrow import whole_accounts_only
from abonent.documents.ordering import addresses_now
from abonent.documents.reconciliation import KIND
from abonent.portal.each_account import placed_for_each
from abonent.portal.forms.statement import StatementForm


@needs(Right.ORDER_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def reconciliation(request: SeatRequest) -> HttpResponse:
    whole_accounts_only(request.seat)
    if not request.seat.has(KIND.right):
        raise PermissionDenied(KIND.right)
    if request.method != "POST":
        return _page(request, StatementForm(request.seat, initial=_named(request)), 200)
    form = StatementForm(request.seat, request.POST)
    if form.is_valid() and placed_for_each(request, form, form.accounts, form.params):
        return HttpResponseRedirect(reverse("documents"))
    return _page(request, form, 422)


def _named(request: SeatRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("account", "first", "last") if name in request.GET}


def _page(request: SeatRequest, form: StatementForm, status: int) -> HttpResponse:
    context = {"form": form, "addresses": addresses_now(request.seat.accounts)}
    return render(request, "finance/reconciliation.html", context, status=status)
