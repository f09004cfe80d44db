"""What the numbers of an order have cost so far this month, before their service is ended (S15.5)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from abonent import profile
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing.current import preliminary
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.orders.models import Verdict
from abonent.portal.order_pages import order_of
from abonent.portal.pages import PAGE, Pager
from abonent.subscribers.models import Subscriber


@dataclass(slots=True)
class Cost:
    """Charges of one number in the open month, without and with VAT."""

    subscriber: Subscriber
    net: Decimal = ZERO
    gross: Decimal = ZERO


@needs(Right.SEE_FINANCE)
@require_safe
def order_charges(request: SeatRequest, pk: int) -> HttpResponse:
    order = order_of(request, pk)
    fine = order.items.filter(verdict=Verdict.FINE).order_by("row").values_list("subscriber_id", flat=True)
    page = Paginator(fine, PAGE).get_page(request.GET.get("page"))
    lines = Subscriber.objects.within(request.seat).filter(pk__in=[one for one in page.object_list if one])
    costs = _costs(list(lines.select_related("account").order_by("number", "pk")))
    total = ngettext("%(count)d number", "%(count)d numbers", page.paginator.count) % {"count": page.paginator.count}
    before = f"?page={page.previous_page_number()}" if page.has_previous() else ""
    after = f"?page={page.next_page_number()}" if page.has_next() else ""
    context = {
        "order": order,
        "costs": costs,
        "gross": sum((cost.gross for cost in costs), ZERO),
        "net": sum((cost.net for cost in costs), ZERO),
        "whole": page.paginator.num_pages == 1,
        "month": Month.at(clock.now(), profile.current().zone).first_day,
        "pager": Pager(total, before, after),
    }
    return render(request, "orders/charges.html", context)


def _costs(lines: Sequence[Subscriber]) -> list[Cost]:
    """Account by account, of one page of numbers: it reads the month's records."""
    costs = {line.pk: Cost(line) for line in lines}
    by_account = defaultdict(list)
    for line in lines:
        by_account[line.account].append(line.pk)
    for account, ids in by_account.items():
        charges, _names = preliminary(account, only=ids)
        for charge in charges:
            cost = costs[charge.subscriber_id]
            cost.net += charge.amount.net
            cost.gross += charge.amount.gross
    return list(costs.values())
