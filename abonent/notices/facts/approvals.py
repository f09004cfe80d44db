"""Orders that wait for a second person, with everybody who may decide on them (S17).

The rule is `orders.approval.why_not`; here it is asked for all seats of a client at once, by sets.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from abonent.access.models import Role, Seat, SeatTarget
from abonent.access.rights import Right
from abonent.clients.models import Folder
from abonent.notices.fact import Fact, Found, Told
from abonent.notices.facts.new import seats_in_force, unseen
from abonent.notices.kinds import Kind
from abonent.orders import limits
from abonent.orders.approval import may_order
from abonent.orders.models import Order, OrderItem

Targets = dict[int, set[int]]


def approvals_waiting(since: dt.datetime) -> Found:
    new = unseen(Order.objects.as_system().awaiting().filter(confirmed_at__gte=since), Kind.APPROVAL_WAITING)
    seats = _seats({order.client_id for order in new})
    told = [
        Told(seat, fact)
        for order in new
        for fact in [_fact(order)]
        for seat in who_may_decide(order, seats.get(order.client_id, []))
    ]
    return Found(Kind.APPROVAL_WAITING, tuple(order.pk for order in new), tuple(told))


def who_may_decide(order: Order, seats: Sequence[Seat]) -> list[Seat]:
    """Of seats in force with the right to approve, those that nothing bars from this order."""
    cost = order.cost_now
    able = [
        seat
        for seat in seats
        if not order.is_by(seat.actor()) and may_order(order, seat) and not limits.excess(seat.role, order.left, cost)
    ]
    return list(_covering(order, able)) if able else []


def _seats(clients: Collection[int]) -> dict[int, list[Seat]]:
    """By client, the seats in force whose role has the right."""
    roles = Role.objects.filter(Q(client=None) | Q(client__in=clients), deleted=None)
    able = [role.pk for role in roles if Right.APPROVE_ORDERS in role.rights]
    found: dict[int, list[Seat]] = defaultdict(list)
    for seat in seats_in_force().filter(client__in=clients, role__in=able).order_by("pk"):
        found[seat.client_id or 0].append(seat)
    return found


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where the open rows of an order are: their accounts, the ways up from their folders, how many numbers."""

    accounts: frozenset[int]
    trails: tuple[frozenset[int], ...]
    lines: int


def _covering(order: Order, seats: Sequence[Seat]) -> Iterator[Seat]:
    """Those of the seats that see every line that the order would change."""
    ground = _ground(order)
    if ground is None:
        return
    bound = [seat.pk for seat in seats if seat.reach != Seat.Reach.CLIENT]
    targets: Targets = defaultdict(set)
    for seat_id, target in SeatTarget.objects.filter(seat__in=bound).values_list("seat_id", "target"):
        targets[seat_id].add(target)
    named = _named(order, [seat.pk for seat in seats if seat.reach == Seat.Reach.SUBSCRIBERS])
    for seat in seats:
        mine = targets.get(seat.pk, set())
        match Seat.Reach(seat.reach):
            case Seat.Reach.CLIENT:
                covers = True
            case Seat.Reach.ACCOUNTS:
                covers = ground.accounts <= mine
            case Seat.Reach.FOLDERS:
                covers = all(trail & mine for trail in ground.trails)
            case Seat.Reach.SUBSCRIBERS:
                covers = named.get(seat.pk, 0) == ground.lines
        if covers:
            yield seat


def _ground(order: Order) -> _Ground | None:
    """None where a row is no line of the client any more: then nobody may decide on the whole."""
    rows = OrderItem.objects.filter(order=order, result="")
    places = set(
        rows.order_by()
        .values_list("subscriber__account__contract__client_id", "subscriber__account_id", "subscriber__folder_id")
        .distinct()
    )
    if any(client != order.client_id for client, _account, _folder in places):
        return None
    folders = {folder for _client, _account, folder in places}
    above: dict[int, int | None] = dict(
        Folder.objects.above([folder for folder in folders if folder]).values_list("pk", "parent_id")
    )
    return _Ground(
        accounts=frozenset(account for _client, account, _folder in places),
        trails=tuple(frozenset(_trail(folder, above)) for folder in folders),
        lines=rows.aggregate(lines=Count("subscriber", distinct=True))["lines"],
    )


def _trail(folder: int | None, parents: dict[int, int | None]) -> set[int]:
    trail: set[int] = set()
    while folder is not None and folder not in trail:
        trail.add(folder)
        folder = parents.get(folder)
    return trail


def _named(order: Order, seats: Sequence[int]) -> dict[int, int]:
    """By seat over single numbers, how many of the order's lines it names."""
    if not seats:
        return {}
    lines = OrderItem.objects.filter(order=order, result="").values("subscriber_id")
    counted = SeatTarget.objects.filter(seat__in=seats, target__in=lines).order_by().values_list("seat_id")
    return dict(counted.annotate(known=Count("pk")))


def _fact(order: Order) -> Fact:
    args = {
        "number": order.number,
        "action": order.action,
        "titles": order.titles,
        "rows": order.confirmed,
        "person": order.actor_label,
    }
    at = order.confirmed_at or order.created
    return Fact(Kind.APPROVAL_WAITING, f"approval_waiting:{order.pk}", at, order.pk, args)
