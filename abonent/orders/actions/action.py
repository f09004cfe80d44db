"""What an action is: an order's parameters, read, that know how to check and to do it."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Self

from django.utils.translation import gettext as _

from abonent.access.rights import Right
from abonent.network.values import Command
from abonent.orders.verdicts import Verdict
from abonent.profile.calendar import YES, Answer
from abonent.subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, or why there is nothing to do: a code of `reasons` with its arguments."""

    verdict: Verdict
    code: str
    args: Mapping[str, str | int] = field(default_factory=dict)


# What one row asks for beside the order's own parameters (a new name, another SIM): JSON values.
Data = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Done:
    """A row that the network has done: by what (`source`, unique), and what the row asked for."""

    source: str
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    """For one number, net of VAT: each month, and once."""

    monthly: Decimal = Decimal(0)
    once: Decimal = Decimal(0)


FREE = Price()


class Action(ABC):
    """An order's parameters, read. What a row may ask for beside them is its `data`."""

    # What a seat needs to order it, and to approve it.
    right: ClassVar[Right]
    # Whether the last proof of who it is has to be new: it cannot be made good again.
    fresh: ClassVar[bool] = False
    # How many columns of a file follow the number.
    more_columns: ClassVar[int] = 0
    # Whether a row may name its line by the SIM too.
    by_sim: ClassVar[bool] = False
    # Whether a row asks for something that only one can have: then `keep` and `let_go` are called.
    keeps: ClassVar[bool] = False
    # Whether it is taken when the order is placed already, and not only before the network is told.
    keeps_early: ClassVar[bool] = True
    # Whether the check gives a row something beside what it asks for: then `give` is called.
    gives: ClassVar[bool] = False
    # Whether that is the row's for a while only: then it is given once more before the order is placed.
    lapses: ClassVar[bool] = False

    @classmethod
    @abstractmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        """Make it from an order's parameters; what is not valid is a ValueError."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What it does, in the language in force: «Подключение …»."""

    @property
    def description(self) -> str:
        """What a person should know of it before."""
        return ""

    @property
    def promise(self) -> str:
        """By when it is done, as whoever placed the order is told."""
        # Translators: «Пожалуйста, ожидайте. Заявка будет обработана в ближайшее время»
        return _("Please wait. The order will be carried out shortly")

    @property
    def is_final(self) -> bool:
        """Whether «Данное действие нельзя будет отменить» is to be said of it."""
        return True

    @abstractmethod
    def button(self, count: int) -> str:
        """The verb and the count: «Connect for 412 numbers»."""

    def why_not(self, at: dt.datetime) -> Answer:
        """Whether it may be done at `at` at all: some actions have closed days."""
        return YES

    def bars(self, order_id: int) -> Problem | None:
        """Why the order as a whole cannot be placed, whatever its rows say; asked of the draft as it is stored."""
        return None

    def price_of(self, subscriber: Subscriber, data: Data) -> Price:
        """What it changes in the cost of this number (negative where it becomes cheaper), without asking anybody."""
        return FREE

    def asks(self, subscriber: Subscriber, data: Data) -> str:
        """What a row asks for of its own, as a person reads it; empty where all rows ask for the same."""
        return ""

    def of_row(self, more: Sequence[str]) -> Data | Problem:
        """What a row of a file asks for in the columns after the number; a Problem where they make no sense."""
        return {}

    @abstractmethod
    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        """Find the problems by subscriber id, with a fixed number of queries; who is absent is fine.

        `data` has what each of their rows asks for, by subscriber id.
        """

    def give(self, rows: Mapping[int, Data]) -> Mapping[int, Data | Problem]:
        """What these rows (by subscriber id), in which `check` found nothing wrong, have from now on as their data.

        A Problem for one that gets nothing. It is called in transactions of the check, or in none: it makes its own.
        """
        return rows

    def keep(self, rows: Mapping[int, Data]) -> dict[int, Problem]:
        """Take for these rows (by subscriber id) what only one can have; the problems of those who came too late.

        It is called when the order is placed (`keeps_early`), and again, with the same answer, before the network is
        told.
        """
        return {}

    def let_go(self, rows: Mapping[int, Data]) -> None:  # noqa: B027  # most keep nothing
        """Give back what was kept for rows that come to nothing, in the caller's transaction."""

    def unreserve(self, rows: Mapping[int, Data]) -> None:  # noqa: B027  # most reserve nothing
        """Give back what these rows have for a while only, in the caller's transaction: they are not ordered."""

    def wanted(self, data: Data) -> str:
        """The number or SIM that a row asks for and only one can have; empty where it asks for none."""
        return ""

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command | None:
        """What the network is told for one of them; None where it has no part in it."""
        return None

    @abstractmethod
    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        """Write down what has been done, for all (by subscriber id), in the caller's transaction."""
