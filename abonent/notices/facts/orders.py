import datetime as dt

from abonent.notices.fact import Fact, Found, Told
from abonent.notices.facts.new import seats_in_force, unseen
from abonent.notices.kinds import Kind, may_be_told
from abonent.orders.models import Order

# Who cancels an order knows it; one that was rejected ends as such.
ENDS = (Order.State.DONE, Order.State.PARTLY, Order.State.FAILED, Order.State.REJECTED)


def orders_done(since: dt.datetime) -> Found:
    """Orders that ended since then, each with the seat that placed it."""
    new = unseen(Order.objects.as_system().placed().filter(finished_at__gte=since, state__in=ENDS), Kind.ORDER_DONE)
    placers = seats_in_force().in_bulk({order.seat_id for order in new if order.seat_id is not None})
    told = []
    for order in new:
        seat = placers.get(order.seat_id or 0)
        if seat is not None and seat.client_id == order.client_id and may_be_told(seat, Kind.ORDER_DONE):
            told.append(Told(seat, _fact(order)))
    return Found(Kind.ORDER_DONE, tuple(order.pk for order in new), tuple(told))


def _fact(order: Order) -> Fact:
    ended = order.finished_at or order.created
    began = order.decided_at or order.confirmed_at or ended
    args = {
        "number": order.number,
        "action": order.action,
        "titles": order.titles,
        "state": order.state,
        "done": order.done + order.nothing,
        "rows": order.confirmed,
        "seconds": int((ended - began).total_seconds()),
        "decided_by": order.decided_by,
        "rejection": order.rejection,
    }
    return Fact(Kind.ORDER_DONE, f"order_done:{order.pk}", ended, order.pk, args)
