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
