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


@dataclass(frozen=True, slots=True)
class Price:
    """For one number, net of VAT: each month, and once."""

    monthly: Decimal = Decimal(0)
    once: Decimal = Decimal(0)


class Action(Protocol):
    # What a seat needs to order it, and to approve it.
    right: ClassVar[Right]

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

    @property
    def price(self) -> Price:
        """What it changes in the cost of one number (negative where it becomes cheaper)."""
        ...

    def check(self, subscribers: Sequence[Subscriber]) -> dict[int, Problem]:
        """Find the problems by subscriber id, with a fixed number of queries; who is absent is fine."""
        ...

    def command(self, key: str, subscriber: Subscriber) -> Command:
        """What the network is told for one of them."""
        ...

    def perform(self, sources: Mapping[int, str], at: dt.datetime) -> None:
        """Write down what the network has done, for all (subscriber id → source), in the caller's transaction."""
        ...
