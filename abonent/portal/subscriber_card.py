"""What the card of one subscriber shows beside its own row, each part for whoever may see it (S7, S8)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from abonent import profile
from abonent.access.models import Seat
from abonent.access.rights import ORDER_RIGHTS, Right
from abonent.audit.journal import entries
from abonent.billing.current import preliminary
from abonent.billing.kinds import UNITS, Unit, label
from abonent.billing.line_costs import cost_of
from abonent.catalog.models import Direction, Service, Traffic
from abonent.catalog.offers import services_for, zone_names
from abonent.documents.history import Told, told
from abonent.documents.masking import masked
from abonent.formats import text
from abonent.lib import clock
from abonent.lib.money import ZERO, from_micros
from abonent.lib.periods import Month
from abonent.orders.models import Order
from abonent.orders.of_line import Ordered
from abonent.portal.order_pages import STATES as ORDER_STATES
from abonent.portal.ordering import begin_url, screens_for
from abonent.subscribers.models import ConnectedService, Subscriber
from abonent.usage import one_line, queries

LAST = 5
CALLS = 20
_CALL = ("started", "direction", "peer", "charge", "zone", "quantity", "amount_micros")
_PACKAGES = {
    Traffic.VOICE: gettext_lazy("Minutes"),
    Traffic.SMS: gettext_lazy("Messages"),
    Traffic.DATA: gettext_lazy("Internet"),
}
# Their buttons stand in the lists of services.
_ON_THE_CARD = frozenset({"connect_service", "disconnect_service"})


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a package, in words and as numbers for the bar."""

    label: Promise
    left: str
    size: str
    value: int
    most: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used of one kind: how often, how much in words, and its price net of VAT."""

    label: str
    records: int
    volume: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Spent:
    """What the number costs: in `month` up to now, and in the month before (None: not billed yet), with VAT."""

    month: Month
    so_far: Decimal
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class Call:
    """A record as the card lists it; `amount` net of VAT, None where the seat sees no costs."""

    started: dt.datetime
    direction: str
    peer: str
    charge: str
    zone: str
    volume: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order of this number, and what became of the number's own row."""

    order: Order
    state: str
    result: str


@dataclass(frozen=True, slots=True)
class Deed:
    label: Promise
    url: str


def present() -> Month:
    return Month.at(clock.now(), profile.current().zone)


def may_see_cost(seat: Seat) -> bool:
    """Who sees costs at all, and whoever has this number alone: what it costs is its own (S0.4)."""
    return seat.has(Right.SEE_FINANCE) or seat.subscriber_ids is not None


def left(line: Subscriber, month: Month) -> list[Left]:
    """What is left of each package of the option set."""
    return [_left(package) for package in one_line.packages(line.pk, month)]


def _left(package: one_line.Package) -> Left:
    return Left(
        _PACKAGES[package.traffic],
        _amount(package.traffic, package.left),
        _amount(package.traffic, package.size),
        package.left,
        max(package.size, 1),
    )


