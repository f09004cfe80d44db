"""One search over everything that a seat may see: each kind of thing has a finder, and each finder its right."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.access.models import Seat
from abonent.access.rights import SEEING_ORDERS, Right
from abonent.appeals.models import Appeal
from abonent.billing.models import Invoice
from abonent.documents.texts import month_name
from abonent.hierarchy.paths import Paths
from abonent.lib import phones
from abonent.lib.periods import Month
from abonent.lib.search import search_key
from abonent.orders.models import Order
from abonent.subscribers.models import Subscriber
from abonent.subscribers.people import people_within

MAX_QUERY = 100
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind; `more` is where all of them are, empty where these are all."""

    label: str
    hits: list[Hit]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """`find` answers at most `SHOWN` + 1 hits; `all_url` is the list that takes the same words as `?q=`.

    Any of `rights` is enough.
    """

    label: Promise
    rights: tuple[Right, ...]
    find: Callable[[Seat, str], list[Hit]]
    all_url: str = ""

    def look(self, seat: Seat, text: str) -> Group:
        hits = self.find(seat, text)
        more = f"{reverse(self.all_url)}?{urlencode({'q': text})}" if self.all_url and len(hits) > SHOWN else ""
        return Group(str(self.label), hits[:SHOWN], more)


def search_all(seat: Seat, text: str, pages: list[Hit]) -> list[Group]:
    """What fits of each kind that the seat may see; kinds without a hit are left out."""
    found = [finder.look(seat, text) for finder in FINDERS if any(map(seat.has, finder.rights))]
    return [group for group in (*found, Group(_("Sections"), pages[:SHOWN])) if group.hits]


def _numbers(seat: Seat, text: str) -> list[Hit]:
    lines = Subscriber.objects.within(seat).matching(text).select_related("tariff").order_by("number", "pk")
    return [
        Hit(phones.pretty(line.number), f"{line.name} · {line.tariff.name}", reverse("subscriber", args=[line.pk]))
        for line in lines[: SHOWN + 1]
    ]


def _invoices(seat: Seat, text: str) -> list[Hit]:
    found = (
        Invoice.objects.within(seat).filter(number__contains=text).select_related("account").order_by("-month", "pk")
    )
    return [
        Hit(
            invoice.number,
            f"{month_name(Month.parse(invoice.month))} · {invoice.account.number}",
            reverse("invoice", args=[invoice.pk]),
        )
        for invoice in found[: SHOWN + 1]
    ]


def _orders(seat: Seat, text: str) -> list[Hit]:
    wanted = text.removeprefix("№").strip()
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):  # noqa: PLR2004  # fits the database
        return []
    found = Order.objects.within(seat).placed().filter(number=int(wanted))
    return [
        Hit(_("Order No. %(number)s") % {"number": order.number}, order.title, reverse("order", args=[order.pk]))
        for order in found[: SHOWN + 1]
    ]


def _appeals(seat: Seat, text: str) -> list[Hit]:
    return _appeals_on(seat, text, "appeal")


def _appeals_of_clients(seat: Seat, text: str) -> list[Hit]:
    return _appeals_on(seat, text, "operator_appeal")


def _appeals_on(seat: Seat, text: str, page: str) -> list[Hit]:
    found = Appeal.objects.within(seat).matching(text.removeprefix("№").strip()).order_by("-changed", "-pk")
    return [
        Hit(appeal.topic, f"№ {appeal.number} · {appeal.get_state_display()}", reverse(page, args=[appeal.pk]))
        for appeal in found[: SHOWN + 1]
    ]


def _people(seat: Seat, text: str) -> list[Hit]:
    found = people_within(seat).filter(search_key__contains=search_key(text)).order_by("search_key", "pk")
    return [Hit(person.name, "", reverse("person", args=[person.pk])) for person in found[: SHOWN + 1]]


def _folders(seat: Seat, text: str) -> list[Hit]:
    if not seat.has(Right.SEE_SUBSCRIBERS):
        # The page of the folders shows numbers and is not for this role.
        return []
    # The database does not fold Cyrillic; a client has few thousand folders.
    key, paths = search_key(text), Paths.of(seat)
    found = [folder for folder in paths.folders.values() if key in search_key(folder.name)]
    return [
        Hit(folder.name, paths.path(folder.parent), f"{reverse('folders')}?{urlencode({'folder': folder.id})}")
        for folder in found[: SHOWN + 1]
    ]


FINDERS = (
    Finder(gettext_lazy("Numbers"), (Right.SEE_SUBSCRIBERS,), _numbers, "subscribers"),
    # Translators: «Счета»
    Finder(gettext_lazy("Invoices"), (Right.SEE_FINANCE,), _invoices),
    Finder(gettext_lazy("Orders"), SEEING_ORDERS, _orders),
    # Translators: «Обращения»
    Finder(gettext_lazy("Appeals"), (Right.ASK_OPERATOR,), _appeals, "appeals"),
    Finder(gettext_lazy("Appeals of clients"), (Right.OPERATOR_SUPPORT,), _appeals_of_clients, "operator_appeals"),
    # Translators: «Пользователи»
    Finder(gettext_lazy("Users"), (Right.MANAGE_PEOPLE,), _people, "people"),
    Finder(gettext_lazy("Own folders"), (Right.CHANGE_FOLDERS,), _folders),
)
