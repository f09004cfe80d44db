"""What an action is: an order's parameters, read, that know how to check and to do it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import ClassVar, Protocol, Self

from abonent.access.rights import Right
from abonent.network.values import Command
from abonent.orders.verdicts import Verdict
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


class Action(Protocol):
    # What a seat needs to order it, and to approve it.
    right: ClassVar[Right]
    # How many columns of a file follow the number.
    more_columns: ClassVar[int]

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        """Make it from an order's parameters; what is not valid is a ValueError."""
        ...

    @property
    def title(self) -> str:
        """What it does, in the language in force: «Подключение …»."""
        ...

    @property
    def description(self) -> str:
        """What a person should know of it before."""
        ...

    def button(self, count: int) -> str:
        """The verb and the count: «Connect for 412 numbers»."""
        ...

    def price_of(self, subscriber: Subscriber, data: Data) -> Price:
        """What it changes in the cost of this number (negative where it becomes cheaper), without asking anybody."""
        ...

    def of_row(self, more: Sequence[str]) -> Data | Problem:
        """What a row of a file asks for in the columns after the number; a Problem where they make no sense."""
        ...

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        """Find the problems by subscriber id, with a fixed number of queries; who is absent is fine.

        `data` has what each of their rows asks for, by subscriber id.
        """
        ...

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command:
        """What the network is told for one of them."""
        ...

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        """Write down what the network has done, for all (by subscriber id), in the caller's transaction."""
        ...
