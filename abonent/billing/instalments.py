"""Instalment plans: agreed on, ended early, and how far each is (L8)."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.db.models import Q, QuerySet

from abonent import profile
from abonent.audit.journal import Actor, Origin, record
from abonent.billing.balance import Remainder, unpaid_of
from abonent.billing.models import InstalmentPlan, Invoice
from abonent.billing.models.instalments import InstalmentQuerySet
from abonent.billing.parts import InstalmentPart
from abonent.catalog.models import InstalmentOffer
from abonent.clients.scope import Scope
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber


class NothingLeft(Exception):  # noqa: N818  # an answer of the rules, not a mishap
    """All that is left is a single payment, or nothing: it cannot end earlier."""


class Stage(StrEnum):
    """How far a payment is: its invoice is paid whole, asks for something yet, or is not formed."""

    PAID = "paid"
    BILLED = "billed"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Payment:
    part: InstalmentPart
    stage: Stage


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan with its payments. Amounts with VAT; paid + billed + ahead = price."""

    plan: InstalmentPlan
    payments: tuple[Payment, ...]

    def sum_of(self, stage: Stage) -> Decimal:
        return sum((one.part.gross for one in self.payments if one.stage == stage), ZERO)

    @property
    def paid(self) -> Decimal:
        return self.sum_of(Stage.PAID)

    @property
    def left(self) -> Decimal:
        price: Decimal = self.plan.price
        return price - self.paid

    @property
    def payments_left(self) -> int:
        """Those that are not paid."""
        return sum(one.stage != Stage.PAID for one in self.payments)

    @property
    def monthly(self) -> Decimal | None:
        """The next payment to be billed; None where all are."""
        return next((one.part.gross for one in self.payments if one.stage == Stage.AHEAD), None)

    @property
    def ends(self) -> dt.date:
        """The last day of the month of the last payment."""
        return self.payments[-1].part.month.last_day

    @property
    def is_over(self) -> bool:
        return not self.payments_left


def line_with(number: str) -> Subscriber | None:
    """The subscriber that has this number now, with its account."""
    lines = Subscriber.objects.as_system().filter(number=number)
    return lines.exclude(status=Subscriber.Status.TERMINATED).select_related("account__contract").first()


def offers() -> "QuerySet[InstalmentOffer]":
    return InstalmentOffer.objects.filter(on_sale=True)


def plans_of(scope: Scope, query: str = "") -> InstalmentQuerySet:
    """The plans that a seat may see, the newest first; those whose account or phone number has `query` in it."""
    found = InstalmentPlan.objects.within(scope).select_related("account__contract__client", "subscriber", "offer")
    if query:
        digits = "".join(one for one in query if one.isdigit()) or query
        found = found.filter(Q(account__number__contains=digits) | Q(subscriber__number__contains=digits))
    return found


def first_months() -> list[Month]:
    """With which invoice a plan can begin: that of the open month, or one of the next two."""
    present = Month.at(clock.now(), profile.current().zone)
    return [present.plus(ahead) for ahead in range(3)]


def agree(  # all but two by name
    subscriber: Subscriber,
    offer: InstalmentOffer,
    *,
    first: Month,
    actor: Actor,
    key: uuid.UUID | None = None,
    origin: Origin | None = None,
) -> InstalmentPlan:
    """A plan as the offer stands now; the same `key` again gives the same plan. VAT is that of the present day.

    `first` is an open month or one to come, otherwise ValueError: what was billed does not change.
    """
    here = profile.current()
    if first < Month.at(clock.now(), here.zone):
        raise ValueError(f"{first} is over")
    values = {
        "account": subscriber.account,
        "subscriber": subscriber,
        "offer": offer,
        "price": offer.price,
        "vat_rate": here.vat_rate(clock.today(here.zone)),
        "months": offer.months,
        "first_month": str(first),
        "last_month": str(first.plus(offer.months - 1)),
        "made_by": actor.label[:200],
    }
    with transaction.atomic():
        plan, new = InstalmentPlan.objects.get_or_create(key=key or uuid.uuid4(), defaults=values)
        if new:
            _note(plan, "billing.instalments", actor, origin, after=_said(plan))
    return plan


def end_early(plan: InstalmentPlan, actor: Actor, origin: Origin | None = None) -> InstalmentPlan:
    """Put all that no invoice has yet into the next one; NothingLeft where that is so already."""
    with transaction.atomic():
        held = InstalmentPlan.objects.as_system().select_for_update(of=("self",)).select_related("account__contract")
        plan = held.get(pk=plan.pk)
        month = max(Month.parse(plan.first_month), Month.at(clock.now(), profile.current().zone))
        while Invoice.objects.as_system().filter(account=plan.account, month=str(month)).exists():
            month = month.plus(1)
        if str(month) >= plan.last_month:
            raise NothingLeft
        before, plan.last_month = plan.last_month, str(month)
        plan.save(update_fields=["last_month"])
        _note(plan, "billing.instalments-end", actor, origin, {"last_month": before}, {"last_month": plan.last_month})
    return plan


def standings(plans: Iterable[InstalmentPlan]) -> list[Standing]:
    """How far the plans are, in their order; a few queries for each account."""
    listed = list(plans)
    months = {account.pk: _months(unpaid_of(account)) for account in {plan.account for plan in listed}}
    return [Standing(plan, tuple(_payments(plan, months[plan.account_id]))) for plan in listed]


def _months(rests: Collection[Remainder]) -> dict[str, Stage]:
    return {rest.ask.month: Stage.BILLED if rest.left else Stage.PAID for rest in rests}


def _payments(plan: InstalmentPlan, months: dict[str, Stage]) -> list[Payment]:
    return [Payment(part, months.get(str(part.month), Stage.AHEAD)) for part in plan.parts()]


def _said(plan: InstalmentPlan) -> dict[str, object]:
    return {
        "account": plan.account.number,
        "number": plan.subscriber.number,
        "name": plan.offer.name_in("ru"),
        "gross": plan.price,
        "months": plan.months,
        "first_month": plan.first_month,
    }


def _note(  # as an entry has these sides
    plan: InstalmentPlan,
    action: str,
    actor: Actor,
    origin: Origin | None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    record(
        actor,
        action,
        target=("instalment plan", plan.pk, plan.offer.code),
        client_id=plan.account.contract.client_id,
        before=before,
        after=after,
        origin=origin,
    )