def _amount(traffic: Traffic, units: int) -> str:
    """Begun minutes are gone, so whole ones are counted; megabytes have decimals only where they have any."""
    if traffic == Traffic.VOICE:
        return _("%(n)d min") % {"n": units // one_line.UNITS[traffic]}
    if traffic == Traffic.SMS:
        return str(units)
    return _("%(volume)s MB") % {"volume": units // one_line.UNITS[traffic]}


def usage(line: Subscriber, month: Month) -> list[Usage]:
    """Of the account on which the number is now: what was used on another one is not told here."""
    totals = [total for total in queries.subscriber_month(line.pk, month) if total.account == line.account_id]
    return [
        Usage(
            label(total.charge), total.records, volume(total.charge, total.quantity), from_micros(total.amount_micros)
        )
        for total in totals
    ]


def volume(charge: str, quantity: int) -> str:
    """Seconds as `1:02:03`, bytes as megabytes, messages as their number."""
    if UNITS[charge] == Unit.SECOND:
        return text.duration(quantity)
    if UNITS[charge] == Unit.BYTE:
        sign = text.decimal_sign(get_language() or "en")
        return _("%(volume)s MB") % {"volume": text.volume(quantity, sign)}
    return str(quantity)


def spent(seat: Seat, line: Subscriber, month: Month) -> Spent | None:
    """None for a seat that sees no costs. Of folders: the month before counts for the days in them (V3)."""
    if not may_see_cost(seat):
        return None
    charges, _names = preliminary(line.account, only=[line.pk])
    so_far = sum((charge.amount.gross for charge in charges), ZERO)
    return Spent(month, so_far, cost_of(seat, line.pk, month.plus(-1)))


def calls(seat: Seat, line: Subscriber, month: Month) -> list[Call]:
    """The last ones of the month on this account; whom they were with only for who may know."""
    if not seat.has(Right.SEE_CALLS):
        return []
    records = one_line.last_records(line.pk, month, account=line.account_id, columns=_CALL, most=CALLS)
    zones = zone_names() if records else {}
    return [_call(seat, record, zones) for record in records]


def _call(seat: Seat, record: Sequence[object], zones: dict[str, str]) -> Call:
    started, direction, peer, charge, zone, quantity, micros = record
    shown = str(peer) if seat.has(Right.SEE_PEERS) or not peer else masked(str(peer))
    return Call(
        dt.datetime.fromtimestamp(int(str(started)), dt.UTC),
        str(Direction(str(direction)).label),
        shown,
        label(str(charge)),
        zones.get(str(zone), str(zone)),
        volume(str(charge), int(str(quantity))),
        from_micros(int(str(micros))) if may_see_cost(seat) else None,
    )


def calls_url(seat: Seat, line: Subscriber) -> str:
    """Where the call details of this number alone are ordered; empty for who may not."""
    if not (seat.has(Right.ORDER_DOCUMENTS) and seat.has(Right.SEE_CALLS)):
        return ""
    return f"{reverse('call_details')}?{urlencode({'number': line.number, 'account': str(line.account_id)})}"


def orders(ordered: Sequence[Ordered]) -> list[OrderLine]:
    """The last of them, as the card lists them."""
    return [OrderLine(one.order, ORDER_STATES[Order.State(one.order.state)], one.result) for one in ordered[:LAST]]


def may_see_orders(seat: Seat) -> bool:
    """Whether the page of an order opens for it."""
    return any(seat.has(right) for right in (*ORDER_RIGHTS, Right.APPROVE_ORDERS, Right.SEE_HISTORY))


def history(seat: Seat, line: Subscriber, ordered: Sequence[Ordered]) -> list[Told]:
    """What was done to it last, alone or in an order: who sees the line and the order may read both."""
    if not seat.has(Right.SEE_HISTORY):
        return []
    keys = [str(one.order.pk) for one in ordered]
    about = Q(target_kind="subscriber", target_id=str(line.pk)) | Q(target_kind="order", target_id__in=keys)
    return [told(entry) for entry in entries(seat.client_id).filter(about)[:LAST]]


def services(line: Subscriber) -> tuple[list[ConnectedService], list[Service]]:
    """«Подключенные» and «Доступные»."""
    connected = list(line.services.in_force(clock.now()).select_related("service__category"))
    had = {holding.service_id for holding in connected}
    return connected, [service for service in services_for(line.account.kind) if service.pk not in had]


def deeds(seat: Seat, line: Subscriber) -> list[Deed]:
    """What can be ordered for this number as it is now: each screen opens for it alone (L9)."""
    if line.status == Subscriber.Status.TERMINATED:
        return []
    return [
        Deed(deed.begin, begin_url(deed.action, **{"for": line.pk}))
        for screen in screens_for(seat)
        for deed in screen.deeds
        if deed.action not in _ON_THE_CARD and deed.status in {"", line.status}
    ]
