"""Pages by number, for lists of a few hundred rows (longer ones go by key: `pages`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from abonent.portal.pages import PAGE, Pager

M = TypeVar("M", bound=Model)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NumberedPage(Generic[T]):
    """`start` is the place of the first row, from 0."""

    rows: Sequence[T]
    start: int
    pager: Pager


def numbered(request: HttpRequest, rows: "QuerySet[M]", summary: Callable[[int], str]) -> NumberedPage[M]:
    """The page that `?page=` asks for; the nearest one where there is none such. `summary` words the count."""
    return _page(request, Paginator(rows, PAGE), summary)


def numbered_list(request: HttpRequest, rows: Sequence[T], summary: Callable[[int], str]) -> NumberedPage[T]:
    """The same of what is in memory already."""
    return _page(request, Paginator(rows, PAGE), summary)


def _page(request: HttpRequest, pages: "Paginator[T]", summary: Callable[[int], str]) -> NumberedPage[T]:
    page = pages.get_page(request.GET.get("page"))
    kept = [(name, value) for name, value in request.GET.items() if name != "page" and value]

    def address(number: int) -> str:
        return f"?{urlencode([*kept, ('page', number)])}"

    previous = address(page.number - 1) if page.has_previous() else ""
    following = address(page.number + 1) if page.has_next() else ""
    pager = Pager(summary(page.paginator.count), previous, following)
    return NumberedPage(list(page.object_list), (page.number - 1) * PAGE, pager)
