"""A draft as a list on an application: its good rows, with what each asks for (L11, S15.5)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from abonent.formats.report import Column, Kind, Report, Row, Section
from abonent.lib import clock
from abonent.orders.models import Order, Verdict
from abonent.profile import current

CHUNK = 2000


def is_needed(order: Order) -> bool:
    """Whether this draft has rows to do, and cannot be placed as it is: its day is closed, or something bars it."""
    drafted = order.state == Order.State.DRAFT and order.left > 0
    return drafted and (not order.why_not() or order.bar() is not None)


def report(order: Order, language: str) -> Report:
    """A row per number that is to be changed; the words are those of the language that is in force."""
    columns = (
        Column("number", _("Number"), Kind.PHONE, 18),
        Column("account", _("Account"), Kind.TEXT, 16),
        Column("name", _("Name"), Kind.TEXT, 30),
        Column("wanted", _("Becomes"), Kind.TEXT, 40),
    )
    section = Section("rows", "", columns, _rows(order))
    return Report("application", order.title, language, (), (section,), clock.now().astimezone(current().zone))


def _rows(order: Order) -> Iterator[Row]:
    action = order.planned
    fine = order.items.filter(verdict=Verdict.FINE).select_related("subscriber__account").order_by("row")
    for item in fine.iterator(chunk_size=CHUNK):
        if item.subscriber is not None:
            line = item.subscriber
            yield item.number, line.account.number, line.name, action.asks(line, item.data)
