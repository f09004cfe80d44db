"""«Смена номера»: another number of the pool, for one line or for many (S13)."""

import datetime as dt
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.models import Identifier
from abonent.access.releasing import release_all
from abonent.access.rights import Right
from abonent.catalog.models import NumberCategory
from abonent.lib import clock
from abonent.lib.among import among
from abonent.lib.phones import pretty
from abonent.network.values import Command
from abonent.orders.actions.action import FREE, Action, Data, Done, Price, Problem
from abonent.orders.actions.params import number_category_in
from abonent.orders.actions.standing import standing
from abonent.orders.verdicts import Verdict
from abonent.profile import current
from abonent.subscribers import pool, renumbering, reserving
from abonent.subscribers.models import PoolNumber, Subscriber

ALLOWED = frozenset({Subscriber.Status.ACTIVE})
TAKEN = Problem(Verdict.REFUSED, "number_taken")


class Renumbering(Action):
    """What every change of number has in common: which number a row gets is said by `number_of`."""

    right: ClassVar[Right] = Right.CHANGE_NUMBERS
    fresh: ClassVar[bool] = True
    keeps: ClassVar[bool] = True

    @abstractmethod
    def number_of(self, data: Data) -> str:
        """The new number of a row; empty where it has none yet."""

    @property
    def description(self) -> str:
        return _after()

    def button(self, count: int) -> str:
        words = ngettext("Change %(count)d number", "Change %(count)d numbers", count)
        return words % {"count": count}

    def asks(self, subscriber: Subscriber, data: Data) -> str:
        number = self.number_of(data)
        return pretty(number) if number else ""

    def keep(self, rows: Mapping[int, Data]) -> dict[int, Problem]:
        got = pool.keep(self._numbers(rows))
        return {pk: TAKEN for pk in rows if pk not in got}

    def let_go(self, rows: Mapping[int, Data]) -> None:
        pool.let_go(self._numbers(rows))

    def unreserve(self, rows: Mapping[int, Data]) -> None:
        pool.let_go(self._numbers(rows), ordered=False)

    def wanted(self, data: Data) -> str:
        return self.number_of(data)

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command:
        return Command(key, "change_number", subscriber.number, {"number": self.number_of(data)})

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        lost = renumbering.change_numbers(self._numbers({pk: row.data for pk, row in done.items()}), at)
        for client_id, numbers in lost.items():
            release_all(Identifier.Kind.PHONE, numbers, client_id=client_id, reason="number changed")

    def _numbers(self, rows: Mapping[int, Data]) -> dict[int, str]:
        return {pk: number for pk, data in rows.items() if (number := self.number_of(data))}


class RenumberingOfList(Renumbering):
    """Many lines, each with a number of its own in its row's data (`number`, and its price, `fee`).

    The check reserves it as an offer is reserved; before the order is placed it is made sure of once more.
    """

    gives: ClassVar[bool] = True
    lapses: ClassVar[bool] = True

    def number_of(self, data: Data) -> str:
        return str(data.get("number") or "")

    def price_of(self, subscriber: Subscriber, data: Data) -> Price:
        return Price(once=Decimal(str(data["fee"]))) if "fee" in data else FREE


@dataclass(frozen=True, slots=True)
class ChangeNumber(Renumbering):
    """`chosen` is the number, out of an offer that was reserved for the line, with its category."""

    number: str
    chosen: PoolNumber | None

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        number = str(params.get("number") or "")
        if not number.isascii() or not number.isdigit():
            raise ValueError("no new number")
        return cls(number, PoolNumber.objects.select_related("category").filter(number=number).first())

    @property
    def title(self) -> str:
        # Translators: «Смена номера: %(number)s»
        return _("Change of number: %(number)s") % {"number": pretty(self.number)}

    @property
    def description(self) -> str:
        return " ".join(filter(None, (self._kept(), _after())))

    def _kept(self) -> str:
        until = self.chosen.free_from if self.chosen else None
        if until is None or until <= clock.now():
            return ""
        local = until.astimezone(current().zone)
        return _("The number is kept for this line until %(time)s.") % {"time": f"{local:%H:%M}"}

    def number_of(self, data: Data) -> str:
        return self.number

    def price_of(self, subscriber: Subscriber, data: Data) -> Price:
        return Price(once=self.chosen.category.fee) if self.chosen else FREE

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        """One number is for one line: of several the first gets it."""
        problems = {line.pk: Problem(Verdict.REFUSED, "one_number") for line in subscribers[1:]}
        for line in subscribers[:1]:
            problem = self._problem(line)
            if problem is not None:
                problems[line.pk] = problem
        return problems

    def _problem(self, line: Subscriber) -> Problem | None:
        problem = standing(line, ALLOWED)
        if problem is not None:
            return problem
        if line.number == self.number:
            return Problem(Verdict.NOTHING, "same_number")
        if self.chosen is None or not _may_get(self.chosen, line):
            return TAKEN
        return _unfit(self.chosen.category, line)


