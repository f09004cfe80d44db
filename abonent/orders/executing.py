"""Doing the rows of confirmed orders: batch by batch, outside any transaction, written with the lease as a fence."""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Q

from abonent.audit import journal
from abonent.jobs.errors import GiveUp, LeaseLost
from abonent.jobs.lease import Lease
from abonent.lib import clock
from abonent.lib.among import among
from abonent.network.errors import NetworkError
from abonent.network.gateway import gateway
from abonent.network.values import Command, Outcome
from abonent.orders import keeping
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.action import Action, Done
from abonent.orders.models import Order, OrderItem, Result, Verdict
from abonent.orders.rivals import unrivalled
from abonent.orders.starting import begin
from abonent.orders.states import State
from abonent.profile.calendar import Answer
from abonent.subscribers.models import Subscriber

# After so many tries a row has failed; the orders' queue itself never lets one die without an account of it.
MAX_ATTEMPTS = 8
# On SQLite a batch holds the one lock for well under 50 ms; elsewhere fewer, larger ones cost fewer round trips.
BATCH = 400 if connection.vendor == "sqlite" else 1000
# Why a row waits, as the job keeps it.
ELSEWHERE, SILENT = "another order is at this number", "the network did not answer"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a row ends, and why: a code of `reasons` with its arguments."""

    result: Result
    reason: str = ""
    args: Mapping[str, str | int] = field(default_factory=dict)


def execute(items: list[OrderItem], lease: Lease[OrderItem]) -> None:
    """Work of the queue on rows of one order. A row that nobody can do fails alone, after its last try."""
    try:
        _execute(items, lease)
    except LeaseLost:
        raise
    except Exception as error:
        if len(items) > 1 or not (isinstance(error, GiveUp) or items[0].attempts >= MAX_ATTEMPTS):
            raise
        _write(lease, _order_of(items), {items[0]: Ending(Result.FAILED, "kept_failing")})


def _execute(items: list[OrderItem], lease: Lease[OrderItem]) -> None:
    order = _order_of(items)
    if order.stop_asked is not None:
        why = "order_rejected" if order.rejection else "order_cancelled"
        _write(lease, order, dict.fromkeys(_never_told(items), Ending(Result.CANCELLED, why)))
        items = [item for item in items if item.told]
        if not items:
            return
    if order.state == Order.State.ACCEPTED:
        answer = begin(order)
        if not answer:
            _put_off(items, lease, order, answer)
            return
    action = ACTIONS[order.action].read(order.params)
    elsewhere = _worked_elsewhere(items, lease)
    tired = {item: Ending(Result.FAILED, "stopped") for item in items if item.attempts > MAX_ATTEMPTS}
    ready = [item for item in items if item.subscriber_id not in elsewhere and item not in tired]
    lines = _lines(ready)
    endings = {**tired, **_problems(order, action, _never_told(ready), lines)}
    endings |= _too_late(action, [item for item in _never_told(ready) if item not in endings])
    endings |= _told(action, [item for item in ready if item not in endings], lines, lease)
    later = {item: SILENT if item.told else ELSEWHERE for item in items if item not in endings}
    _write(lease, order, endings, action, later)


def _put_off(items: list[OrderItem], lease: Lease[OrderItem], order: Order, answer: Answer) -> None:
    """The day has closed since it was placed: the rows wait for the first open one, or end where there is none."""
    if answer.possible_from is None:
        _write(lease, order, dict.fromkeys(items, Ending(Result.REFUSED, "closed_day")))
        return
    with lease.commit(again=dict.fromkeys(items, "the day is closed")):
        pass


def _never_told(items: list[OrderItem]) -> list[OrderItem]:
    return [item for item in items if not item.told]


def _order_of(items: list[OrderItem]) -> Order:
    return Order.objects.select_related("seat", "decided_seat").get(pk=items[0].order_id)


def _worked_elsewhere(items: list[OrderItem], lease: Lease[OrderItem]) -> set[int | None]:
    """Subscribers that another batch is at: the second order waits, and then sees what the first has done."""
    at_work = Q(lease__isnull=False, next_try__gt=clock.now()) | Q(told=True, next_try__isnull=False)
    others = OrderItem.objects.filter(at_work, subscriber_id__in=among(_line_ids(items)))
    return set(others.exclude(lease=lease.key).values_list("subscriber_id", flat=True))


def _lines(items: list[OrderItem]) -> dict[int, Subscriber]:
    # Few tariffs and accounts for many lines: each is made once, not once a line.
    lines = Subscriber.objects.as_system().prefetch_related("tariff", "option_set", "account__contract")
    return {line.pk: line for line in lines.filter(pk__in=among(_line_ids(items)))}


def _line_ids(items: list[OrderItem]) -> list[int]:
    return [item.subscriber_id for item in items if item.subscriber_id is not None]


def _problems(
    order: Order, action: Action, items: list[OrderItem], lines: Mapping[int, Subscriber]
) -> dict[OrderItem, Ending]:
    """The check again: what has changed since the person saw the verdicts."""
    concerned = [lines[item.subscriber_id or 0] for item in items]
    found = action.check(concerned, {item.subscriber_id or 0: item.data for item in items})
    reached = _reached(order, lines)
    endings = {}
    for item in items:
        line = lines[item.subscriber_id or 0]
        problem = found.get(line.pk)
        if line.account.contract.client_id != order.client_id:
            endings[item] = Ending(Result.REFUSED, "moved")
        elif line.pk not in reached:
            endings[item] = Ending(Result.REFUSED, "not_yours")
        elif line.number != item.number:
            endings[item] = Ending(Result.REFUSED, "changed")
        elif problem is not None:
            endings[item] = Ending(Result(problem.verdict.value), problem.code, problem.args)
    return endings


def _reached(order: Order, lines: Mapping[int, Subscriber]) -> set[int]:
    """The lines that whoever answers for the order still sees: its approver, else its placer."""
    seat = order.decided_seat or order.seat
    if seat is None:
        return set(lines)
    return set(Subscriber.objects.within(seat).filter(pk__in=among(lines)).values_list("pk", flat=True))


def _too_late(action: Action, items: list[OrderItem]) -> dict[OrderItem, Ending]:
    """What only one can have is taken before the network is told; these rows did not get theirs."""
    problems = keeping.keep(action, items)
    found = ((item, problems.get(item.subscriber_id or 0)) for item in items)
    return {item: Ending(Result(why.verdict.value), why.code, why.args) for item, why in found if why is not None}


def _told(
    action: Action, items: list[OrderItem], lines: Mapping[int, Subscriber], lease: Lease[OrderItem]
) -> dict[OrderItem, Ending]:
    """Tell the network, and take its word for each row."""
    if not items:
        return {}
    told = {item: action.command(item.source, lines[item.subscriber_id or 0], item.data) for item in items}
    commands = [command for command in told.values() if command is not None]
    outcomes: Mapping[str, Outcome] = {}
    if commands:
        # Before: whoever takes these rows up after a crash has to know that they may be done already.
        lease.note(*(item for item, command in told.items() if command is not None and not item.told), told=True)
        with lease.heartbeat():
            outcomes = _applied(commands)
    found = {item: _ending(command, outcomes) for item, command in told.items()}
    return {item: ending for item, ending in found.items() if ending is not None}


def _applied(commands: list[Command]) -> Mapping[str, Outcome]:
    """What the network says, as far as it says anything."""
    try:
        return gateway().apply(commands)
    except NetworkError as error:
        log.warning("%d commands are without an answer: %s", len(commands), error)
        return {}


def _ending(command: Command | None, outcomes: Mapping[str, Outcome]) -> Ending | None:
    """None where the network has not answered: the row is told again, with the same key."""
    if command is None:
        return Ending(Result.DONE)
    outcome = outcomes.get(command.key)
    if outcome is None:
        return None
    return Ending(Result.DONE) if outcome.done else Ending(Result.FAILED, "network_refused")


def _write(
    lease: Lease[OrderItem],
    order: Order,
    endings: Mapping[OrderItem, Ending],
    action: Action | None = None,
    later: Mapping[OrderItem, str] | None = None,
) -> None:
    """One short transaction: the rows' ends, what was done, the counters and the journal."""
    now = clock.now()
    with lease.commit(ended=_ended(endings), again=later):
        if not endings:
            return
        done = {
            item.subscriber_id: Done(item.source, item.data)
            for item, ending in endings.items()
            if ending.result == Result.DONE and item.subscriber_id is not None
        }
        if done and action is not None:
            action.perform(done, now)
        _let_go(order, endings)
        counted = order.count(Counter(ending.result.value for ending in endings.values()))
        _journal(order, endings)
        if counted.left == 0:
            counted.end(state_of(counted), now)


