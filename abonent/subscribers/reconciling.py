"""Holding what we have against what the network has, number by number (`abonent reconcile-network`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from abonent.network.values import NetworkLine, diverted
from abonent.subscribers import forwarding
from abonent.subscribers.models import ConnectedService, Subscriber, SubscriberQuerySet

# So many numbers are in memory at once.
CHUNK = 1000
UNKNOWN = "unknown"
FIELDS = ("status", "tariff", "option_set", "iccid", "services", "forwarding")
TERMINATED = Subscriber.Status.TERMINATED

# `Gateway.report`.
Report = Callable[[Sequence[str]], Mapping[str, NetworkLine]]


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` is `unknown` (the network does not know the number) or a field of `NetworkLine`; both sides as text."""

    number: str
    what: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Of one chunk: how many numbers it had, and what differs."""

    numbers: int
    differences: list[Difference]


def compare(lines: SubscriberQuerySet, report: Report) -> Iterator[Compared]:
    """Chunk by chunk, by id; memory does not grow with the count. What differs is read once more before it is told.

    A line that we terminated differs only where the network still serves it, and nobody else holds its number.
    """
    for chunk in _chunks(lines):
        ours = held(chunk)
        found = list(_differences(ours, report([line.number for line in ours.values()])))
        if found:
            # An order may have been at these while they were read.
            again = held([pk for pk, line in ours.items() if line.number in {one.number for one in found}])
            found = list(_differences(again, report([line.number for line in again.values()])))
        yield Compared(len(chunk), found)


def lines_named(text: str) -> SubscriberQuerySet:
    """The lines with this number, or of the account with this number; none where there is neither."""
    digits = "".join(letter for letter in text if letter.isdigit())
    lines = Subscriber.objects.as_system()
    if not digits:
        return lines.none()
    return lines.filter(Q(number=digits) | Q(account__number=digits))


def held(subscriber_ids: Sequence[int]) -> dict[int, NetworkLine]:
    """What these lines are and have by our books, by id; the codes of the catalog, as the network knows them."""
    rows = Subscriber.objects.as_system().filter(pk__in=subscriber_ids).order_by("pk")
    services: dict[int, set[str]] = {}
    connected = ConnectedService.objects.filter(subscriber_id__in=subscriber_ids, end__isnull=True)
    for pk, code in connected.values_list("subscriber_id", "service__code"):
        services.setdefault(pk, set()).add(code)
    diverts = forwarding.kept(subscriber_ids)
    return {
        pk: NetworkLine(
            number,
            status,
            tariff,
            option_set or "",
            iccid,
            frozenset(services.get(pk, ())),
            {kind: diverted(to.target, to.seconds) for kind, to in diverts.get(pk, {}).items()},
        )
        for pk, number, status, tariff, option_set, iccid in rows.values_list(
            "pk", "number", "status", "tariff__code", "option_set__code", "iccid"
        )
    }


def unknown_lines(lines: SubscriberQuerySet, report: Report) -> Iterator[dict[int, NetworkLine]]:
    """What we hold of those that the network does not know and that are served, by id, chunk by chunk."""
    for chunk in _chunks(lines.exclude(status=TERMINATED)):
        ours = held(chunk)
        known = report([line.number for line in ours.values()])
        yield {pk: line for pk, line in ours.items() if line.number not in known}


def _chunks(lines: SubscriberQuerySet) -> Iterator[list[int]]:
    last = 0
    while found := list(lines.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
        yield found
        last = found[-1]


def _differences(ours: Mapping[int, NetworkLine], theirs: Mapping[str, NetworkLine]) -> Iterator[Difference]:
    given_again = _given_again([line.number for line in ours.values() if line.status == TERMINATED])
    for line in ours.values():
        other = theirs.get(line.number)
        if line.status == TERMINATED:
            if other is not None and other.status != TERMINATED and line.number not in given_again:
                yield Difference(line.number, "status", line.status, other.status)
        elif other is None:
            yield Difference(line.number, UNKNOWN, line.status, "")
        elif other != line:
            yield from _of_one(line, other)


def _of_one(line: NetworkLine, other: NetworkLine) -> Iterator[Difference]:
    for name in FIELDS:
        ours, theirs = getattr(line, name), getattr(other, name)
        if ours != theirs:
            yield Difference(line.number, name, _text(ours), _text(theirs))


def _given_again(numbers: Sequence[str]) -> set[str]:
    """Those of them that a line in service holds."""
    if not numbers:
        return set()
    present = Subscriber.objects.as_system().filter(number__in=numbers).exclude(status=TERMINATED)
    return set(present.values_list("number", flat=True))


def _text(value: str | frozenset[str] | Mapping[str, str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{kind} {target}" for kind, target in sorted(value.items()))
    return ", ".join(sorted(value))
