"""The columns that a list of subscribers may have, and those that a seat has chosen for itself (S7)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.billing import spending
from abonent.billing.spending import Spending
from abonent.clients.models import Account
from abonent.documents.column_choice import SubscriberColumns
from abonent.documents.texts import month_name
from abonent.formats.report import Cell, Column
from abonent.formats.report import Kind as Cells
from abonent.profile import current as current_profile
from abonent.subscribers.models import Subscriber
from abonent.usage.last_use import last_used


@dataclass(frozen=True, slots=True)
class Beside:
    """What the rows of subscribers themselves do not hold, by their ids."""

    spent: Mapping[int, Decimal] = field(default_factory=dict)
    used: Mapping[int, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListColumn:
    """`usual`: shown as long as nobody has chosen."""

    key: str
    label: Promise
    kind: Cells
    width: int
    value: Callable[[Subscriber, Beside], Cell]
    usual: bool = False


def _set_name(line: Subscriber, _beside: Beside) -> Cell:
    return line.option_set.name if line.option_set else None


def _folder_name(line: Subscriber, _beside: Beside) -> Cell:
    return line.folder.name if line.folder else None


# The number stands before all of them, always.
_COLUMNS = (
    ListColumn("name", gettext_lazy("Name"), Cells.TEXT, 30, lambda line, _: line.name, usual=True),
    ListColumn("sim", gettext_lazy("SIM"), Cells.TEXT, 20, lambda line, _: line.iccid or None, usual=True),
    ListColumn("tariff", gettext_lazy("Tariff"), Cells.TEXT, 24, lambda line, _: line.tariff.name, usual=True),
    ListColumn("option_set", gettext_lazy("Option set"), Cells.TEXT, 20, _set_name),
    ListColumn("status", gettext_lazy("Status"), Cells.TEXT, 18, lambda line, _: line.get_status_display(), usual=True),
    ListColumn("folder", gettext_lazy("Folder"), Cells.TEXT, 20, _folder_name),
    ListColumn("account", gettext_lazy("Account"), Cells.TEXT, 14, lambda line, _: line.account.number, usual=True),
    ListColumn("spent", gettext_lazy("Cost"), Cells.AMOUNT, 12, lambda line, beside: beside.spent.get(line.pk)),
    ListColumn("last_used", gettext_lazy("Last used"), Cells.DATE, 12, lambda line, beside: beside.used.get(line.pk)),
)
COLUMNS: dict[str, ListColumn] = {column.key: column for column in _COLUMNS}


@dataclass(frozen=True, slots=True)
class Shown:
    """The columns of one list beside the number, in their order; `spending` is what their costs are of."""

    columns: tuple[ListColumn, ...]
    spending: Spending | None = None

    @classmethod
    def of(cls, seat: Seat) -> Self:
        """What the seat has chosen, of what it may see at the moment."""
        known = offered(seat)
        kept = SubscriberColumns.objects.filter(seat=seat).first()
        chosen = [column for column in known if column.key in kept.columns] if kept else _usual(known, seat)
        return cls(tuple(chosen), Spending.last(seat) if any(column.key == "spent" for column in chosen) else None)

    def has(self, key: str) -> bool:
        return any(column.key == key for column in self.columns)

    def title(self, column: ListColumn) -> str:
        """The label; of a cost, with its month."""
        if column.key == "spent" and self.spending is not None:
            return _("Cost, %(month)s") % {"month": month_name(self.spending.month)}
        return str(column.label)

    def heads(self) -> tuple[Column, ...]:
        """As a report has them, the number first."""
        number = Column("number", _("Number"), Cells.PHONE, 18)
        return (number, *(Column(one.key, self.title(one), one.kind, one.width) for one in self.columns))

    def beside(self, lines: Sequence[Subscriber]) -> Beside:
        """What the columns need of these lines, in at most two queries."""
        ids, zone = [line.pk for line in lines], current_profile().zone
        spent = self.spending.of_lines(ids) if self.spending is not None else {}
        used = last_used(ids) if self.has("last_used") else {}
        return Beside(spent, {pk: moment.astimezone(zone).date() for pk, moment in used.items()})


OF_A_DOCUMENT = Shown(
    tuple(COLUMNS[key] for key in ("name", "sim", "tariff", "option_set", "status", "account")),
)


def offered(seat: Seat) -> list[ListColumn]:
    """The columns that a seat may have: what numbers cost and when they were used is not for everybody."""
    allowed = {
        "folder": seat.subscriber_ids is None,
        "spent": spending.may_see(seat),
        "last_used": seat.has(Right.SEE_CALLS),
    }
    return [column for column in _COLUMNS if allowed.get(column.key, True)]


def _usual(known: Iterable[ListColumn], seat: Seat) -> list[ListColumn]:
    """The account only where there are several."""
    return [column for column in known if column.usual and (column.key != "account" or len(seat.accounts) > 1)]


def choose(seat: Seat, keys: Collection[str]) -> None:
    """Keep these columns for the seat; what is not offered to it is left out."""
    chosen = [column.key for column in offered(seat) if column.key in keys]
    SubscriberColumns.objects.update_or_create(seat=seat, defaults={"columns": chosen})


def as_usual(seat: Seat) -> None:
    """Forget what was chosen."""
    SubscriberColumns.objects.filter(seat=seat).delete()


def kinds_of(seat: Seat) -> set[str]:
    """The kinds of the accounts on which its lines stand, also where it sees no account as a whole."""
    return {account.kind for account in seat.accounts or Account.objects.reached_by(seat)}
