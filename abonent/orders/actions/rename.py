"""«Переименование абонентов»: each row brings its own new name (S11, S15.3, L11)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.rights import Right
from abonent.orders.actions.action import Action, Data, Done, Problem
from abonent.orders.actions.standing import standing
from abonent.orders.verdicts import Verdict
from abonent.profile import current
from abonent.profile.calendar import Answer, may_rename
from abonent.subscribers import changing
from abonent.subscribers.models import Subscriber

# How long each may be, as the invoice has room for it.
LONGEST = {"last_name": 120, "first_name": 60, "middle_name": 60}
FIELDS = tuple(LONGEST)
ALLOWED = frozenset(Subscriber.Status) - {Subscriber.Status.TERMINATED}


@dataclass(frozen=True, slots=True)
class Rename(Action):
    """A row's data has those of the three fields that change; in a file they are the columns after the number."""

    right: ClassVar[Right] = Right.CHANGE_NAMES
    more_columns: ClassVar[int] = len(FIELDS)

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        return cls()

    @property
    def title(self) -> str:
        # Translators: «Переименование абонентов»
        return _("Renaming of subscribers")

    @property
    def description(self) -> str:
        return _(
            "Names are changed within 24 hours, usually at once. If a subscriber is renamed more than once a month, "
            "the invoice shows the last name."
        )

    @property
    def is_final(self) -> bool:
        return False

    def button(self, count: int) -> str:
        return ngettext("Rename %(count)d subscriber", "Rename %(count)d subscribers", count) % {"count": count}

    def why_not(self, at: dt.datetime) -> Answer:
        return may_rename(current(), at)

    def asks(self, subscriber: Subscriber, data: Data) -> str:
        """The whole name as it becomes."""
        return " ".join(part for part in _new(subscriber, data) if part)

    def of_row(self, more: Sequence[str]) -> Data | Problem:
        """All three columns at once: an empty first name takes the old one away."""
        texts = dict(zip(FIELDS, map(tidy, more), strict=False))
        return texts if any(texts.values()) else Problem(Verdict.REFUSED, "no_name")

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        found = ((line.pk, self.problem_of(line, data.get(line.pk, {}))) for line in subscribers)
        return {pk: problem for pk, problem in found if problem is not None}

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        lines = Subscriber.objects.as_system().in_bulk(list(done))
        changing.rename({pk: _new(lines[pk], row.data) for pk, row in done.items()}, at)

    def problem_of(self, line: Subscriber, data: Data) -> Problem | None:
        problem = standing(line, ALLOWED)
        if problem is not None:
            return problem
        wanted = _new(line, data)
        if not any(wanted):
            return Problem(Verdict.REFUSED, "no_name")
        for text, longest in zip(wanted, LONGEST.values(), strict=True):
            if len(text) > longest:
                return Problem(Verdict.REFUSED, "long_name", {"longest": longest})
        return Problem(Verdict.NOTHING, "same_name") if wanted == _old(line) else None


def tidy(text: str) -> str:
    """A name as it is kept: one line, without what cannot be seen."""
    visible = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(visible.split())


def _old(line: Subscriber) -> tuple[str, str, str]:
    return line.last_name, line.first_name, line.middle_name


def _new(line: Subscriber, data: Data) -> tuple[str, str, str]:
    last, first, middle = (str(data.get(field, getattr(line, field))) for field in FIELDS)
    return last, first, middle
