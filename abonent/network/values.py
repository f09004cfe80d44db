"""What goes to the network and comes back: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Command:
    """`key` is the idempotency key; `number` the digits (or SIP id) that it concerns; `args` are JSON values."""

    key: str
    kind: str
    number: str
    args: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reason` says in a short code why it was not done."""

    done: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NetworkLine:
    """What the network says of a number, or what it should say.

    `status` is pending, active, blocked or terminated; tariff, option set and services are codes of the catalog;
    `forwarding` has `375291234567` or, with the seconds, `375291234567/20` by kind.
    """

    number: str
    status: str
    tariff: str = ""
    option_set: str = ""
    iccid: str = ""
    services: frozenset[str] = frozenset()
    forwarding: Mapping[str, str] = field(default_factory=dict)


def diverted(target: str, seconds: int | None) -> str:
    """As `NetworkLine.forwarding` has it."""
    return f"{target}/{seconds}" if seconds else target
