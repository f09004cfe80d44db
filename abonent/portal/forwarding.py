"""What the card and the page of forwarding show of a line (S12)."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.subscribers.models import Forwarding, Subscriber


@dataclass(frozen=True, slots=True)
class Row:
    """One of the four kinds: where its calls go, after what time in words, and since when; empty where nowhere."""

    kind: Forwarding.Kind
    target: str = ""
    after: str = ""
    seconds: int | None = None
    since: dt.datetime | None = None

    @classmethod
    def of(cls, found: Forwarding) -> "Row":
        kind = Forwarding.Kind(found.kind)
        if found.seconds is None:
            return cls(kind, found.target, since=found.start)
        words = ngettext("after %(seconds)d second", "after %(seconds)d seconds", found.seconds)
        return cls(kind, found.target, words % {"seconds": found.seconds}, found.seconds, found.start)


def forwarding_rows(line: Subscriber) -> list[Row]:
    """All four kinds in their order, as they are now; one query."""
    found = {row.kind: Row.of(row) for row in line.forwardings.filter(end__isnull=True)}
    return [found.get(kind.value, Row(kind)) for kind in Forwarding.Kind]


def may_forward(line: Subscriber, seat: Seat) -> bool:
    """Whether the seat may change it, and the line is one of which something can be changed."""
    served = line.status in {Subscriber.Status.ACTIVE, Subscriber.Status.BLOCKED}
    return served and seat.has(Right.CHANGE_SERVICES)


def forwarding_facts(line: Subscriber, seat: Seat) -> dict[str, object]:
    """The context of `subscribers/parts/forwarding.html`; one query."""
    url = reverse("order_forwarding", args=[line.pk]) if may_forward(line, seat) else ""
    return {"forwarding": [row for row in forwarding_rows(line) if row.target], "forwarding_url": url}
