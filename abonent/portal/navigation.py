"""The sections on the left and the top line: of one table, each seat sees what it may use (S16)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import ngettext

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.portal.notice_pages import unread_of
from abonent.portal.sections import BESIDE, TABLE, Entry

THEMES = frozenset({"light", "dark"})
THEME_COOKIE = "theme"
SECTIONS_COOKIE = "sections"


@dataclass(frozen=True, slots=True)
class Section:
    label: Promise
    url: str
    icon: str
    current: bool
    children: tuple["Section", ...] = ()
    about: Promise | str = ""
    under: Promise | str = ""


@cache
def address_of(name: str, slug: str = "") -> str:
    """The address with this name; empty while no such page exists."""
    try:
        return reverse(name, args=[slug] if slug else None)
    except NoReverseMatch:
        return ""


def _shown(entries: tuple[Entry, ...], path: str, seat: Seat | None) -> Iterator[Section]:
    for entry in entries:
        children = tuple(_shown(entry.children, path, seat))
        url = address_of(_page_of(entry, seat), entry.slug) if entry.name else ""
        allowed = all(seat is not None and seat.has(right) for right in entry.rights)
        if entry.whole and seat is not None and seat.is_narrow:
            continue
        if entry.of_clients and seat is not None and seat.is_operators:
            continue
        if children or (url and allowed):
            here = bool(url) and _within(path, url)
            yield Section(entry.label, url, entry.icon, here, children, entry.about, entry.under)


def _page_of(entry: Entry, seat: Seat | None) -> str:
    """Home is where the seat begins: for who sees no money, not the page that has the money."""
    sees_money = seat is None or seat.has(Right.SEE_FINANCE)
    return "front" if entry.name == "home" and not sees_money else entry.name


def _within(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def _leaves(sections: tuple[Section, ...]) -> Iterator[Section]:
    for section in sections:
        yield from section.children or (section,)


def sections(path: str, seat: Seat | None) -> tuple[Section, ...]:
    """What this seat sees on the left; at most one is current: the one whose address fits `path` longest."""
    found = tuple(_shown(TABLE, path, seat))
    best = max((leaf.url for leaf in _leaves(found) if leaf.current), key=len, default="")
    return tuple(_only_current(section, best) for section in found)


def beside(seat: Seat | None) -> tuple[Section, ...]:
    """The pages that are on the map alone."""
    return tuple(_shown(BESIDE, "", seat))


def _only_current(section: Section, best: str) -> Section:
    children = tuple(_only_current(child, best) for child in section.children)
    return replace(section, current=section.current and section.url == best, children=children)


def _account_label(seat: Seat) -> str:
    accounts = seat.accounts
    if len(accounts) == 1:
        return accounts[0].number
    return (
        ngettext("%(count)d account", "%(count)d accounts", len(accounts)) % {"count": len(accounts)}
        if accounts
        else ""
    )


def theme_of(request: HttpRequest) -> str:
    """`light` or `dark` as the person chose; empty follows the system."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: what `base.html` and the layouts need. Reads the database only when the top line is shown."""
    seat: Seat | None = getattr(request, "seat", None)
    context: dict[str, object] = {
        "theme": theme_of(request),
        # Each in its own words, untranslated.
        "languages": settings.LANGUAGES,
        "sections_folded": request.COOKIES.get(SECTIONS_COOKIE) == "folded",
        "sections": SimpleLazyObject(lambda: sections(request.path, seat)),
        "logout_url": address_of("logout"),
        "switch_url": "",
    }
    if seat is None:
        return context
    context["seat_client"] = seat.client.name if seat.client else ""
    context["seat_account"] = SimpleLazyObject(lambda: _account_label(seat))
    context["seat_role"] = seat.role.name
    context["switch_url"] = address_of("seats")
    context["search_url"] = address_of("search")
    context["menu_url"] = address_of("menu")
    context["map_url"] = address_of("site_map")
    if not seat.is_operators:
        context["notices_url"] = address_of("notices")
        context["unread_notices"] = SimpleLazyObject(lambda: unread_of(seat))
    if seat.has(Right.SEE_SUBSCRIBERS):
        context["running_url"] = address_of("running")
    return context
