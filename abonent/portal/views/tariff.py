"""«Подробнее о тарифе»: a tariff plan in words and prices (S9, S15.2)."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.catalog import plans
from abonent.portal.plan_words import plan_of

LARGEST = 2**63 - 1


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def tariff(request: SeatRequest, pk: int) -> HttpResponse:
    found = plans.plan(pk) if pk <= LARGEST else None
    if found is None:
        raise Http404
    return render(request, "tariffs/page.html", {"plan": plan_of(found)})
