"""Pages of a long list by key: the hundredth page is as quick as the first, and none shifts while one reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import ngettext

from abonent.subscribers.models import Subscriber, SubscriberQuerySet

PAGE = 50


@dataclass(frozen=True, slots=True)
class Pager:
    """What `components/pager.html` needs; an empty address means that there is no such page."""

    summary: str
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page begins: the row with this number and id is the last one before it."""

    number: str
    pk: int

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        number, _, pk = text.rpartition("~")
        number = number.replace("\0", "")
        return cls(number, int(pk)) if number and pk.isascii() and pk.isdigit() and len(pk) < 19 else None  # noqa: PLR2004  # fits

    @classmethod
    def of(cls, subscriber: Subscriber) -> "Key":
        return cls(subscriber.number, subscriber.pk)

    def __str__(self) -> str:
        return f"{self.number}~{self.pk}"


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and how many match in all."""

    rows: Sequence[Subscriber]
    matching: int
    pager: Pager


def page_of(request: HttpRequest, subscribers: SubscriberQuerySet, known: int | None = None) -> Page:
    """The page that `?after=` or `?before=` asks for, by number; `?sort=-number` turns the order round.

    `known` is how many there are, where that was counted already.
    """
    descending = request.GET.get("sort") == "-number"
    before = Key.parse(request.GET.get("before", ""))
    after = None if before else Key.parse(request.GET.get("after", ""))
    backwards = before is not None
    key = before or after
    rows = _rows(subscribers, key, descending=descending != backwards)
    more = len(rows) > PAGE
    # What fits on the first page needs no count of its own: a search that finds little reads the list once.
    counted = len(rows) if known is None else known
    matching = subscribers.count() if known is None and (more or key) else counted
    rows = rows[:PAGE]
    if backwards:
        rows.reverse()
    has_previous = more if backwards else after is not None
    has_next = backwards or more
    previous_url = _address(request.GET, before=str(Key.of(rows[0]))) if rows and has_previous else ""
    next_url = _address(request.GET, after=str(Key.of(rows[-1]))) if rows and has_next else ""
    summary = ngettext("%(count)d subscriber", "%(count)d subscribers", matching) % {"count": matching}
    return Page(rows, matching, Pager(summary, previous_url, next_url))


def _rows(subscribers: SubscriberQuerySet, key: Key | None, *, descending: bool) -> list[Subscriber]:
    found = subscribers
    if key and descending:
        found = found.filter(Q(number__lt=key.number) | Q(number=key.number, pk__lt=key.pk))
    elif key:
        found = found.filter(Q(number__gt=key.number) | Q(number=key.number, pk__gt=key.pk))
    order = ("-number", "-pk") if descending else ("number", "pk")
    # The ids first, which an index holds in their order: whole rows of a large account take long to sort.
    ids = list(found.order_by(*order).values_list("pk", flat=True)[: PAGE + 1])
    by_id = {row.pk: row for row in subscribers.order_by().filter(pk__in=ids)}
    return [by_id[pk] for pk in ids if pk in by_id]


def _address(query: QueryDict, **changes: str) -> str:
    kept = {name: value for name, value in query.items() if name not in {"after", "before"} and value}
    return f"?{urlencode({**kept, **changes})}"
