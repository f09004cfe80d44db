"""Taking rows out of a draft, so that it goes on with the others."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Count, F

from abonent.audit.journal import Actor
from abonent.jobs.models import State
from abonent.lib import clock
from abonent.orders import keeping
from abonent.orders.models import Order, OrderItem, Result, Verdict
from abonent.orders.pricing import Stored, counted, stored


def drop(order: Order, item_ids: Collection[int], actor: Actor) -> int:
    """Take these rows out of a draft; how many there were; none where it is placed, or somebody else's."""
    with transaction.atomic():
        current = Order.objects.select_for_update().get(pk=order.pk)
        if current.state != Order.State.DRAFT or not current.is_by(actor):
            return 0
        fine = OrderItem.objects.filter(order=order, pk__in=item_ids, verdict=Verdict.FINE)
        keeping.unreserve(current.planned, fine)
        dropped = fine.update(
            verdict=Verdict.DROPPED,
            result=Result.CANCELLED,
            reason="taken_out",
            state=State.CANCELLED,
            next_try=None,
            finished=clock.now(),
        )
        Order.objects.filter(pk=order.pk).update(cancelled=F("cancelled") + dropped, prices=prices_of(order))
    order.refresh_from_db()
    return dropped


def prices_of(order: Order) -> Stored:
    """What the rows that are still fine cost, counted anew."""
    left = OrderItem.objects.filter(order=order, verdict=Verdict.FINE).order_by().values_list("monthly", "once")
    return stored(counted(left.annotate(count=Count("pk"))))
