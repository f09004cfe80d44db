"""What an order has to do with others: the same ordered before, what it tries again, what tries it again."""

import uuid

from abonent.access.guard import SeatRequest
from abonent.access.models import Seat
from abonent.orders.actions import ACTIONS
from abonent.orders.intake import retriable
from abonent.orders.likeness import first_like
from abonent.orders.models import Order, Result
from abonent.orders.states import ENDED


def links(request: SeatRequest, found: Order) -> dict[str, object]:
    """The order before and those after, of what the seat sees."""
    known = Order.objects.within(request.seat)
    before = known.filter(pk=found.retry_of_id).first() if found.retry_of_id else None
    return {"retry_of": before, "retries": list(known.filter(retry_of=found).order_by("pk"))}


def likeness(request: SeatRequest, found: Order) -> dict[str, object]:
    """For a draft of a file."""
    return {"ordered_before": first_like(found, request.seat)}


def retrying(seat: Seat, found: Order) -> dict[str, object]:
    """How many rows of an ended order can be tried again; nothing where the seat may not order it."""
    if found.state not in ENDED or not seat.has(ACTIONS[found.action].right):
        return {}
    failed = retriable(found, Result.FAILED) if found.failed else 0
    stopped = retriable(found, Result.CANCELLED) if found.cancelled else 0
    return {"retry_failed": failed, "retry_cancelled": stopped, "key": uuid.uuid4()}
