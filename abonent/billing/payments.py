"""Payments come in: booked once, whoever sends them twice or at once."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from abonent import profile
from abonent.audit.journal import SYSTEM, Actor, record
from abonent.billing.models import LedgerEntry, Payment
from abonent.billing.promises import settle
from abonent.clients.models import Account


@dataclass(frozen=True, slots=True)
class Payer:
    """Who paid, and the number of their payment order, as far as the source tells."""

    name: str = ""
    order_number: str = ""


NOBODY = Payer()


class ConflictingPaymentError(ValueError):
    """The reference is known, with another account or amount."""


def receive(  # all but two by name
    account: Account,
    amount: Decimal,
    *,
    received_at: dt.datetime,
    reference: str,
    source: str = "bank",
    value_date: dt.date | None = None,
    payer: Payer = NOBODY,
    actor: Actor = SYSTEM,
) -> Payment:
    """Book money that came, with its ledger entry and journal entry, in one transaction.

    The same `reference` again changes nothing and gives the payment; with another account or amount it is a
    ConflictingPaymentError. `amount` is positive, of two places; otherwise ValueError. What the client had registered
    is settled by it, first of all
    what has the number of its payment order.
    """
    if amount <= 0:
        raise ValueError(f"a payment is positive, not {amount}")
    values = {
        "account": account,
        "amount": amount,
        "received_at": received_at,
        "value_date": value_date or received_at.astimezone(profile.current().zone).date(),
        "source": source,
        "payer": payer.name,
    }
    with transaction.atomic():
        payment, new = Payment.objects.get_or_create(reference=reference, defaults=values)
        if new:
            _book(payment, actor)
            settle(payment, payer.order_number)
    if (payment.account_id, payment.amount) != (account.pk, amount):
        raise ConflictingPaymentError(f"payment {reference} is known, with another account or amount")
    return payment


def _book(payment: Payment, actor: Actor) -> None:
    account = payment.account
    LedgerEntry.objects.create(
        account=account,
        at=payment.received_at,
        kind=LedgerEntry.Kind.PAYMENT,
        amount=payment.amount,
        source=f"payment:{payment.reference}",
        payment=payment,
    )
    record(
        actor,
        "billing.receive",
        target=("payment", payment.pk, payment.reference),
        client_id=account.contract.client_id,
        after={"account": account.number, "amount": payment.amount, "received": payment.received_at},
    )
