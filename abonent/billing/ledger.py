"""The ledger: append-only, every entry from one source.

**The sign, defined once.** balance = payments - issued invoices (± corrections) = the sum of the account's entries. An
invoice is booked negative, a payment positive. A negative balance means that the client owes; a positive one, that it
paid ahead. The amount due is another figure: what issued invoices still ask for (`balance.py`), never the balance
with its sign turned: money on one account doesn't pay for another, and a correction that no invoice asks for yet
stands in the balance alone (S1).
"""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from abonent.audit.journal import SYSTEM, Actor, record
from abonent.billing.models import Invoice, LedgerEntry
from abonent.clients.models import Account
from abonent.lib import clock

BALANCE_EXPLAINED = _(
    "Balance: payments less issued invoices. Minus means that you owe; plus means that you have paid ahead."
)
DUE_EXPLAINED = _("Amount due: what issued invoices still ask for after your payments, oldest invoice first.")


def correct(  # all but two by name
    account: Account,
    amount: Decimal,
    *,
    reference: str,
    note: str,
    invoice: Invoice | None = None,
    at: dt.datetime | None = None,
    actor: Actor = SYSTEM,
) -> LedgerEntry:
    """Book a correction: plus is in the client's favour. The same `reference` again books nothing and gives the entry.

    With `invoice`, that invoice asks for less (or more, where negative). Without, plus counts like money that came,
    and minus stands in the balance alone.
    """
    source = f"correction:{reference}"
    values = {
        "account": account,
        "at": at or clock.now(),
        "kind": LedgerEntry.Kind.CORRECTION,
        "amount": amount,
        "invoice": invoice,
        "note": note,
    }
    with transaction.atomic():
        entry, new = LedgerEntry.objects.get_or_create(source=source, defaults=values)
        if new:
            record(
                actor,
                "billing.correct",
                target=("account", account.pk, account.number),
                client_id=account.contract.client_id,
                after={"amount": amount, "reference": reference, "note": note},
            )
    return entry
