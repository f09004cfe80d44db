"""Two orders that ask for the same number or SIM for the same line: what one gives up, the other may still get."""

from collections.abc import Sequence

from django.db.models import Q

from abonent.lib.among import among
from abonent.orders import keeping, states
from abonent.orders.actions import ACTIONS
from abonent.orders.models import Order, OrderItem, Verdict

KEEPING = [key for key, action in ACTIONS.items() if action.keeps]


def unrivalled(order: Order, rows: Sequence[OrderItem]) -> list[OrderItem]:
    """Those of the order's `rows` whose number or SIM no row of another placed order still asks for, for their line.

    A row in doubt asks for it until somebody of the staff has looked.
    """
    lines = {row.subscriber_id for row in rows if row.subscriber_id is not None}
    if not lines:
        return list(rows)
    running = Q(result="", order__state__in=[*states.RUNNING, *states.TO_COME])
    others = OrderItem.objects.filter(running | keeping.IN_DOUBT, subscriber__in=among(lines), verdict=Verdict.FINE)
    rivals = others.filter(order__action__in=KEEPING).exclude(order=order).select_related("order")
    wanted = {(rival.subscriber_id, rival.order.planned.wanted(rival.data)) for rival in rivals}
    return [row for row in rows if (row.subscriber_id, order.planned.wanted(row.data)) not in wanted]
