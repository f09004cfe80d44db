"""Giving every row of an order its verdict, before anything happens (S15.1)."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from abonent.formats.workbook import is_rounded
from abonent.jobs.lease import Lease
from abonent.jobs.models import State
from abonent.jobs.pause import breathe
from abonent.lib import clock
from abonent.lib.inserting import insert
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.action import FREE, Action, Data, Price, Problem
from abonent.orders.models import Order, OrderCheck, OrderItem, OrderQuerySet, Verdict
from abonent.orders.models.item import TYPED_LENGTH
from abonent.orders.pricing import stored
from abonent.orders.reading import FileNotAccepted, Line, lines
from abonent.profile import current
from abonent.subscribers.models import Subscriber

# So many rows are written in one transaction: well under 50 ms.
CHUNK = 1000
# An ICCID, with or without its check digit.
_SIM = re.compile(r"89[0-9]{15,18}")


def check(job: OrderCheck, lease: Lease[OrderCheck]) -> None:
    """Work of the queue: read, judge and write the rows chunk by chunk, then hand the draft to the person."""
    order = job.order
    if order.state != Order.State.CHECKING:
        return
    _clear(order, lease)
    try:
        with lease.heartbeat():
            asked = lines(order, ACTIONS[order.action].more_columns)
    except FileNotAccepted as refusal:
        with lease.commit(done=[job]):
            _still_checking(order).update(state=Order.State.UNREADABLE, refusal=refusal.stored())
        return
    checker = Checker(order, ACTIONS[order.action].read(order.params))
    for start in range(0, len(asked), CHUNK):
        lease.renew(done=start, total=len(asked))
        insert(checker.judge(asked[start : start + CHUNK]))
        breathe()
    with lease.commit(done=[job]):
        checker.finish(len(asked))


def check_now(order: Order) -> None:
    """The same for a short list or selection, inside the caller's transaction."""
    try:
        asked = lines(order, ACTIONS[order.action].more_columns)
    except FileNotAccepted as refusal:
        _still_checking(order).update(state=Order.State.UNREADABLE, refusal=refusal.stored())
        return
    checker = Checker(order, ACTIONS[order.action].read(order.params))
    insert(checker.judge(asked))
    checker.finish(len(asked))


@dataclass(frozen=True, slots=True)
class Asked:
    """A row with its number as it is stored, and what it asks for, or why that makes no sense."""

    line: Line
    number: str
    data: Data
    problem: Problem | None

    @classmethod
    def of(cls, line: Line, action: Action) -> "Asked":
        read = action.of_row(line.more) if line.data is None else line.data
        if isinstance(read, Problem):
            return cls(line, _number(line.typed), {}, read)
        return cls(line, _number(line.typed), read, None)


