"""«Регистрация оплаты»: a client says that it has paid; the operator waits for the money (S4, L2).

A promise is shown, and never counts: neither in the balance nor in the amount due. Money that comes in the same amount
settles the one with its order's number, else the oldest that is waited for; after its last day none is.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from abonent import profile
from abonent.audit.journal import Actor, Origin, record
from abonent.billing.balance import AccountState
from abonent.billing.models import Payment, PaymentPromise
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile.calendar import Answer, may_register_payment


class NotRegistered(Exception):  # noqa: N818  # an answer of the rules, not a mishap
    """The rules say no; `answer` says why, and when next."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Paid:
    """What the client says it has paid: positive, of two places; the number and day of its payment order."""

    amount: Decimal
    day: dt.date
    number: str


def why_not(state: AccountState) -> Answer:
    """Whether a payment can be registered for the account now."""
    months = [Month.parse(rest.ask.month) for rest in state.invoices_unpaid]
    return may_register_payment(profile.current(), clock.now(), months)


def register(
    account: Account, state: AccountState, paid: Paid, actor: Actor, origin: Origin | None = None
) -> tuple[PaymentPromise, bool]:
    """The promise, and whether it is new: the same payment registered again, or by fifty at once, is one.

    Raises NotRegistered where the rules say no.
    """
    answer = why_not(state)
    if not answer:
        raise NotRegistered(answer)
    # What was paid some time ago is waited for as long as what is paid today: it is not there yet.
    since = max(paid.day, clock.today(profile.current().zone))
    values = {
        "expires": since + dt.timedelta(days=profile.current().billing.promise_days),
        "registered_by": actor.label[:200],
    }
    with transaction.atomic():
        promise, new = PaymentPromise.objects.get_or_create(
            account=account, number=paid.number, paid_on=paid.day, amount=paid.amount, defaults=values
        )
        if new:
            record(
                actor,
                "billing.promise",
                target=("promise", promise.pk, promise.number),
                client_id=account.contract.client_id,
                after={"account": account.number, "amount": paid.amount, "day": paid.day.isoformat()},
                origin=origin,
            )
    return promise, new


def settle(payment: Payment, order_number: str = "") -> PaymentPromise | None:
    """Match money that has just been booked to what was promised, in the caller's transaction.

    A promise with the number of its payment order comes first. Money that came in time settles, whenever it is booked.
    """
    found = PaymentPromise.objects.filter(account=payment.account, amount=payment.amount)
    waiting = found.waiting(payment.value_date).order_by("paid_on", "pk")
    for promise in sorted(waiting, key=lambda promise: promise.number != order_number):
        # Another payment of the same amount may have taken it just now; then it is the next one's turn.
        if PaymentPromise.objects.filter(pk=promise.pk, payment__isnull=True).update(payment=payment):
            return promise
    return None
