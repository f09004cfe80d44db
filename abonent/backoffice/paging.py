"""Pages by number, for the lists of the staff."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)
PAGE = 50


def numbered(
    request: HttpRequest, rows: "QuerySet[M]", summary: Callable[[int], str]
) -> tuple[list[M], dict[str, str]]:
    """The page that `?page=` asks for, the nearest one where there is none such; and what the pager shows of it."""
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    kept = [(name, value) for name, value in request.GET.items() if name != "page" and value]

    def address(number: int) -> str:
        return f"?{urlencode([*kept, ('page', number)])}"

    pager = {
        "summary": summary(page.paginator.count),
        "previous_url": address(page.number - 1) if page.has_previous() else "",
        "next_url": address(page.number + 1) if page.has_next() else "",
    }
    return list(page.object_list), pager
