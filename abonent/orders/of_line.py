"""The orders with one line among their rows, as the card of that line shows them (S7)."""

from typing import NamedTuple

from abonent.access.models import Seat
from abonent.orders.models import Order, OrderItem
from abonent.subscribers.models import Subscriber

# Of so many orders of the line, the newest, those are looked for that the seat sees.
RECENT = 50


class Ordered(NamedTuple):
    """An order, and what became of the line's own row in it: empty while it is not done."""

    order: Order
    result: str


def orders_of(seat: Seat, line: Subscriber) -> list[Ordered]:
    """The placed orders with this line, of those that the seat sees, the newest first; two queries."""
    recent = OrderItem.objects.filter(subscriber=line, order__number__isnull=False).order_by("-order_id")
    items = {item.order_id: item for item in recent.only("order_id", "result")[:RECENT]}
    known = Order.objects.within(seat).filter(pk__in=items).order_by("-pk")
    return [Ordered(order, str(items[order.pk].get_result_display())) for order in known]
