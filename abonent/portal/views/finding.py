"""Finding one's way: the main menu, the map of the site, and the search over everything that may be seen (V1, L13)."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from abonent.access.guard import PersonRequest, signed_in, to_page
from abonent.access.models import Seat
from abonent.portal import navigation
from abonent.portal.navigation import Section
from abonent.portal.searching import MAX_QUERY, Group, Hit, search_all


@signed_in
@require_safe
def menu(request: PersonRequest) -> HttpResponseBase:
    """Show each section with a line on what it is for (L13)."""
    if request.seat is None:
        return to_page(request, "seats")
    return render(request, "finding/menu.html", {"groups": navigation.sections("", request.seat)})


@signed_in
@require_safe
def site_map(request: PersonRequest) -> HttpResponseBase:
    """«Карта сайта»: every page that this role opens, by section."""
    if request.seat is None:
        return to_page(request, "seats")
    context = {"groups": navigation.sections("", request.seat), "beside": navigation.beside(request.seat)}
    return render(request, "finding/map.html", context)


@signed_in
@require_safe
def search(request: PersonRequest) -> HttpResponseBase:
    """«Поиск»: what stands first in each kind of thing, and where all of that kind are."""
    if request.seat is None:
        return to_page(request, "seats")
    text = request.GET.get("q", "").replace("\0", "").strip()[:MAX_QUERY]
    found = _found(request.seat, text) if text else []
    return _answer(request, text, found)


def _answer(request: PersonRequest, text: str, found: list[Group]) -> HttpResponse:
    return render(request, "finding/search.html", {"query": text, "search_query": text, "groups": found})


def _found(seat: Seat, text: str) -> list[Group]:
    pages = [Hit(str(page.label), str(page.about), page.url) for page in _pages(seat) if _fits(page, text)]
    return search_all(seat, text, pages)


def _pages(seat: Seat) -> list[Section]:
    listed = [leaf for section in navigation.sections("", seat) for leaf in section.children or (section,)]
    return [*listed, *navigation.beside(seat)]


def _fits(page: Section, text: str) -> bool:
    return text.casefold() in f"{page.label} {page.about}".casefold()
