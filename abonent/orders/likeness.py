"""Whether the same was ordered before: a person who sends a file twice is told (bad input: the same file twice)."""

import datetime as dt

from abonent.access.models import Seat
from abonent.lib import clock
from abonent.orders.models import Order

WITHIN = dt.timedelta(days=31)


def first_like(order: Order, seat: Seat) -> Order | None:
    """The first order of the last 31 days with this content of its file, action and parameters that `seat` may see."""
    if order.file is None:
        return None
    recent = Order.objects.within(seat).placed().filter(confirmed_at__gte=clock.now() - WITHIN, action=order.action)
    alike = recent.filter(file__sha256=order.file.sha256).exclude(pk=order.pk).order_by("number")
    return next((before for before in alike if before.params == order.params), None)
