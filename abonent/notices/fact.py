import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from abonent.access.models import Seat
from abonent.notices.kinds import Kind


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to tell of: `key` is unique to it and its kind, `args` are plain values (JSON) for the words.

    `about` is the id of the order, invoice, appeal or number that it leads to (0: of none); `lines` are the ids of the
    numbers that it tells of, where they are to be told of once.
    """

    kind: Kind
    key: str
    at: dt.datetime
    about: int = 0
    args: Mapping[str, object] = field(default_factory=dict)
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A fact with a seat that it concerns. Person, role and client are read with the seat."""

    seat: Seat
    fact: Fact


@dataclass(frozen=True, slots=True)
class Found:
    """Some new facts of one kind: whom they concern, and the ids that are done with once these were told."""

    kind: Kind
    ids: tuple[int, ...]
    told: tuple[Told, ...]
