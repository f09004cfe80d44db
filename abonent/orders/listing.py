"""«История заявок»: orders narrowed as a person asks, and their list as a table for any format (S15.6, L12)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from abonent.access.models import Seat
from abonent.formats.report import Column, Fact, Kind, Report, Row, Section
from abonent.lib import clock
from abonent.orders.models import Order, OrderItem, OrderQuerySet
from abonent.profile import current
from abonent.subscribers.models import Subscriber

# A shorter text fits too many lines to mean some; of those that fit so many are looked at.
SHORTEST, MOST = 3, 1000
PEOPLE = 500

# What every action is called where it is one of many.
NAMES: dict[str, Promise] = {
    "connect_service": gettext_lazy("Connect a service"),
    "disconnect_service": gettext_lazy("Disconnect a service"),
    # Translators: «Изменение тарифа»
    "change_plan": gettext_lazy("Change of tariff"),
    # Translators: «Смена набора услуг»
    "change_option_set": gettext_lazy("Change of option set"),
    # Translators: «Переадресация вызовов»
    "forwarding": gettext_lazy("Call forwarding"),
    # Translators: «Переименование абонентов»
    "rename": gettext_lazy("Renaming of subscribers"),
    # Translators: «Смена номера»
    "change_number": gettext_lazy("Change of number"),
    # Translators: «Смена номеров»
    "change_numbers": gettext_lazy("Change of numbers, by category"),
    "give_numbers": gettext_lazy("Change of numbers, from a file"),
    # Translators: «Замена SIM»
    "replace_sim": gettext_lazy("Replacement of SIM"),
    # Translators: «Активация абонентов»
    "activate": gettext_lazy("Activation of subscribers"),
    "block": gettext_lazy("Blocking of subscribers"),
    "unblock": gettext_lazy("Unblocking of subscribers"),
    # Translators: «Прекращение обслуживания»
    "terminate": gettext_lazy("Termination of service"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to: instants are half-open; what is empty does not narrow it."""

    action: str = ""
    state: str = ""
    person: str = ""
    text: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def narrowed(found: OrderQuerySet, seat: Seat, wanted: Wanted) -> OrderQuerySet:
    """Of placed orders those that are wanted."""
    exact = {"action": wanted.action, "state": wanted.state, "person_label": wanted.person}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.since is not None:
        found = found.filter(confirmed_at__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(confirmed_at__lt=wanted.until)
    return found.filter(_about(wanted.text, seat)) if wanted.text else found


def _about(text: str, seat: Seat) -> Q:
    """The order with this number, or orders for a subscriber with this in number, SIM or name."""
    is_number = text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004  # fits the database
    by_number = Q(number=int(text)) if is_number else Q(pk__in=[])
    if len(text) < SHORTEST:
        return by_number
    lines = Subscriber.objects.within(seat).matching(text).order_by("number").values_list("pk", flat=True)[:MOST]
    rows = OrderItem.objects.filter(subscriber__in=list(lines))
    return by_number | Q(pk__in=rows.values("order_id"))


def people(seat: Seat) -> list[str]:
    """From whom there are orders, as they are written there."""
    labels = Order.objects.within(seat).placed().order_by("person_label").values_list("person_label", flat=True)
    return list(labels.distinct()[:PEOPLE])


def report(found: OrderQuerySet, seat: Seat, language: str) -> Report:
    """The list, the newest first: one row an order."""
    with override(language):
        facts = (Fact("client", _("Client"), seat.client.name if seat.client else ""),)
        section = Section("orders", "", _columns(), _rows(found))
        # Translators: «История заявок»
        return Report("orders", _("Order history"), language, facts, (section,), clock.now().astimezone(current().zone))


def _columns() -> tuple[Column, ...]:
    return (
        # Translators: «Номер заявки»
        Column("number", _("Order number"), Kind.INTEGER, 10),
        # Translators: «Заявка от»
        Column("person", _("Order from"), Kind.TEXT, 24),
        # Translators: «Действие»
        Column("action", _("Action"), Kind.TEXT, 40),
        # Translators: «Дата заявки»
        Column("placed", _("Date of the order"), Kind.DATETIME, 18),
        Column("state", _("State"), Kind.TEXT, 18),
        Column("due", _("Planned for"), Kind.DATETIME, 18),
        Column("total", _("Rows"), Kind.INTEGER, 10),
        Column("done", _("Done"), Kind.INTEGER, 10),
        Column("failed", _("Failed"), Kind.INTEGER, 10),
        Column("refused", _("Refused"), Kind.INTEGER, 10),
        Column("nothing", _("Nothing to do"), Kind.INTEGER, 12),
        Column("cancelled", _("Cancelled"), Kind.INTEGER, 10),
    )


def _rows(found: OrderQuerySet) -> Iterator[Row]:
    zone = current().zone
    for order in found.order_by("-number").iterator(chunk_size=1000):
        placed = order.confirmed_at.astimezone(zone) if order.confirmed_at else None
        due = order.due.astimezone(zone) if order.due else None
        counts = (order.total, order.done, order.failed, order.refused, order.nothing, order.cancelled)
        state = str(order.get_state_display())
        yield order.number, order.person_label, order.title, placed, state, due, *counts
