"""Beginning an order: at once, or when the day comes that it was planned for (S17)."""

from django.db import transaction

from abonent.audit.journal import SYSTEM
from abonent.lib import clock
from abonent.orders.models import Order
from abonent.profile.calendar import YES, Answer


def start_due() -> None:
    """Let the orders whose day has come be taken up by the worker (a scheduled task)."""
    for order in Order.objects.as_system().due_by(clock.now()):
        _start(order.pk)


def begin(order: Order) -> Answer:
    """Take up an accepted order; on a day that has closed since it is moved to the first open one instead."""
    with transaction.atomic():
        held = Order.objects.select_for_update().get(pk=order.pk)
        if held.state == Order.State.SCHEDULED:
            return Answer(False, possible_from=held.due)
        if held.state != Order.State.ACCEPTED:
            return YES
        answer = held.why_not()
        if answer:
            held.state = Order.State.PROCESSING
            held.save(update_fields=["state"])
        elif answer.possible_from is not None:
            held.move(answer.possible_from, SYSTEM)
    return answer


def _start(order_id: int) -> None:
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.state != Order.State.SCHEDULED or order.starts:
            return
        answer = order.why_not()
        if not answer and answer.possible_from is not None:
            order.move(answer.possible_from, SYSTEM)
            return
        order.state = Order.State.ACCEPTED
        order.save(update_fields=["state"])
