"""Rows of which nobody knows whether the network did them: a person of the operator's looks, and says (S15.6).

The network was told and never gave a whole answer; what such a row asked for (a number, a SIM) stays with it meanwhile.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet

from abonent.audit import journal
from abonent.audit.journal import Actor, Origin
from abonent.lib import clock
from abonent.network.gateway import gateway
from abonent.orders import keeping
from abonent.orders.actions.action import Done, Problem
from abonent.orders.executing import state_of
from abonent.orders.models import Order, OrderItem, Result, Verdict
from abonent.orders.rivals import unrivalled
from abonent.orders.states import ENDED
from abonent.subscribers import reconciling
from abonent.subscribers.models import Subscriber
from abonent.subscribers.reconciling import Difference

SAID_DONE, SAID_NOT_DONE = "said_done", "said_not_done"


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A row with how our books and the network differ about its line now.

    `also` is the other number that the row speaks of, and whether the network knows it; empty where it speaks of none.
    """

    item: OrderItem
    asks: str
    differences: list[Difference]
    also: str = ""
    also_known: bool = False


def doubtful(most: int) -> list[OrderItem]:
    """The newest rows that nobody has looked at yet."""
    rows = OrderItem.objects.filter(told=True, result=Result.FAILED, reason__in=keeping.UNCERTAIN)
    return list(rows.select_related("order__client", "subscriber").order_by("-finished", "-pk")[:most])


def told_rows() -> QuerySet[OrderItem]:
    """Rows of any client of which the network was told."""
    return OrderItem.objects.filter(told=True)


def compared(rows: list[OrderItem]) -> list[Doubtful]:
    """Each beside what the network says now. Raises NetworkError where it says nothing."""
    report = gateway().report
    lines = Subscriber.objects.as_system().filter(pk__in=[row.subscriber_id for row in rows])
    found: dict[str, list[Difference]] = {}
    for chunk in reconciling.compare(lines, report):
        for one in chunk.differences:
            found.setdefault(one.number, []).append(one)
    others = {row.pk: _other_number(row) for row in rows}
    known = report([number for number in others.values() if number])
    return [
        Doubtful(row, _asks(row), found.get(_present(row), []), others[row.pk], others[row.pk] in known) for row in rows
    ]


def settle(row: OrderItem, actor: Actor, *, done: bool, origin: Origin | None = None) -> Problem | None:
    """Write down what the network has really done with it: then it is applied, or what was kept for it is free again.

    A Problem (nothing has changed then) where it cannot be applied to the line as it stands, or where somebody has said
    so before.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=row.order_id)
        waiting = OrderItem.objects.filter(keeping.IN_DOUBT, pk=row.pk)
        item = waiting.select_related("subscriber").first()
        if item is None:
            return Problem(Verdict.NOTHING, "settled")
        problem = _apply(order, item) if done else None
        if problem is not None:
            return problem
        if not done:
            keeping.let_go(order.planned, unrivalled(order, [item]))
        _write(order, item, actor, done, origin)
    return None


def _apply(order: Order, item: OrderItem) -> Problem | None:
    lines = Subscriber.objects.as_system().select_related("tariff", "option_set").prefetch_related("account")
    line = lines.get(pk=item.subscriber_id or 0)
    problem = order.planned.check([line], {line.pk: item.data}).get(line.pk)
    if problem is not None:
        if problem.verdict == Verdict.NOTHING:
            # Our books have it already.
            keeping.let_go(order.planned, unrivalled(order, [item]))
            return None
        return problem
    if line.number != item.number:
        return Problem(Verdict.REFUSED, "changed")
    try:
        with transaction.atomic():
            order.planned.perform({line.pk: Done(item.source, item.data)}, clock.now())
    except IntegrityError:
        return Problem(Verdict.REFUSED, "cannot_apply")
    return None


def _write(order: Order, item: OrderItem, actor: Actor, done: bool, origin: Origin | None) -> None:  # noqa: FBT001  # named where it is called
    item.result, item.reason = (Result.DONE, SAID_DONE) if done else (Result.FAILED, SAID_NOT_DONE)
    item.save(update_fields=["result", "reason"])
    if done:
        Order.objects.filter(pk=order.pk).update(done=F("done") + 1, failed=F("failed") - 1)
    if order.state in ENDED:
        Order.objects.filter(pk=order.pk).update(state=state_of(order))
    journal.record(
        actor,
        "orders.settle",
        target=("order", order.pk, str(order)),
        client_id=order.client_id,
        after={"row": item.row, "number": item.number, "done": done, "asked": _asks(item)},
        origin=origin,
    )


def _asks(row: OrderItem) -> str:
    return row.order.planned.asks(row.subscriber, row.data) if row.subscriber else ""


def _present(row: OrderItem) -> str:
    return row.subscriber.number if row.subscriber else row.number


def _other_number(row: OrderItem) -> str:
    """The new number of a change of number."""
    if row.subscriber is None:
        return ""
    command = row.order.planned.command(row.source, row.subscriber, row.data)
    return str(command.args.get("number", "")) if command else ""