def _let_go(order: Order, endings: Mapping[OrderItem, Ending]) -> None:
    """What was kept for rows that came to nothing is anybody's again, unless the network may have done it after all."""
    if ACTIONS[order.action].keeps:
        lost = [
            item
            for item, ending in endings.items()
            if ending.result != Result.DONE and not (item.told and ending.reason in keeping.UNCERTAIN)
        ]
        keeping.let_go(order.planned, unrivalled(order, lost))


def _ended(endings: Mapping[OrderItem, Ending]) -> list[tuple[list[OrderItem], dict[str, object]]]:
    """The rows that end alike, with the fields that say so."""
    alike: dict[tuple[str, str, str], list[OrderItem]] = {}
    for item, ending in endings.items():
        alike.setdefault((ending.result, ending.reason, json.dumps(dict(ending.args))), []).append(item)
    return [
        (items, {"result": result, "reason": reason, "args": json.loads(args)})
        for (result, reason, args), items in alike.items()
    ]


def _journal(order: Order, endings: Mapping[OrderItem, Ending]) -> None:
    """One entry for the batch, with which rows they are and the digest of what became of each."""
    ordered = sorted(endings.items(), key=lambda pair: pair[0].row)
    journal.record(
        order.actor,
        "orders.rows",
        target=("order", order.pk, str(order)),
        client_id=order.client_id,
        after={
            "rows": spans(item.row for item, _ending in ordered),
            **Counter(ending.result.value for ending in endings.values()),
        },
        digest=digest((item.row, item.number, ending.result, ending.reason) for item, ending in ordered),
    )


def digest(rows: Iterable[tuple[int, str, str, str]]) -> str:
    """SHA-256 over (row, number, result, reason), in the order of rows: what a journal entry of a batch carries."""
    return journal.rows_digest([list(row) for row in rows])


def spans(rows: Iterable[int]) -> str:
    """`1-400 402` for the rows 1 to 400 and 402; they come in order."""
    found: list[list[int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1][1] = row
        else:
            found.append([row, row])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def state_of(order: Order) -> State:
    """The state of an order follows its rows: those that were fine when it was placed."""
    results = OrderItem.objects.filter(order=order, verdict=Verdict.FINE).values_list("result", flat=True)
    found = set(results.distinct())
    if not found & {Result.FAILED, Result.REFUSED, Result.CANCELLED}:
        return Order.State.DONE
    if found & {Result.DONE, Result.NOTHING}:
        return Order.State.PARTLY
    if found != {Result.CANCELLED}:
        return Order.State.FAILED
    return Order.State.REJECTED if order.rejection else Order.State.CANCELLED
