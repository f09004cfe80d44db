"""«… по заявлению»: a draft that cannot be placed, sent as an appeal with its list (L11, S15.5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.guard import SeatRequest, demand, needs
from abonent.access.rights import Right
from abonent.appeals.applying import NotNeeded, apply_in_writing
from abonent.orders.actions import ACTIONS
from abonent.portal.order_pages import order_of
from abonent.portal.views.appeals import too_often


@needs(Right.ASK_OPERATOR)
@require_POST
def order_application(request: SeatRequest, pk: int) -> HttpResponse:
    """Nothing is changed by it, so it takes the right of the action alone."""
    found = order_of(request, pk)
    demand(request, ACTIONS[found.action].right)
    try:
        appeal = apply_in_writing(found, request.seat, origin_of(request))
    except NotNeeded:
        messages.warning(request, _("This order needs no application."))
        return redirect("order", found.pk)
    except TooOften as bound:
        messages.warning(request, too_often(bound))
        return redirect("order", found.pk)
    messages.success(request, _("The application was sent, with the list. The answer comes here and by letter."))
    return redirect("appeal", appeal.pk)
