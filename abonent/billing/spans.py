"""Facts with periods, as whole microseconds of a window: quick to cut against each other, and exact."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import F, Q, QuerySet

from abonent.lib.periods import Period
from abonent.subscribers.models.holdings import Holding

V = TypeVar("V")
K = TypeVar("K")
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span(Generic[V]):
    """From `start` until `end`, in microseconds of the window, with what holds then."""

    start: int
    end: int
    value: V


@dataclass(frozen=True, slots=True)
class Window:
    """The part [start, end) of a month that is looked at; all of it, or up to now in the open month."""

    start: dt.datetime
    end: dt.datetime

    @property
    def length(self) -> int:
        return (self.end - self.start) // _MICROSECOND

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    def moment(self, at: int) -> dt.datetime:
        return self.start + at * _MICROSECOND if at else self.start

    def cut(self, start: dt.datetime, end: dt.datetime | None) -> tuple[int, int]:
        """A period that overlaps the window, cut to it."""
        last = self.end if end is None else min(end, self.end)
        return max(0, (start - self.start) // _MICROSECOND), (last - self.start) // _MICROSECOND


Held = dict[int, list[Span[tuple[object, ...]]]]
"""By subscriber, in order of time."""


def held(rows: "QuerySet[Holding]", window: Window, *fields: str, few: bool = False) -> Held:
    """What `rows` say within `window`, with the values of `fields`.

    Most rows hold all the window long: those are asked for without their instants, which cost more than the rest.
    Where there are `few` rows, one query costs less.
    """
    overlapping = rows.filter(Q(end__isnull=True) | Q(end__gt=window.start), start__lt=window.end)
    found: Held = defaultdict(list)
    if not few:
        whole = Q(start__lte=window.start) & (Q(end__isnull=True) | Q(end__gte=window.end))
        length = window.length
        for subscriber, *values in overlapping.filter(whole).values_list("subscriber_id", *fields):
            found[subscriber].append(Span(0, length, tuple(values)))
        overlapping = overlapping.filter(Q(start__gt=window.start) | Q(end__lt=window.end))
    partly = overlapping.order_by("start", "pk")
    for subscriber, start, end, *values in partly.values_list("subscriber_id", "start", F("end"), *fields):
        found[subscriber].append(Span(*window.cut(start, end), tuple(values)))
    return found


def union(spans: Sequence[Span[V]]) -> list[tuple[int, int]]:
    """Where at least one of them holds: disjoint, in order, those that touch made one."""
    if len(spans) == 1:
        return [(spans[0].start, spans[0].end)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def common(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where both hold."""
    if first == second:
        return list(first)
    cuts = [(max(a, c), min(b, d)) for a, b in first for c, d in second]
    return sorted((start, end) for start, end in cuts if start < end)


def by_value(spans: Iterable[Span[V]], key: Callable[[V], K]) -> dict[K, list[tuple[int, int]]]:
    """For each key of a value where it holds; what follows without a gap is one stretch."""
    found: dict[K, list[Span[V]]] = defaultdict(list)
    for span in spans:
        found[key(span.value)].append(span)
    return {value: union(same) for value, same in found.items()}
