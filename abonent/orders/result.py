"""What became of each row of an order (or what the check said of it), as a table for any format (S15.6)."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from abonent.formats.report import Column, Fact, Kind, Report, Row, Section
from abonent.lib import clock
from abonent.orders.actions.action import Action
from abonent.orders.models import Order, OrderItem, Result, Verdict
from abonent.orders.reasons import Wording
from abonent.profile import current

_FIELDS = ("row", "typed", "number", "result", "reason", "args", "note")
_NAMES = ("subscriber__last_name", "subscriber__first_name", "subscriber__middle_name")
_CHUNK = 2000


def report(order: Order, language: str) -> Report:
    """One row per row of the order, in its order; `language` is that of the words."""
    zone = current().zone
    with override(language):
        rows = list(_facts(order, zone))
        # A draft has verdicts, an order has results.
        title = _("Order No. %(number)s") % {"number": order.number} if order.number else _("Check of the list")
        section = Section("rows", "", _columns(order), _rows(order))
    return Report("order", title, language, tuple(rows), (section,), clock.now().astimezone(zone))


def _facts(order: Order, zone: ZoneInfo) -> Iterator[Fact]:
    yield Fact("client", _("Client"), order.client.name)
    # Translators: «Действие»
    yield Fact("action", _("Action"), order.title)
    # Translators: «Заявка от»
    yield Fact("person", _("Order from"), order.person_label)
    placed = (order.confirmed_at or order.created).astimezone(zone)
    # Translators: «Дата заявки»
    yield Fact("placed", _("Date of the order"), f"{placed:%d.%m.%Y %H:%M}")


def _columns(order: Order) -> tuple[Column, ...]:
    # Translators: «Становится»
    becomes = (Column("becomes", _("Becomes"), Kind.TEXT, 30),) if asks_each(order) else ()
    return (
        Column("row", _("Row"), Kind.INTEGER, 7),
        Column("typed", _("As typed"), Kind.TEXT, 20),
        Column("number", _("Number"), Kind.PHONE, 18),
        Column("name", _("Name"), Kind.TEXT, 30),
        *becomes,
        Column("result", _("Result"), Kind.TEXT, 14),
        Column("reason", _("Reason"), Kind.TEXT, 60),
    )


def asks_each(order: Order) -> bool:
    """Whether its rows ask for something of their own (a new name), which the order does not say of all."""
    return type(order.planned).asks is not Action.asks


def open_label(order: Order) -> str:
    """What is said of a row of a placed order that has no end yet."""
    if order.state == Order.State.AWAITING:
        return pgettext("result", "Awaiting approval")
    if order.state == Order.State.SCHEDULED:
        return pgettext("result", "Scheduled")
    return pgettext("result", "In progress")


def _rows(order: Order) -> Iterator[Row]:
    """Row by row as they are read; the words are those of the language that is in force while they are written."""
    wording = Wording()
    labels = {"": open_label(order) if order.number else str(Verdict.FINE.label)}
    labels |= {value: str(label) for value, label in Result.choices}
    for (row, typed, number, result, reason, args, note), name, becomes in _read(order):
        yield row, typed, number, name, *becomes, labels[result], wording.remark(reason, args, note)


def _read(order: Order) -> Iterator[tuple[tuple[Any, ...], str, tuple[str | None, ...]]]:
    """The `_FIELDS` of each row, the subscriber's name, and in an order whose rows ask for something, what."""
    items = OrderItem.objects.filter(order=order).order_by("row")
    if not asks_each(order):
        # Of a hundred thousand rows no objects are made.
        for *told, last, first, middle in items.values_list(*_FIELDS, *_NAMES).iterator(chunk_size=_CHUNK):
            yield tuple(told), " ".join(part for part in (last, first, middle) if part), ()
        return
    action = order.planned
    for item in items.select_related("subscriber").iterator(chunk_size=_CHUNK):
        line = item.subscriber
        told = tuple(getattr(item, name) for name in _FIELDS)
        yield told, line.name if line else "", (action.asks(line, item.data) if line else None,)
