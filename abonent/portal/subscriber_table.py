"""The list of subscribers as a page shows it: cells of the chosen columns, and the choices of its filters (S7)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.billing.spending import Spending
from abonent.catalog.offers import services_of, tariffs_for
from abonent.clients.models import Account
from abonent.documents.subscriber_columns import Beside, ListColumn, Shown, kinds_of
from abonent.documents.texts import month_name
from abonent.formats.report import Kind as Cells
from abonent.hierarchy.paths import Paths
from abonent.portal.filters import SubscriberFilter
from abonent.portal.templatetags.portal import badge, day, money
from abonent.subscribers.models import Subscriber

STATES = {
    Subscriber.Status.PENDING: "idle",
    Subscriber.Status.ACTIVE: "good",
    Subscriber.Status.BLOCKED: "warn",
    Subscriber.Status.TERMINATED: "bad",
}
# Which columns an index can sort by.
SORTED = frozenset({"name"})
MOST_FOLDERS, UPPER = 300, 2
# In figures that are read one under another.
_FIGURES = frozenset({"sim", "account"})


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column; `sort` is what `?sort=` calls it, empty where it cannot be sorted by."""

    label: str
    sort: str
    numeric: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """`cells` are the columns' cells as HTML, each with what it is called on a narrow screen.

    Made here and not by the template engine, which takes a third of the page's time for them.
    """

    subscriber: Subscriber
    url: str
    cells: str


def heads(shown: Shown) -> list[Head]:
    return [
        Head(shown.title(column), column.key if column.key in SORTED else "", column.kind == Cells.AMOUNT)
        for column in shown.columns
    ]


def rows(shown: Shown, lines: Sequence[Subscriber]) -> list[ListRow]:
    """A page of rows; what stands beside the lines is read once for all of them."""
    beside = shown.beside(lines)
    opened = [(column, _opening(column, shown)) for column in shown.columns]
    before, after = reverse("subscriber", args=[0]).split("0")
    return [
        ListRow(
            line,
            f"{before}{line.pk}{after}",
            "".join(f"{tag}{_html(column, line, beside)}</td>" for column, tag in opened),
        )
        for line in lines
    ]


def _opening(column: ListColumn, shown: Shown) -> str:
    """The beginning of a column's cells."""
    number = ' class="num"' if column.kind == Cells.AMOUNT else ""
    return f'<td data-label="{escape(str(shown.title(column)))}"{number}>'


def _html(column: ListColumn, line: Subscriber, beside: Beside) -> str:
    value = column.value(line, beside)
    if column.key == "status":
        return badge(STATES[Subscriber.Status(line.status)], str(value))
    if column.key == "spent":
        return money(beside.spent.get(line.pk))
    if column.key == "last_used":
        return day(beside.used.get(line.pk)) if line.pk in beside.used else escape(_("never"))
    text = escape(str(value)) if value else "–"
    return f'<span class="n">{text}</span>' if column.key in _FIGURES else text


def filter_context(seat: Seat, narrowed: SubscriberFilter, known: Spending | None = None) -> dict[str, object]:
    """The choices of the filters, in the page's words: for every list of subscribers. `known`: read already."""
    accounts: list[Account] = seat.accounts
    kinds = kinds_of(seat)
    spending = narrowed.spending or known or Spending.last(seat)
    return {
        "filter": narrowed,
        "statuses": Subscriber.Status.choices,
        "tariffs": tariffs_for(kinds),
        "accounts": accounts if len(accounts) > 1 else [],
        "services": services_of(kinds),
        "folders": _folders(seat, narrowed.folder),
        "spent_in": month_name(spending.month) if spending else "",
        "may_see_use": seat.has(Right.SEE_CALLS),
    }


def _folders(seat: Seat, chosen: int) -> list[tuple[int, str]]:
    """Id and path, as a tree is read. Of very many only the upper ones, which are meant with all below them."""
    if seat.subscriber_ids is not None:
        return []
    paths = Paths.of(seat)
    few = len(paths.folders) <= MOST_FOLDERS
    kept = [pk for pk in paths.in_order if few or pk == chosen or len(paths.way(pk)) <= UPPER]
    return [(pk, paths.path(pk)) for pk in kept[:MOST_FOLDERS]]