@dataclass(slots=True)
class Checker:
    """Judges the rows of one order in their order; remembers which numbers it has seen."""

    order: Order
    action: Action
    counts: Counter[Verdict] = field(default_factory=Counter)
    prices: Counter[Price] = field(default_factory=Counter)
    account_ids: set[int] = field(default_factory=set)
    _seen: dict[str, int] = field(default_factory=dict)
    _begun: bool = False

    def judge(self, asked: list[Line]) -> list[OrderItem]:
        """Make the rows' items, not saved; two or three queries however many they are."""
        rows = [Asked.of(line, self.action) for line in asked]
        if self.action.by_sim:
            rows = self._by_sim(rows)
        found = self._find({row.number for row in rows if row.number}, {row.line.pk for row in rows})
        # Of two rows with one number the first is what is asked for.
        data = {found[row.number].pk: row.data for row in reversed(rows) if row.number in found}
        problems = self.action.check(list(found.values()), data)
        items = [self._item(row, found, problems) for row in rows]
        fine = [item for item in items if item.verdict == Verdict.FINE]
        if self.action.gives:
            given = self.action.give({item.subscriber_id or 0: item.data for item in fine})
            fine = [item for item in fine if _takes(item, given[item.subscriber_id or 0])]
        for item in fine:
            self._price(item)
        self.counts.update(Verdict(item.verdict) for item in items)
        return items

    def finish(self, total: int) -> None:
        """Hand the draft to the person."""
        changed = _still_checking(self.order).update(
            state=Order.State.DRAFT,
            total=total,
            refused=self.counts[Verdict.REFUSED],
            nothing=self.counts[Verdict.NOTHING],
            prices=stored(self.prices),
        )
        if changed:
            self.order.accounts.set(self.account_ids)

    def _find(self, numbers: set[str], chosen: set[int | None]) -> dict[str, Subscriber]:
        """The lines by number, of those that the seat may see.

        Of several that held a number, the one that was chosen itself, else the one that holds it now.
        """
        if self.order.seat is None:
            return {}
        visible = Subscriber.objects.within(self.order.seat).filter(number__in=numbers)
        rows = sorted(
            visible.prefetch_related("tariff", "option_set", "account"),
            key=lambda line: (line.pk in chosen, line.status != Subscriber.Status.TERMINATED),
        )
        return {line.number: line for line in rows}

    def _by_sim(self, rows: list[Asked]) -> list[Asked]:
        """Put the line's number in place of its SIM, where a row names a SIM that a line of the seat holds."""
        sims = {row.number for row in rows if _SIM.fullmatch(row.number)}
        if self.order.seat is None or not sims:
            return rows
        visible = Subscriber.objects.within(self.order.seat).exclude(status=Subscriber.Status.TERMINATED)
        held = dict(visible.filter(iccid__in=sims).order_by().values_list("iccid", "number"))
        return [replace(row, number=held[row.number]) if row.number in held else row for row in rows]

    def _item(self, asked: Asked, found: dict[str, Subscriber], problems: dict[int, Problem]) -> OrderItem:
        line, number = asked.line, asked.number
        subscriber = found.get(number)
        problem = self._problem_of_row(line.row, line.typed, number)
        if problem is None and subscriber is not None:
            problem = asked.problem or problems.get(subscriber.pk)
            self.account_ids.add(subscriber.account_id)
        elif problem is None:
            problem = _unknown(line.typed)
        item = OrderItem(
            order=self.order,
            row=line.row,
            typed=line.typed[:TYPED_LENGTH],
            number=number[:32],
            subscriber=subscriber,
            data=dict(asked.data),
        )
        return _judged(item, problem)

    def _price(self, item: OrderItem) -> None:
        price = self.action.price_of(item.subscriber, item.data) if item.subscriber else FREE
        item.monthly, item.once = price.monthly, price.once
        self.prices[price] += 1

    def _problem_of_row(self, row: int, typed: str, number: str) -> Problem | None:
        """What can be said of a row without looking at its subscriber."""
        if not number:
            return Problem(Verdict.NOTHING, "blank")
        if not self._begun:
            self._begun = True
            if _is_heading(typed):
                return Problem(Verdict.NOTHING, "header")
        first = self._seen.setdefault(number, row)
        return Problem(Verdict.NOTHING, "duplicate", {"row": first}) if first != row else None


def _number(typed: str) -> str:
    """The digits where it is a phone number, else the text: a SIP id, or something that nobody has."""
    return current().numbers.clean(typed) or typed.strip()


def _is_heading(typed: str) -> bool:
    return not any(letter.isdigit() for letter in typed)


def _unknown(typed: str) -> Problem:
    """The same answer for a number of somebody else and for one that does not exist."""
    plan = current().numbers
    if is_rounded(typed):
        return Problem(Verdict.REFUSED, "rounded")
    if plan.clean(typed) is None:
        return Problem(Verdict.REFUSED, "not_a_number", {"length": plan.length})
    return Problem(Verdict.REFUSED, "not_yours")


def _judged(item: OrderItem, problem: Problem | None) -> OrderItem:
    if problem is None:
        item.verdict = Verdict.FINE
        item.note = _note(item)
        return item
    item.verdict, item.reason, item.args = problem.verdict, problem.code, dict(problem.args)
    # It has come to its end at once: the results have the same names as the verdicts.
    item.result, item.state, item.next_try, item.finished = problem.verdict, State.DONE, None, clock.now()
    return item


def _takes(item: OrderItem, given: Data | Problem) -> bool:
    """Whether a row got what it needs; one that did not is judged anew."""
    if isinstance(given, Problem):
        _judged(item, given)
        return False
    item.data = dict(given)
    return True


def _note(item: OrderItem) -> str:
    if item.number == item.typed:
        return ""
    return "by_sim" if _SIM.fullmatch(item.typed.strip()) else "tidied"


def _still_checking(order: Order) -> OrderQuerySet:
    return Order.objects.filter(pk=order.pk, state=Order.State.CHECKING)


def _clear(order: Order, lease: Lease[OrderCheck]) -> None:
    """Remove what a check that was cut off has left."""
    rows = OrderItem.objects.filter(order=order)
    while keys := list(rows.values_list("pk", flat=True)[:2000]):
        rows.filter(pk__in=keys).delete()
        lease.renew()
        breathe()
