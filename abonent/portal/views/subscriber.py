"""The card of one subscriber (S7, S8): who it is, what it has, what it used this month."""

import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from abonent import profile
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing.kinds import UNITS, Unit, label
from abonent.catalog.models import Service
from abonent.catalog.offers import services_for
from abonent.formats import text
from abonent.lib import clock
from abonent.lib.money import ZERO, from_micros
from abonent.lib.periods import Month
from abonent.portal.views.subscribers import STATES
from abonent.subscribers.models import ConnectedService, Subscriber
from abonent.usage import queries


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used of one kind: how often, how much in words, and its price net of VAT."""

    label: str
    records: int
    volume: str
    amount: Decimal


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def subscriber(request: SeatRequest, pk: int) -> HttpResponse:
    known = Subscriber.objects.within(request.seat).select_related(
        "account", "tariff__category", "option_set", "folder"
    )
    line = get_object_or_404(known, pk=pk)
    month = Month.at(clock.now(), profile.current().zone)
    connected = list(line.services.in_force(clock.now()).select_related("service__category"))
    usage = _usage(line, month)
    context = {
        "subscriber": line,
        "state": STATES[Subscriber.Status(line.status)],
        "month": month.first_day,
        "connected": connected,
        "available": _available(line, connected),
        "usage": usage,
        "usage_total": sum((entry.amount for entry in usage), ZERO),
        "may_change": request.seat.has(Right.CHANGE_SERVICES) and line.status == Subscriber.Status.ACTIVE,
        "may_ask": request.seat.has(Right.ASK_OPERATOR),
        "order_key": uuid.uuid4(),
    }
    return render(request, "subscribers/card.html", context)


def _available(line: Subscriber, connected: list[ConnectedService]) -> list[Service]:
    had = {holding.service_id for holding in connected}
    return [service for service in services_for(line.account.kind) if service.pk not in had]


def _usage(line: Subscriber, month: Month) -> list[Usage]:
    totals = queries.subscriber_month(line.pk, month)
    return [
        Usage(
            label(total.charge), total.records, _volume(total.charge, total.quantity), from_micros(total.amount_micros)
        )
        for total in totals
    ]


def _volume(charge: str, quantity: int) -> str:
    """Seconds as `1:02:03`, bytes as megabytes, messages as their number."""
    if UNITS[charge] == Unit.SECOND:
        return text.duration(quantity)
    if UNITS[charge] == Unit.BYTE:
        sign = text.decimal_sign(get_language() or "en")
        return _("%(volume)s MB") % {"volume": text.volume(quantity, sign)}
    return str(quantity)