@dataclass(frozen=True, slots=True)
class ChangeNumbers(RenumberingOfList):
    """A free number of one category for each line."""

    category: NumberCategory

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        return cls(number_category_in(params))

    @property
    def title(self) -> str:
        # Translators: «Смена номеров: категория «%(category)s»»
        return _("Change of numbers: category “%(category)s”") % {"category": self.category.name}

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        found = ((line.pk, self._problem(line, self.number_of(data.get(line.pk, {})))) for line in subscribers)
        return {pk: problem for pk, problem in found if problem is not None}

    def give(self, rows: Mapping[int, Data]) -> dict[int, Data | Problem]:
        wanted = {pk: self.number_of(data) for pk, data in rows.items()}
        got = reserving.reserve(wanted, self.category)
        return {pk: _given(got, pk, "no_free_number") for pk in rows}

    def _problem(self, line: Subscriber, number: str) -> Problem | None:
        problem = standing(line, ALLOWED)
        if problem is None and line.number == number:
            problem = Problem(Verdict.NOTHING, "same_number")
        return problem or _unfit(self.category, line)


@dataclass(frozen=True, slots=True)
class GiveNumbers(RenumberingOfList):
    """Each line gets the number that stands beside it in a file, at the price of that number's category."""

    more_columns: ClassVar[int] = 1

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        return cls()

    @property
    def title(self) -> str:
        # Translators: «Смена номеров по списку»
        return _("Change of numbers, each to the one that is named")

    def of_row(self, more: Sequence[str]) -> Data | Problem:
        typed = more[0].strip() if more else ""
        if not typed:
            return Problem(Verdict.REFUSED, "no_number")
        numbers = current().numbers
        number = numbers.clean(typed)
        return {"number": number} if number else Problem(Verdict.REFUSED, "odd_number", {"length": numbers.length})

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        wanted = self._numbers(data)
        known = PoolNumber.objects.select_related("category").filter(number__in=among(set(wanted.values())))
        numbers = {number.number: number for number in known}
        problems: dict[int, Problem] = {}
        for line in subscribers:
            number = wanted.get(line.pk, "")
            problem = self._problem(line, number, numbers.get(number))
            if problem is not None:
                problems[line.pk] = problem
        return problems

    def give(self, rows: Mapping[int, Data]) -> dict[int, Data | Problem]:
        got = reserving.reserve(self._numbers(rows), None)
        return {pk: _given(got, pk, "number_not_free") for pk in rows}

    def _problem(self, line: Subscriber, number: str, chosen: PoolNumber | None) -> Problem | None:
        problem = standing(line, ALLOWED)
        if problem is not None:
            return problem
        if line.number == number:
            return Problem(Verdict.NOTHING, "same_number")
        # The same answer for a number that somebody has, one that rests, and one that there is not.
        if chosen is None or not _may_get(chosen, line):
            return Problem(Verdict.REFUSED, "number_not_free")
        return _unfit(chosen.category, line)


def _after() -> str:
    return _(
        "Calls from this moment on belong to the new number. The old one is given to nobody for a while, and "
        "whoever logs in by it does so no more."
    )


def _given(got: reserving.Reserved, line_id: int, why_not: str) -> Data | Problem:
    number = got.numbers.get(line_id)
    if number is not None:
        return {"number": number.number, "fee": str(number.category.fee)}
    return Problem(Verdict.REFUSED, "tired" if line_id in got.tired else why_not)


def _unfit(category: NumberCategory, line: Subscriber) -> Problem | None:
    if category.kind != line.account.kind:
        return Problem(Verdict.REFUSED, "number_wrong_kind")
    return None if category.on_sale else Problem(Verdict.REFUSED, "number_not_on_sale")


def _may_get(number: PoolNumber, line: Subscriber) -> bool:
    """Whether nobody else has it; whether this line really gets it is decided by `keep`."""
    if number.free_from is None or number.free_from > clock.now():
        return number.wanted_by_id == line.pk
    return True
