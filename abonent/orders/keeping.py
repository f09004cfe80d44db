"""Keeping what only one order can have (a number, a SIM) from when it is placed until its rows end (S13, S14)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from django.db.models import Q

from abonent.orders.actions.action import Action, Data, Problem
from abonent.orders.verdicts import Result

# Of an order with more rows the others get theirs batch by batch, as they are done: no transaction lasts that long.
AT_ONCE = 1000
# A row of which the network was told, and that ended like this, may be done all the same: what it asked for stays with
# it until somebody of the staff has looked (`settling`).
UNCERTAIN = frozenset({"kept_failing", "stopped"})
IN_DOUBT = Q(told=True, result=Result.FAILED, reason__in=UNCERTAIN)


class Row(Protocol):
    """A row of an order: its line, and what it asks for."""

    @property
    def subscriber_id(self) -> int | None: ...

    @property
    def data(self) -> Data: ...


class Sliceable(Protocol):
    """A query of rows."""

    def __getitem__(self, portion: slice, /) -> Iterable[Row]: ...


def portions(fine: Sliceable, rows: int) -> Iterator[list[Row]]:
    """The first `rows` of these, in portions that a transaction takes; at least one portion, whole."""
    for start in range(0, rows, AT_ONCE):
        yield list(fine[start : start + AT_ONCE])


def keep(action: Action, rows: Iterable[Row]) -> dict[int, Problem]:
    """Take it for these rows, at most `AT_ONCE`; the problems by subscriber id."""
    return action.keep(_data(rows)) if action.keeps else {}


def let_go(action: Action, rows: Iterable[Row]) -> None:
    """Give it back for rows that come to nothing, inside the caller's transaction: those that are `unrivalled`."""
    if action.keeps:
        action.let_go(_data(rows))


def unreserve(action: Action, rows: Iterable[Row]) -> None:
    """Give back what is merely reserved for rows that were never ordered: another order of the line may have it."""
    if action.keeps:
        action.unreserve(_data(rows))


def _data(rows: Iterable[Row]) -> Mapping[int, Data]:
    return {row.subscriber_id: row.data for row in rows if row.subscriber_id is not None}
