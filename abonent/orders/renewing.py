"""Before a draft is placed: what its rows had for a while only is made sure of, or something else is given (S13)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from abonent.jobs.models import State
from abonent.lib import clock
from abonent.orders.actions.action import Action, Data, Problem
from abonent.orders.dropping import prices_of
from abonent.orders.models import Order, OrderItem, Verdict
from abonent.subscribers.models import PoolNumber

CHUNK = 1000
_FIELDS = ("data", "monthly", "once", "verdict", "result", "reason", "args", "state", "next_try", "finished")


@dataclass(slots=True)
class Renewed:
    """How many rows became something else than the person has seen, and how many get nothing any more."""

    changed: int = 0
    lost: int = 0

    def __bool__(self) -> bool:
        return bool(self.changed or self.lost)


def renew(order: Order) -> Renewed:
    """Give the rows of a draft anew what lapses, chunk by chunk; where anything has changed, the person looks again."""
    action, renewed, last = order.planned, Renewed(), 0
    if not action.lapses:
        return renewed
    while True:
        with transaction.atomic():
            # Nobody places or drops it meanwhile.
            current = Order.objects.select_for_update().get(pk=order.pk)
            fine = OrderItem.objects.filter(order=order, verdict=Verdict.FINE, row__gt=last).order_by("row")
            rows = list(fine.select_related("subscriber")[:CHUNK]) if current.state == Order.State.DRAFT else []
            if not rows:
                break
            _renew(current, action, rows, renewed)
        last = rows[-1].row
    if renewed:
        order.refresh_from_db()
    return renewed


def kept_until(order: Order) -> dt.datetime | None:
    """When the first of the numbers that are reserved for its rows is anybody's again; None where none is reserved."""
    rows = {"wanted_by__order_items__order": order, "wanted_by__order_items__verdict": Verdict.FINE}
    reserved = PoolNumber.objects.filter(**rows, free_from__gt=clock.now())
    return reserved.order_by("free_from").values_list("free_from", flat=True).first()


def _renew(order: Order, action: Action, rows: list[OrderItem], renewed: Renewed) -> None:
    given = action.give({row.subscriber_id or 0: row.data for row in rows})
    other = [row for row in rows if _becomes(row, given[row.subscriber_id or 0], action)]
    if not other:
        return
    OrderItem.objects.bulk_update(other, _FIELDS, batch_size=200)
    lost = sum(row.verdict != Verdict.FINE for row in other)
    renewed.lost += lost
    renewed.changed += len(other) - lost
    Order.objects.filter(pk=order.pk).update(refused=F("refused") + lost, prices=prices_of(order))


def _becomes(row: OrderItem, given: Data | Problem, action: Action) -> bool:
    """Write down what the row has now; whether that is something else."""
    if isinstance(given, Problem):
        row.verdict, row.reason, row.args = given.verdict, given.code, dict(given.args)
        row.result, row.state, row.next_try, row.finished = given.verdict, State.DONE, None, clock.now()
        return True
    if row.data == given or row.subscriber is None:
        return False
    row.data = dict(given)
    price = action.price_of(row.subscriber, given)
    row.monthly, row.once = price.monthly, price.once
    return True
