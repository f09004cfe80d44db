"""What an account owes: balance, amount due, overdue, last charges (S1, L1). Signs: `ledger.py`."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, Sum

from abonent import profile
from abonent.billing.models import Invoice, LedgerEntry
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month


@dataclass(frozen=True, slots=True)
class Ask:
    """An issued invoice: its gross, and the corrections of it (plus: it asks for less)."""

    invoice_id: int
    number: str
    month: str
    due_date: dt.date
    gross: Decimal
    corrected: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Remainder:
    """What of an invoice is paid, and what it still asks for (never negative)."""

    ask: Ask
    paid: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class AccountState:
    """Money of one account at `formed_at`, in the profile's currency.

    `due_date` is that of the earliest unpaid invoice; `overdue` says that it is past. `last_month_charges` is the gross
    of the last invoice, `last_month` its month ("2026-10", empty before the first invoice).
    """

    account_id: int
    balance: Decimal
    formed_at: dt.datetime
    due: Decimal
    due_date: dt.date | None
    overdue: bool
    last_month_charges: Decimal
    last_month: str
    invoices_unpaid: tuple[Remainder, ...]


def allocate(asks: Sequence[Ask], credit: Decimal) -> list[Remainder]:
    """Lay `credit` on the invoices, oldest first (`asks` come in that order): the one rule of what is paid.

    What a correction takes off an invoice beyond what it asks for goes to the others.
    """
    pool = credit + sum((max(ask.corrected - ask.gross, ZERO) for ask in asks), ZERO)
    laid = []
    for ask in asks:
        wanted = max(ask.gross - ask.corrected, ZERO)
        paid = min(wanted, max(pool, ZERO))
        pool -= paid
        laid.append(Remainder(ask, paid, wanted - paid))
    return laid


def state_of(account: Account) -> AccountState:
    return states_of([account])[account.pk]


def states_of(accounts: Iterable[Account]) -> dict[int, AccountState]:
    """By account id, in three queries however many accounts."""
    keys = [account.pk for account in accounts]
    sums = _sums(keys)
    asks = _asks(keys)
    now = clock.now()
    return {key: _state(key, now, sums.get(key, (ZERO, ZERO)), asks.get(key, [])) for key in keys}


def unpaid_of(account: Account) -> list[Remainder]:
    """Every invoice of the account, oldest first, with what is paid and what is left."""
    credit = _sums([account.pk]).get(account.pk, (ZERO, ZERO))[1]
    return allocate(_asks([account.pk]).get(account.pk, []), credit)


def total(states: Iterable[AccountState]) -> tuple[Decimal, Decimal, Decimal]:
    """Balance, amount due and last charges of several accounts together (supervisor). Dues are added, never netted."""
    known = list(states)
    return (
        sum((state.balance for state in known), ZERO),
        sum((state.due for state in known), ZERO),
        sum((state.last_month_charges for state in known), ZERO),
    )


def balance_at(account: Account, moment: dt.datetime) -> Decimal:
    """The sum of the entries before `moment`."""
    found = LedgerEntry.objects.filter(account=account, at__lt=moment).aggregate(sum=Sum("amount"))["sum"]
    return found or ZERO


def spend_by_month(accounts: Collection[Account], months: int = 12) -> list[tuple[str, Decimal]]:
    """Gross invoiced per month, oldest first, the last `months` ended months; a month without an invoice is zero."""
    present = Month.at(clock.now(), profile.current().zone)
    wanted = [str(present.plus(-back)) for back in range(months, 0, -1)]
    rows = Invoice.objects.filter(account__in=accounts, month__gte=wanted[0], month__lte=wanted[-1])
    sums: Mapping[str, Decimal] = dict(
        rows.order_by("month").values("month").annotate(sum=Sum("gross")).values_list("month", "sum")
    )
    return [(month, sums.get(month, ZERO)) for month in wanted]


def _sums(keys: list[int]) -> dict[int, tuple[Decimal, Decimal]]:
    """By account: the balance, and the credit that pays invoices (payments; corrections of no invoice in favour)."""
    in_favour = Q(kind=LedgerEntry.Kind.CORRECTION, invoice__isnull=True, amount__gt=0)
    pays = Q(kind=LedgerEntry.Kind.PAYMENT) | in_favour
    rows = LedgerEntry.objects.filter(account_id__in=keys).order_by().values("account_id")
    sums = rows.annotate(balance=Sum("amount"), credit=Sum("amount", filter=pays))
    return {row["account_id"]: (row["balance"], row["credit"] or ZERO) for row in sums}


def _asks(keys: list[int]) -> dict[int, list[Ask]]:
    corrected = dict(
        LedgerEntry.objects.filter(account_id__in=keys, kind=LedgerEntry.Kind.CORRECTION, invoice__isnull=False)
        .order_by()
        .values("invoice_id")
        .annotate(sum=Sum("amount"))
        .values_list("invoice_id", "sum")
    )
    rows = Invoice.objects.filter(account_id__in=keys).order_by("month", "pk")
    found: dict[int, list[Ask]] = defaultdict(list)
    fields = rows.values_list("account_id", "pk", "number", "month", "due_date", "gross")
    for account, key, number, month, due_date, gross in fields:
        found[account].append(Ask(key, number, month, due_date, gross, corrected.get(key, ZERO)))
    return found


def _state(key: int, now: dt.datetime, sums: tuple[Decimal, Decimal], asks: list[Ask]) -> AccountState:
    balance, credit = sums
    unpaid = tuple(rest for rest in allocate(asks, credit) if rest.left > 0)
    due_date = min((rest.ask.due_date for rest in unpaid), default=None)
    today = now.astimezone(profile.current().zone).date()
    last = asks[-1] if asks else None
    return AccountState(
        account_id=key,
        balance=balance,
        formed_at=now,
        due=sum((rest.left for rest in unpaid), ZERO),
        due_date=due_date,
        overdue=due_date is not None and due_date < today,
        last_month_charges=last.gross if last else ZERO,
        last_month=last.month if last else "",
        invoices_unpaid=unpaid,
    )
