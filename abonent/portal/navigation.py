"""The sections on the left and the top line: one table, of which each seat sees what it may use (S16)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from abonent.access.models import Seat
from abonent.access.rights import Right

THEMES = frozenset({"light", "dark"})
THEME_COOKIE = "theme"
SECTIONS_COOKIE = "sections"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table: `name` is its address's name. Without such an address, or the right, it is not shown."""

    label: Promise
    name: str = ""
    right: Right | None = None
    icon: str = ""
    children: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    label: Promise
    url: str
    icon: str
    current: bool
    children: tuple["Section", ...] = ()


TABLE: tuple[Entry, ...] = (
    # Translators: «Главная»
    Entry(_("Home"), "home", icon="home"),
    # Translators: «Операции с номерами»
    Entry(_("Operations with numbers"), "numbers", Right.SEE_SUBSCRIBERS, icon="bulk"),
    Entry(
        # Translators: «Финансы»
        _("Finance"),
        icon="finance",
        children=(
            # Translators: «Счета»
            Entry(_("Invoices"), "invoices", Right.SEE_FINANCE),
            # Translators: «Платежи»
            Entry(_("Payments"), "payments", Right.SEE_FINANCE),
            # Translators: «Детализация на Email»
            Entry(_("Call details by e-mail"), "call_details", Right.ORDER_DOCUMENTS),
            Entry(_("Documents"), "documents", Right.ORDER_DOCUMENTS),
        ),
    ),
    Entry(
        # Translators: «Абоненты»
        _("Subscribers"),
        icon="people",
        children=(
            # Translators: «Список абонентов»
            Entry(_("Subscriber list"), "subscribers", Right.SEE_SUBSCRIBERS),
            # Translators: «Управление иерархией»
            Entry(_("Folders"), "folders", Right.CHANGE_FOLDERS),
        ),
    ),
    Entry(
        # Translators: «Операции со списком абонентов»
        _("Operations on a list of subscribers"),
        icon="bulk",
        children=(
            # Translators: «Услуги»
            Entry(_("Services"), "order_services", Right.CHANGE_SERVICES),
            # Translators: «История заявок»
            Entry(_("Order history"), "orders", Right.SEE_HISTORY),
        ),
    ),
    Entry(
        _("People and rights"),
        icon="people",
        children=(
            # Translators: «Пользователи»
            Entry(_("Users"), "people", Right.MANAGE_PEOPLE),
            # Translators: «Роли»
            Entry(_("Roles"), "roles", Right.MANAGE_ROLES),
        ),
    ),
    # Translators: «История действий»
    Entry(_("History of actions"), "history", Right.SEE_HISTORY, icon="history"),
    # Translators: «Обращения»
    Entry(_("Appeals"), "appeals", Right.ASK_OPERATOR, icon="chat"),
    Entry(_("Appeals of clients"), "operator_appeals", Right.OPERATOR_SUPPORT, icon="chat"),
    # Translators: «История действий»
    Entry(_("History of actions"), "operator_history", Right.OPERATOR_SUPPORT, icon="history"),
    Entry(_("Letters and messages"), "inbox", icon="mail"),
    Entry(_("Stuck work"), "dead_jobs", Right.OPERATOR_JOBS, icon="refresh"),
    Entry(_("Clients and catalog"), "admin:index", Right.OPERATOR_CATALOG, icon="sliders"),
)


def address_of(name: str) -> str:
    """The address with this name; empty while no such page exists."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _shown(entries: tuple[Entry, ...], path: str, seat: Seat | None) -> Iterator[Section]:
    for entry in entries:
        children = tuple(_shown(entry.children, path, seat))
        url = address_of(entry.name) if entry.name else ""
        allowed = entry.right is None or (seat is not None and seat.has(entry.right))
        if children or (url and allowed):
            yield Section(entry.label, url, entry.icon, bool(url) and _within(path, url), children)


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
    if seat.has(Right.SEE_SUBSCRIBERS):
        context["search_url"] = address_of("subscribers")
        context["running_url"] = address_of("running")
    return context
