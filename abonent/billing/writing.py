"""A breakdown goes into the database in pieces, so that nobody waits for the lock of a large one.

Tens of thousands of rows in one transaction would hold SQLite's only write lock for most of a second. Nothing of them
is seen before the invoice is, so they need not come together: each piece holds the lock for less than 50 ms.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import NamedTuple, cast

from django.db import connection, models, transaction

from abonent.billing.charges import Charge
from abonent.billing.fields import hundredths
from abonent.billing.models import Breakdown, InvoiceLine, InvoiceSubscriber
from abonent.jobs.pause import breathe

PIECE = 4_000
_SUBSCRIBER = ("breakdown_id", "subscriber_id", "number", "name", "tariff", "net", "vat", "gross")
_LINE = (
    "breakdown_id",
    "subscriber_id",
    "kind",
    "subject",
    "late_month",
    "period_start",
    "period_end",
    "records",
    "billed",
    "free",
    "net",
    "vat_rate",
    "vat",
    "gross",
)

Value = str | int | dt.datetime
Row = tuple[Value, ...]


class Part(NamedTuple):
    """A subscriber on an invoice, with the sums of its lines."""

    subscriber_id: int
    number: str
    name: str
    tariff: str
    net: Decimal
    vat: Decimal
    gross: Decimal


class Cents(dict[Decimal, int]):
    """Hundredths of the amounts met so far: fees repeat, and converting costs more than looking up."""

    def __missing__(self, amount: Decimal) -> int:
        self[amount] = known = hundredths(amount)
        return known


class Instants(dict[dt.datetime, Value]):
    """The database's form of the instants met so far."""

    def __missing__(self, moment: dt.datetime) -> Value:
        self[moment] = known = cast("Value", connection.ops.adapt_datetimefield_value(moment))
        return known


def write(breakdown: Breakdown, parts: Iterable[Part], charges: Iterable[Charge], renew: Callable[[], None]) -> None:
    """Insert the rows of a breakdown. `renew` is called after each piece; what it raises ends the writing."""
    key, cents, instants = breakdown.pk, Cents(), Instants()
    _insert(
        InvoiceSubscriber,
        _SUBSCRIBER,
        ((key, *part[:4], cents[part.net], cents[part.vat], cents[part.gross]) for part in parts),
        renew,
    )
    _insert(InvoiceLine, _LINE, (_line(key, charge, cents, instants) for charge in charges), renew)


def _line(key: int, charge: Charge, cents: Cents, instants: Instants) -> Row:
    amount = charge.amount
    return (
        key,
        charge.subscriber_id,
        charge.kind,
        charge.subject,
        charge.late_month,
        instants[charge.period_start],
        instants[charge.period_end],
        charge.records,
        charge.billed,
        charge.free,
        cents[amount.net],
        cents[amount.vat_rate],
        cents[amount.vat],
        cents[amount.gross],
    )


def _insert(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row], renew: Callable[[], None]) -> None:
    names = ", ".join(columns)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})"  # noqa: S608, SLF001  # names of ours
    left = iter(rows)
    while piece := list(islice(left, PIECE)):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(statement, piece)
        breathe()
        renew()


def sweep(account_id: int, month: str) -> int:
    """Remove what killed runs left of this account and month: breakdowns without an invoice; how many there were."""
    left = Breakdown.objects.filter(account_id=account_id, month=month, invoice__isnull=True)
    keys = list(left.values_list("pk", flat=True))
    for model in (InvoiceLine, InvoiceSubscriber):
        rows = model._base_manager.filter(breakdown_id__in=keys)  # noqa: SLF001  # Django's documented name
        while piece := list(rows.values_list("pk", flat=True)[:PIECE]):
            rows.filter(pk__in=piece)._raw_delete(rows.db)  # noqa: SLF001  # no cascade: nothing refers to these rows
            breathe()
    left.filter(pk__in=keys)._raw_delete(left.db)  # noqa: SLF001  # the same
    return len(keys)
