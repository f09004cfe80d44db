"""Choosing subscribers from a list over several pages, by plain forms: what was ticked elsewhere travels in a field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from django.core.paginator import Paginator
from django.http import QueryDict

from abonent.subscribers.models import Subscriber, SubscriberQuerySet

PAGE = 50
_CHUNK = 500
_MAX_QUERY = 100


@dataclass(frozen=True, slots=True)
class Picked:
    """Ids of subscribers, each once."""

    ids: tuple[int, ...] = ()

    @classmethod
    def read(cls, data: QueryDict, allowed: SubscriberQuerySet) -> Self:
        """`picked` of earlier pages, less `shown`, with `pick` of this one; what `allowed` does not hold is dropped.

        With `go=all`, everything that matches the search besides.
        """
        before, shown = _ids(data.get("picked", "")), set(_ids(data.get("shown", "")))
        now = _ids(",".join(data.getlist("pick")))
        wanted = [pk for pk in before if pk not in shown] + now
        if data.get("go") == "all":
            wanted += (
                allowed.matching(data.get("q", "")[:_MAX_QUERY]).order_by("number", "pk").values_list("pk", flat=True)
            )
        return cls(tuple(_known(list(dict.fromkeys(wanted)), allowed)))

    @property
    def text(self) -> str:
        return ",".join(map(str, self.ids))


@dataclass(frozen=True, slots=True)
class PickPage:
    """A page of the list; `rows` pairs each subscriber with whether it is ticked."""

    rows: Sequence[tuple[Subscriber, bool]]
    picked: Picked
    query: str
    matching: int
    number: int
    pages: int

    @property
    def shown(self) -> str:
        return ",".join(str(subscriber.pk) for subscriber, _ticked in self.rows)

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1 if self.number < self.pages else 0


def pick_page(data: QueryDict, allowed: SubscriberQuerySet, picked: Picked) -> PickPage:
    """The page that the form asks for: `go=page:3`, or the first one of a new search."""
    query = data.get("q", "").strip()[:_MAX_QUERY]
    found = allowed.matching(query).select_related("tariff").order_by("number", "pk")
    go = data.get("go", "")
    wanted = go.removeprefix("page:") if go.startswith("page:") else data.get("at", "1") if go == "all" else "1"
    page = Paginator(found, PAGE).get_page(wanted)
    ticked = set(picked.ids)
    rows = [(subscriber, subscriber.pk in ticked) for subscriber in page.object_list]
    return PickPage(rows, picked, query, page.paginator.count, page.number, page.paginator.num_pages)


def _ids(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19]  # noqa: PLR2004  # fits the database


def _known(ids: list[int], allowed: SubscriberQuerySet) -> Iterator[int]:
    for at in range(0, len(ids), _CHUNK):
        chunk = ids[at : at + _CHUNK]
        known = set(allowed.filter(pk__in=chunk).values_list("pk", flat=True))
        yield from (pk for pk in chunk if pk in known)
