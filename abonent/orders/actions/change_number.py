"""«Смена номера»: another number of the pool for one line (S13)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.models import Identifier
from abonent.access.releasing import release_all
from abonent.access.rights import Right
from abonent.lib import clock
from abonent.lib.phones import pretty
from abonent.network.values import Command
from abonent.orders.actions.action import FREE, Action, Data, Done, Price, Problem
from abonent.orders.actions.standing import standing
from abonent.orders.verdicts import Verdict
from abonent.profile import current
from abonent.subscribers import pool, renumbering
from abonent.subscribers.models import PoolNumber, Subscriber

ALLOWED = frozenset({Subscriber.Status.ACTIVE})


@dataclass(frozen=True, slots=True)
class ChangeNumber(Action):
    """`chosen` is the number, out of an offer that was reserved for the line, with its category."""

    right: ClassVar[Right] = Right.CHANGE_NUMBERS
    fresh: ClassVar[bool] = True
    keeps: ClassVar[bool] = True

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
        return " ".join(filter(None, (self._kept(), self._after())))

    def _kept(self) -> str:
        until = self.chosen.free_from if self.chosen else None
        if until is None or until <= clock.now():
            return ""
        local = until.astimezone(current().zone)
        return _("The number is kept for this line until %(time)s.") % {"time": f"{local:%H:%M}"}

    def _after(self) -> str:
        return _(
            "Calls from this moment on belong to the new number. The old one is given to nobody for a while, and "
            "whoever logs in by it does so no more."
        )

    def button(self, count: int) -> str:
        words = ngettext("Change %(count)d number", "Change %(count)d numbers", count)
        return words % {"count": count}

    def asks(self, subscriber: Subscriber, data: Data) -> str:
        return pretty(self.number)

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

    def keep(self, rows: Mapping[int, Data]) -> dict[int, Problem]:
        got = pool.keep(dict.fromkeys(rows, self.number))
        return {pk: Problem(Verdict.REFUSED, "number_taken") for pk in rows if pk not in got}

    def let_go(self, rows: Mapping[int, Data]) -> None:
        pool.let_go(dict.fromkeys(rows, self.number))

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command:
        return Command(key, "change_number", subscriber.number, {"number": self.number})

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        lost = renumbering.change_numbers(dict.fromkeys(done, self.number), at)
        for client_id, numbers in lost.items():
            release_all(Identifier.Kind.PHONE, numbers, client_id=client_id, reason="number changed")

    def _problem(self, line: Subscriber) -> Problem | None:
        problem = standing(line, ALLOWED)
        if problem is not None:
            return problem
        if line.number == self.number:
            return Problem(Verdict.NOTHING, "same_number")
        if self.chosen is None or not _may_get(self.chosen, line):
            return Problem(Verdict.REFUSED, "number_taken")
        category = self.chosen.category
        if category.kind != line.account.kind:
            return Problem(Verdict.REFUSED, "number_wrong_kind")
        return None if category.on_sale else Problem(Verdict.REFUSED, "number_not_on_sale")


def _may_get(number: PoolNumber, line: Subscriber) -> bool:
    """Whether nobody else has it; whether this line really gets it is decided by `keep`."""
    if number.free_from is None or number.free_from > clock.now():
        return number.wanted_by_id == line.pk
    return True
