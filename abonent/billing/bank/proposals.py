"""For which account money may be that names none: what speaks for each, most reasons first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from abonent.billing.balance import states_of
from abonent.billing.bank.judging import named_accounts
from abonent.billing.models import BankLine, Invoice, PaymentPromise
from abonent.clients.models import Account, Client
from abonent.formats.bank.entries import account_of
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current

MOST = 20
MONTHS = 3


class Why(StrEnum):
    NAMED = "named"
    TAX_ID = "tax_id"
    PAID_BEFORE = "paid_before"
    BANK_ACCOUNT = "bank_account"
    PROMISE = "promise"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Proposal:
    account: Account
    reasons: tuple[Why, ...]


def proposals(line: BankLine) -> list[Proposal]:
    """At most twenty accounts, with contract and client."""
    reasons: dict[int, list[Why]] = {}
    for why, accounts in _found(line):
        for account in accounts:
            reasons.setdefault(account, []).append(why)
    rows = Account.objects.as_system().filter(pk__in=reasons).select_related("contract__client")
    known = [Proposal(account, tuple(dict.fromkeys(reasons[account.pk]))) for account in rows]
    return sorted(known, key=lambda one: (-len(one.reasons), one.account.number))[:MOST]


def _found(line: BankLine) -> Iterator[tuple[Why, Iterable[int]]]:
    accounts = Account.objects.as_system()
    yield Why.NAMED, _keys(accounts.filter(number__in=named_accounts(line.purpose, current())))
    if line.payer_tax_id:
        yield Why.TAX_ID, _keys(accounts.filter(contract__client__tax_id=line.payer_tax_id))
    if line.payer_account:
        paid = BankLine.objects.filter(payer_account=line.payer_account, payment__isnull=False).order_by("-pk")
        yield Why.PAID_BEFORE, list(paid.values_list("payment__account", flat=True)[:MOST])
        yield Why.BANK_ACCOUNT, _keys(accounts.filter(contract__client__in=_clients_with(line.payer_account)))
    waiting = PaymentPromise.objects.filter(amount=line.amount).waiting(clock.today(current().zone))
    yield Why.PROMISE, list(waiting.values_list("account", flat=True)[:MOST])
    yield Why.INVOICE, _asking(line)


def _keys(accounts: "Iterable[Account]") -> list[int]:
    return [account.pk for account in list(accounts)[:MOST]]


def _clients_with(bank_account: str) -> list[int]:
    # People write them in groups of four; the last group finds the few to compare.
    found = Client.objects.filter(bank_accounts__contains=bank_account[-4:])
    return [one.pk for one in found if bank_account in map(account_of, one.bank_accounts.splitlines())]


def _asking(line: BankLine) -> list[int]:
    """Accounts with an invoice of the last months that still asks for just this amount."""
    first = Month.at(clock.now(), current().zone).plus(-MONTHS)
    found = Invoice.objects.as_system().filter(gross=line.amount, month__gte=str(first))
    exact = found.select_related("account").order_by("-month", "pk")[:MOST]
    states = states_of({invoice.account for invoice in exact})
    return [
        state.account_id for state in states.values() if any(rest.left == line.amount for rest in state.invoices_unpaid)
    ]
