"""Forming the invoice of an account: collect the charges, write the breakdown, make it an invoice at one stroke."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal

from django.db import transaction

from abonent import profile as profiles
from abonent.audit.journal import SYSTEM, record, rows_digest
from abonent.billing import snapshot, writing
from abonent.billing.charges import Charge
from abonent.billing.gathering import Gathered, Person
from abonent.billing.kinds import ORDER
from abonent.billing.models import Breakdown, Invoice, LedgerEntry
from abonent.billing.pricing import Pricing
from abonent.billing.usage_charges import Used
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.usage.models import RatingVersion


def invoice_number(account: Account, month: Month) -> str:
    """`00020123456-202610`: known before the run, the same however often it is formed, and no counter to fight over."""
    return f"{account.number}-{month.year:04d}{month.number:02d}"


def due_date(month: Month, due_day: int) -> dt.date:
    """The profile's day of the month after; its last day where it is shorter."""
    after = month.plus(1)
    return after.first_day.replace(day=min(due_day, after.last_day.day))


def issue(
    account: Account,
    month: Month,
    version: RatingVersion,
    usage: Sequence[Used],
    *,
    gathered: Gathered | None = None,
    closing: Callable[[], AbstractContextManager[object]] = transaction.atomic,
    renew: Callable[[], None] = lambda: None,
) -> Invoice:
    """Form the invoice of `account` for `month`, which has ended, with `usage` as `version` rated it.

    There is one per account and month: where it is formed already, that one is given back. `gathered` has its facts
    where they were read for several accounts. `closing` makes the short transaction in which the invoice appears (a
    lease's commit, in a run); `renew` is called while the rows are written.
    """
    formed = Invoice.objects.filter(account=account, month=str(month)).first()
    if formed:
        with closing():
            return formed
    writing.sweep(account.pk, str(month))
    facts = gathered or gather([account.pk], month)
    pricing = facts.pricing
    charges = facts.charges(account.pk, usage)
    people = facts.people(account.pk, {charge.subscriber_id for charge in charges})
    charges.sort(key=lambda charge: _place(charge, people))
    parts = [writing.Part(key, *people[key], *amounts) for key, amounts in sums_of(charges).items()]
    renew()
    breakdown = Breakdown.objects.create(account=account, month=str(month))
    writing.write(breakdown, parts, charges, renew)
    subjects = {charge.subject for charge in charges} | {f"tariff:{part.tariff}" for part in parts if part.tariff}
    invoice = _draft(account, pricing, version, breakdown, parts)
    invoice.snapshot = snapshot.take(account, pricing.profile, facts.catalog, subjects, invoice.issued_at)
    with closing():
        _appear(invoice, rows_digest([[part.subscriber_id, part.net, part.vat, part.gross] for part in parts]))
    return invoice


def gather(account_ids: Collection[int], month: Month) -> Gathered:
    """What the invoices of these accounts for `month`, which has ended, are made from."""
    pricing = Pricing(profiles.current(), month)
    return Gathered.of(account_ids, pricing, pricing.window)


def sums_of(charges: Iterable[Charge]) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """Net, VAT and gross by subscriber, in the order in which they come."""
    sums: dict[int, tuple[Decimal, Decimal, Decimal]] = {}
    for charge in charges:
        net, vat, gross = sums.get(charge.subscriber_id, (ZERO, ZERO, ZERO))
        more = charge.amount
        sums[charge.subscriber_id] = (net + more.net, vat + more.vat, gross + more.gross)
    return sums


def _place(charge: Charge, people: dict[int, Person]) -> tuple[object, ...]:
    return (
        people[charge.subscriber_id].number,
        charge.subscriber_id,
        charge.late_month != "",
        ORDER[charge.kind],
        charge.subject,
        charge.period_start,
    )


def _draft(
    account: Account,
    pricing: Pricing,
    version: RatingVersion,
    breakdown: Breakdown,
    parts: Sequence[writing.Part],
) -> Invoice:
    net = sum((part.net for part in parts), ZERO)
    vat = sum((part.vat for part in parts), ZERO)
    return Invoice(
        account=account,
        month=str(pricing.month),
        number=invoice_number(account, pricing.month),
        issued_at=clock.now(),
        due_date=due_date(pricing.month, pricing.profile.billing.due_day),
        period_start=pricing.window.start,
        period_end=pricing.window.end,
        breakdown=breakdown,
        rating_version=version,
        currency=pricing.profile.currency,
        net=net,
        vat=vat,
        gross=net + vat,
    )


def _appear(invoice: Invoice, digest: str) -> None:
    """The invoice, its booking and its journal entry, together."""
    invoice.save()
    LedgerEntry.objects.create(
        account=invoice.account,
        at=invoice.issued_at,
        kind=LedgerEntry.Kind.INVOICE,
        amount=-invoice.gross,
        source=f"invoice:{invoice.number}",
        invoice=invoice,
    )
    record(
        SYSTEM,
        "billing.issue",
        target=("invoice", invoice.pk, invoice.number),
        client_id=invoice.account.contract.client_id,
        after={"net": invoice.net, "vat": invoice.vat, "gross": invoice.gross, "due": invoice.due_date},
        digest=digest,
    )
