"""What is spent this month so far, and what a month usually costs: of accounts, and of single numbers, with VAT."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from abonent.billing.current import charges_so_far, preliminary
from abonent.billing.models import Invoice, InvoiceSubscriber
from abonent.clients.models import Account
from abonent.lib.money import ZERO
from abonent.lib.periods import Month

# Spend is compared with the mean of so many invoices.
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A number on an account: what it spent so far; `mean` is None where no invoice of the last months has it."""

    line: int
    spent: Decimal
    mean: Decimal | None

    def plus(self, other: "Number") -> "Number":
        mean = None if self.mean is None and other.mean is None else (self.mean or ZERO) + (other.mean or ZERO)
        return Number(self.line, self.spent + other.spent, mean)


@dataclass(slots=True)
class Spend:
    """Of some accounts of one client in `month`; each account's numbers are read once, when they are asked for."""

    month: Month
    accounts: Mapping[int, Account]
    _numbers: dict[int, list[Number]] = field(default_factory=dict)

    def so_far(self, accounts: Collection[int]) -> dict[int, Decimal]:
        """By account."""
        return {account: known.gross for account, known in charges_so_far(accounts).items()}

    def usual(self, accounts: Collection[int]) -> dict[int, Decimal]:
        """By account, the mean of its last invoices; not of one that has none."""
        sums: dict[int, list[Decimal]] = {}
        for account, gross in self._invoices(accounts).values_list("account_id", "gross"):
            sums.setdefault(account, []).append(gross)
        return {account: sum(amounts, ZERO) / len(amounts) for account, amounts in sums.items()}

    def numbers(self, account: int) -> list[Number]:
        """Each number with charges on the account."""
        if account not in self._numbers:
            self._numbers[account] = self._read(account)
        return self._numbers[account]

    def _read(self, account: int) -> list[Number]:
        spent: dict[int, Decimal] = {}
        charges, _names = preliminary(self.accounts[account])
        for charge in charges:
            spent[charge.subscriber_id] = spent.get(charge.subscriber_id, ZERO) + charge.amount.gross
        usual = self._usual_of_numbers(account)
        return [Number(line, amount, usual.get(line)) for line, amount in spent.items()]

    def _usual_of_numbers(self, account: int) -> dict[int, Decimal]:
        written = self._invoices([account]).values("breakdown_id")
        rows = InvoiceSubscriber.objects.filter(breakdown__in=written).order_by().values("subscriber_id")
        sums = rows.annotate(sum=Sum("gross"), months=Count("pk"))
        return {row["subscriber_id"]: row["sum"] / row["months"] for row in sums}

    def _invoices(self, accounts: Collection[int]) -> "QuerySet[Invoice]":
        months = [str(self.month.plus(-back)) for back in range(1, MONTHS + 1)]
        return Invoice.objects.as_system().filter(account__in=accounts, month__in=months).order_by()
