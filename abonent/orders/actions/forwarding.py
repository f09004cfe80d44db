"""«Переадресация вызовов»: calls of one kind go to another number, or no more (S12)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.rights import Right
from abonent.catalog.models import Service
from abonent.lib.phones import pretty
from abonent.network.values import Command
from abonent.orders.actions.action import Action, Data, Done, Problem
from abonent.orders.actions.standing import standing
from abonent.orders.verdicts import Verdict
from abonent.profile import current
from abonent.subscribers import connecting, forwarding
from abonent.subscribers.forwarding import Divert
from abonent.subscribers.models import Forwarding, Subscriber

Kind = Forwarding.Kind
Status = Subscriber.Status


@dataclass(frozen=True, slots=True)
class Forward(Action):
    """`to` is where calls of this `kind` go from now on; None switches them off.

    `service` is the catalog's service that a line needs for it; None where the catalog has none.
    """

    right: ClassVar[Right] = Right.CHANGE_SERVICES
    # Before the network is told: that nobody closes a circle with it at the same moment.
    keeps: ClassVar[bool] = True
    keeps_early: ClassVar[bool] = False

    kind: Forwarding.Kind
    to: Divert | None
    service: Service | None

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        """`kind`; `on`, and then `target` and, for `no_answer`, `seconds`; what is not valid is a ValueError."""
        kind = Kind(str(params.get("kind")))
        service = Service.objects.filter(code=current().forwarding.service).first()
        return cls(kind, _divert(kind, params) if params.get("on") else None, service)

    @property
    def title(self) -> str:
        words = {"kind": self.kind.label}
        if self.to is None:
            # Translators: «Отключение переадресации: %(kind)s»
            return _("Switching off forwarding: %(kind)s") % words
        # Translators: «Переадресация: %(kind)s → %(number)s»
        return _("Forwarding: %(kind)s → %(number)s") % {**words, "number": pretty(self.to.target)}

    @property
    def description(self) -> str:
        if self.to is None:
            return _("Calls arrive at the number itself again.")
        if self.to.seconds is None:
            return _("Forwarded calls are paid like calls from this number to the other one.")
        words = ngettext(
            "After %(seconds)d second without an answer. Forwarded calls are paid like calls from this number to the "
            "other one.",
            "After %(seconds)d seconds without an answer. Forwarded calls are paid like calls from this number to the "
            "other one.",
            self.to.seconds,
        )
        return words % {"seconds": self.to.seconds}

    @property
    def is_final(self) -> bool:
        return False

    def button(self, count: int) -> str:
        if self.to is None:
            words = ngettext("Switch off for %(count)d number", "Switch off for %(count)d numbers", count)
        else:
            words = ngettext("Forward calls of %(count)d number", "Forward calls of %(count)d numbers", count)
        return words % {"count": count}

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        ids = [line.pk for line in subscribers]
        set_now = forwarding.in_force(ids, self.kind)
        if self.to is None:
            found = {line.pk: _off(line, line.pk in set_now) for line in subscribers}
        else:
            judge = _Judge.of(self, self.to, subscribers)
            found = {line.pk: judge.problem(line, set_now.get(line.pk)) for line in subscribers}
        return {pk: problem for pk, problem in found.items() if problem is not None}

    def keep(self, rows: Mapping[int, Data]) -> dict[int, Problem]:
        if self.to is None:
            return {}
        able = forwarding.wish(dict.fromkeys(rows, self.to.target), self.kind)
        return {pk: Problem(Verdict.REFUSED, "forwarding_loop") for pk in rows if pk not in able}

    def let_go(self, rows: Mapping[int, Data]) -> None:
        if self.to is not None:
            forwarding.unwish(list(rows), self.kind, self.to.target)

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command:
        if self.to is None:
            return Command(key, "forward_off", subscriber.number, {"type": self.kind.value})
        seconds = {} if self.to.seconds is None else {"seconds": self.to.seconds}
        return Command(
            key, "forward", subscriber.number, {"type": self.kind.value, "target": self.to.target, **seconds}
        )

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        if self.to is None:
            forwarding.stop(list(done), self.kind, at)
        else:
            forwarding.forward(list(done), self.kind, self.to, at)


@dataclass(frozen=True, slots=True)
class _Judge:
    """What there is to know of the target, asked once for all rows: where a call to it may end up."""

    wanted: Divert
    allowed: bool
    reached: set[str]
    service: Service | None
    served: set[int]

    @classmethod
    def of(cls, action: Forward, to: Divert, lines: Sequence[Subscriber]) -> Self:
        reached = forwarding.reached_from(to.target, {line.account_id for line in lines})
        service = action.service
        pairs = connecting.connected([line.pk for line in lines], [service.pk]) if service else set()
        return cls(to, forwarding.is_allowed(to.target), reached, service, {pk for pk, _service in pairs})

    def problem(self, line: Subscriber, now: Divert | None) -> Problem | None:
        problem = standing(line, {Status.ACTIVE})
        if problem is not None:
            return problem
        if now == self.wanted:
            return Problem(Verdict.NOTHING, "same_forwarding")
        code = self._bars(line)
        if code or self.service is None or line.pk in self.served:
            return Problem(Verdict.REFUSED, code) if code else None
        return Problem(Verdict.REFUSED, "requires", {"service": self.service.code})

    def _bars(self, line: Subscriber) -> str:
        """Why calls to this line cannot go there; empty where they can."""
        if not self.allowed:
            return "forwarding_zone"
        if line.number == self.wanted.target:
            return "forwarding_itself"
        return "forwarding_loop" if line.number in self.reached else ""


def _off(line: Subscriber, is_set: bool) -> Problem | None:  # noqa: FBT001  # named where it is called
    problem = standing(line, {Status.ACTIVE, Status.BLOCKED})
    if problem is not None or is_set:
        return problem
    return Problem(Verdict.NOTHING, "no_forwarding")


def _divert(kind: Forwarding.Kind, params: Mapping[str, object]) -> Divert:
    target = forwarding.target_of(str(params.get("target") or ""))
    if target is None:
        raise ValueError("no number to forward to")
    if kind != Kind.NO_ANSWER:
        return Divert(target)
    seconds = int(str(params.get("seconds") or 0))
    if seconds not in current().forwarding.seconds:
        raise ValueError("no such number of seconds")
    return Divert(target, seconds)
