"""Pages of a long list by key: the hundredth page is as quick as the first, and none shifts while one reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import ngettext

from abonent.subscribers.models import Subscriber, SubscriberQuerySet

PAGE = 50
# What a list can be sorted by: an index holds each order, the id behind it.
ORDERS = {"number": ("number",), "name": ("last_name", "first_name")}
_TAB = "\t"


@dataclass(frozen=True, slots=True)
class Pager:
    """What `components/pager.html` needs; an empty address means that there is no such page."""

    summary: str
    previous_url: str
    next_url: str


@dataclass(frozen=True, slots=True)
class Order:
    """By which fields a list is sorted, and which way."""

    fields: tuple[str, ...]
    descending: bool

    @classmethod
    def of(cls, query: QueryDict) -> "Order":
        """`?sort=name`, `?sort=-number`; by number where it says nothing that there is."""
        sort = query.get("sort", "")
        return cls(ORDERS.get(sort.removeprefix("-"), ORDERS["number"]), sort.startswith("-"))

    def applied(self, subscribers: SubscriberQuerySet) -> SubscriberQuerySet:
        sign = "-" if self.descending else ""
        return subscribers.order_by(*(f"{sign}{name}" for name in (*self.fields, "pk")))

    @property
    def turned(self) -> "Order":
        return Order(self.fields, not self.descending)


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page begins: the row with these values and this id is the last one before it."""

    values: tuple[str, ...]
    pk: int

    @classmethod
    def parse(cls, text: str, order: Order) -> "Key | None":
        joined, separator, pk = text.replace("\0", "").rpartition("~")
        if not (separator and pk.isascii() and pk.isdigit() and len(pk) < 19):  # noqa: PLR2004  # fits the database
            return None
        parts = joined.split(_TAB, len(order.fields) - 1)
        return cls((*parts, *[""] * (len(order.fields) - len(parts))), int(pk))

    @classmethod
    def of(cls, subscriber: Subscriber, order: Order) -> "Key":
        return cls(tuple(str(getattr(subscriber, name)) for name in order.fields), subscriber.pk)

    def __str__(self) -> str:
        return f"{_TAB.join(self.values)}~{self.pk}"

    def beyond(self, order: Order) -> Q:
        """The rows that come after it."""
        way = "lt" if order.descending else "gt"
        # Said apart, the first field lets the database begin where the page does.
        found, same = Q(**{f"{order.fields[0]}__{way}e": self.values[0]}), Q()
        after = Q()
        for name, value in zip((*order.fields, "pk"), (*self.values, self.pk), strict=True):
            after |= same & Q(**{f"{name}__{way}": value})
            same &= Q(**{name: value})
        return found & after


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and how many match in all."""

    rows: Sequence[Subscriber]
    matching: int
    pager: Pager


def page_of(
    request: HttpRequest,
    subscribers: SubscriberQuerySet,
    known: int | None = None,
    whole: SubscriberQuerySet | None = None,
) -> Page:
    """The page that `?after=` or `?before=` asks for, in the order of `?sort=`.

    `known` is how many there are, where that was counted already. `whole` is the same without a filter that takes long,
    with what is read along: the filter then chooses the ids alone.
    """
    order = Order.of(request.GET)
    before = Key.parse(request.GET.get("before", ""), order)
    after = None if before else Key.parse(request.GET.get("after", ""), order)
    backwards = before is not None
    key = before or after
    rows = _rows(subscribers, key, order.turned if backwards else order, whole)
    more = len(rows) > PAGE
    # What fits on the first page needs no count of its own: a search that finds little reads the list once.
    counted = len(rows) if known is None else known
    matching = subscribers.count() if known is None and (more or key) else counted
    rows = rows[:PAGE]
    if backwards:
        rows.reverse()
    has_previous = more if backwards else after is not None
    has_next = backwards or more
    previous_url = _address(request.GET, before=str(Key.of(rows[0], order))) if rows and has_previous else ""
    next_url = _address(request.GET, after=str(Key.of(rows[-1], order))) if rows and has_next else ""
    summary = ngettext("%(count)d subscriber", "%(count)d subscribers", matching) % {"count": matching}
    return Page(rows, matching, Pager(summary, previous_url, next_url))


def _rows(
    subscribers: SubscriberQuerySet, key: Key | None, order: Order, whole: SubscriberQuerySet | None
) -> list[Subscriber]:
    found = subscribers.filter(key.beyond(order)) if key else subscribers
    # The ids first, which an index holds in their order: whole rows of a large account take long to sort.
    ids = list(order.applied(found).values_list("pk", flat=True)[: PAGE + 1])
    read = subscribers if whole is None else whole
    by_id = {row.pk: row for row in read.order_by().filter(pk__in=ids)}
    return [by_id[pk] for pk in ids if pk in by_id]


def _address(query: QueryDict, **changes: str) -> str:
    kept = {name: value for name, value in query.items() if name not in {"after", "before"} and value}
    return f"?{urlencode({**kept, **changes})}"
