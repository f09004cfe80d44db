"""«Изменить способ/адрес доставки»: how the invoices of each account go, and did; the confirmed addresses (S3, L5)."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.addresses import forget
from abonent.access.guard import SeatRequest, needs
from abonent.access.models import ProvenAddress
from abonent.access.rights import Right
from abonent.clients.deliveries import change, deliveries_at, earlier
from abonent.clients.models import Account, Delivery
from abonent.documents.narrow import whole_accounts_only
from abonent.lib import clock
from abonent.portal.confirming import proven
from abonent.portal.forms.delivery import DeliveryForm
from abonent.portal.returning import status_of

# Earlier ways of one account.
SHOWN = 20


@needs(Right.CHANGE_DELIVERY, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: SeatRequest) -> HttpResponse:
    """What is in force for each account, and the form that changes it for one or several of them."""
    whole_accounts_only(request.seat)
    accounts, now = request.seat.accounts, clock.now()
    in_force = deliveries_at(accounts, now)
    begun = _begun(request, accounts)
    if request.method == "POST":
        form = DeliveryForm(request.seat, request.POST)
        # What is in force already was confirmed, or stands in the application.
        known = {address for one in in_force.values() for address in one.addresses}
        if form.is_valid() and proven(request, form, [one for one in form.way.addresses if one not in known]):
            return _change(request, form)
    else:
        form = DeliveryForm(request.seat, initial=_initial(begun, in_force))
    context = {
        "form": form,
        "rows": [(account, in_force.get(account.pk)) for account in accounts],
        "account": begun,
        "earlier": earlier(begun, now, SHOWN) if begun else [],
    }
    return render(request, "finance/delivery.html", context, status=status_of(form))


def _begun(request: SeatRequest, accounts: Sequence[Account]) -> Account | None:
    """The account that the address names, or the only one."""
    asked = request.GET.get("account", "")
    named = next((account for account in accounts if str(account.pk) == asked), None)
    return named or (accounts[0] if len(accounts) == 1 else None)


def _initial(account: Account | None, in_force: Mapping[int, Delivery]) -> dict[str, object]:
    """What is in force for the account; without one, what all accounts have in common."""
    ways = {(one.method, one.addresses, one.format): one for one in in_force.values()}
    common = next(iter(ways.values())) if len(ways) == 1 else None
    way = (in_force.get(account.pk) if account else common) or Delivery()
    chosen = [str(account.pk)] if account else []
    return {"accounts": chosen, "method": way.method, "addresses": "\n".join(way.addresses), "format": way.format}


def _change(request: SeatRequest, form: DeliveryForm) -> HttpResponse:
    actor, origin = request.seat.actor(), origin_of(request)
    changed = sum(change(account, form.way, actor, origin) for account in form.chosen)
    if changed:
        text = ngettext(
            "The delivery of %(n)d account is changed: from the next invoice on.",
            "The delivery of %(n)d accounts is changed: from the next invoices on.",
            changed,
        )
        messages.success(request, text % {"n": changed})
    else:
        messages.info(request, _("Nothing was changed: the invoices go this way already."))
    return HttpResponseRedirect(reverse("delivery"))


@needs(Right.ORDER_DOCUMENTS, Right.CHANGE_DELIVERY)
@require_safe
def confirmed_addresses(request: SeatRequest) -> HttpResponse:
    """The addresses that this person proved for this client: documents may go there without another code."""
    context = {"addresses": ProvenAddress.objects.within(request.seat)}
    return render(request, "finance/confirmed_addresses.html", context)


@needs(Right.ORDER_DOCUMENTS, Right.CHANGE_DELIVERY)
@require_POST
def confirmed_address_removal(request: SeatRequest, pk: int) -> HttpResponse:
    known = get_object_or_404(ProvenAddress.objects.within(request.seat), pk=pk)
    forget(known, request.seat, origin_of(request))
    messages.success(request, _("%(email)s is removed: it takes a code again.") % {"email": known.email})
    return HttpResponseRedirect(reverse("confirmed_addresses"))
