"""Requiring a second factor of everybody who acts for the client (V8)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abonent.access import factors
from abonent.access.guard import SeatRequest, needs
from abonent.access.models import Seat
from abonent.access.proof import has_second_factor
from abonent.access.rights import Right
from abonent.access.strength import readiness, require
from abonent.portal.returning import with_next


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_http_methods(["GET", "POST"])
def company_factor(request: SeatRequest) -> HttpResponseBase:
    """Say how many people it concerns, and switch it: for whoever manages people of the whole client, with a factor."""
    client = request.seat.client
    if client is None or request.seat.reach != Seat.Reach.CLIENT:
        raise PermissionDenied
    able = factors.strength_of(request.user).has_factor
    if request.method == "POST":
        wanted = request.POST.get("required") == "1"
        if wanted and not (able and has_second_factor(request, request.user)):
            return HttpResponseRedirect(with_next(request, "login_second", next=request.path))
        require(request, request.seat, client.pk, wanted=wanted)
        messages.success(
            request, _("A second factor is required now.") if wanted else _("A second factor is no longer required.")
        )
        return HttpResponseRedirect(reverse("company_factor"))
    context = {"client": client, "readiness": readiness(client), "able": able}
    return render(request, "self/company_factor.html", context)
