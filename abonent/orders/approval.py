"""A second person's word on an order that passes a limit of the role from which it was placed (S17)."""

from collections.abc import Iterator
from itertools import islice

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.audit.journal import Origin
from abonent.lib import clock
from abonent.orders import limits
from abonent.orders.models import Order, OrderItem
from abonent.subscribers.models import Subscriber

NAMED = 5


class Bar(models.TextChoices):
    """Why somebody may not decide on an order."""

    OVER = "over", _("It does not wait for approval any more.")
    OWN = "own", _("Somebody else than who placed it approves an order.")
    RIGHT = "right", _("Your role may not approve this order.")
    SCOPE = "scope", _("Not all of its numbers are yours to decide on.")
    LIMIT = "limit", _("It passes the limit of your role too.")


def why_not(order: Order, seat: Seat) -> Bar | None:
    """Why `seat` may not approve or reject the order at this moment; None where it may."""
    if order.state != Order.State.AWAITING:
        return Bar.OVER
    if order.is_by(seat.actor()):
        return Bar.OWN
    if not may_order(order, seat):
        return Bar.RIGHT
    if limits.excess(seat.role, order.left, order.cost_now):
        return Bar.LIMIT
    return None if covers(order, seat) else Bar.SCOPE


def may_order(order: Order, seat: Seat) -> bool:
    """Whether it has the right to approve, and to order this action itself, at this client."""
    return seat.client_id == order.client_id and seat.has(Right.APPROVE_ORDERS) and seat.has(order.planned.right)


def covers(order: Order, seat: Seat) -> bool:
    """Whether the seat sees every line that the order would change."""
    rows = OrderItem.objects.filter(order=order, result="")
    return not rows.exclude(subscriber__in=Subscriber.objects.within(seat).values("pk")).exists()


def approvers(order: Order, most: int = NAMED) -> list[Seat]:
    """Seats in force that may approve the order, of different people, `most` of them at most."""
    return list(islice(_approvers(order), most))


def _approvers(order: Order) -> Iterator[Seat]:
    cost = order.cost_now
    seats = Seat.objects.in_force().filter(client_id=order.client_id).select_related("role", "person")
    seen: set[int] = set()
    for seat in seats.order_by("person__name", "pk"):
        able = seat.person_id not in seen and not order.is_by(seat.actor()) and may_order(order, seat)
        if able and not limits.excess(seat.role, order.left, cost) and covers(order, seat):
            seen.add(seat.person_id)
            yield seat


def approve(order: Order, seat: Seat, origin: Origin | None = None) -> Bar | None:
    """Let the order go on, unless something bars it: asked anew, with the order locked. Of two people one is first."""
    with transaction.atomic():
        held, bar = _held(order, seat)
        if bar is None:
            _decide(held, seat)
            held.go_on()
            held.journal("orders.approve", seat.actor(), origin, approved_by=held.decided_by)
    order.refresh_from_db()
    return bar


def reject(order: Order, seat: Seat, reason: str, origin: Origin | None = None) -> Bar | None:
    """Refuse the order for a `reason`, which is kept with it; its rows end as cancelled. The same bars as `approve`."""
    with transaction.atomic():
        held, bar = _held(order, seat)
        if bar is None:
            _decide(held, seat, reason)
            held.stop()
            held.journal("orders.reject", seat.actor(), origin, rejected_by=held.decided_by, reason=reason)
    order.refresh_from_db()
    return bar


def _held(order: Order, seat: Seat) -> tuple[Order, Bar | None]:
    """The order, locked, and what bars the seat as both stand now, not as they were when the page was opened."""
    held = Order.objects.select_for_update().get(pk=order.pk)
    current = Seat.objects.in_force().select_related("role").filter(pk=seat.pk).first()
    return held, Bar.RIGHT if current is None else why_not(held, current)


def _decide(order: Order, seat: Seat, rejection: str = "") -> None:
    actor = seat.actor()
    order.decided_seat, order.decided_by_id, order.decided_by = seat, actor.id, actor.label
    order.decided_at, order.rejection = clock.now(), rejection
    order.save(update_fields=["decided_seat", "decided_by_id", "decided_by", "decided_at", "rejection"])
