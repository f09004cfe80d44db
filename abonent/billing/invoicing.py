"""Forming the invoice of an account: collect the charges, write the breakdown, make it an invoice at one stroke."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from abonent import profile as profiles
from abonent.audit.journal import SYSTEM, record, rows_digest
from abonent.billing import instalment_charges, snapshot, usage_charges, writing
from abonent.billing.charges import Catalog, Charge, Fees
from abonent.billing.kinds import ORDER
from abonent.billing.models import Breakdown, Invoice, LedgerEntry
from abonent.billing.pricing import Pricing
from abonent.billing.spans import Window, held
from abonent.billing.usage_charges import Used
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.subscribers.models import AccountHolding, NameHolding, NumberHolding, PlanHolding, Subscriber
from abonent.usage.models import RatingVersion


class Person(NamedTuple):
    """How a subscriber stands on the invoice."""

    number: str
    name: str
    tariff: str


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
    closing: Callable[[], AbstractContextManager[object]] = transaction.atomic,
    renew: Callable[[], None] = lambda: None,
) -> Invoice:
    """Form the invoice of `account` for `month`, which has ended, with `usage` as `version` rated it.

    There is one per account and month: where it is formed already, that one is given back. `closing` makes the short
    transaction in which the invoice appears (a lease's commit, in a run); `renew` is called while the rows are written.
    """
    formed = Invoice.objects.filter(account=account, month=str(month)).first()
    if formed:
        with closing():
            return formed
    writing.sweep(account.pk, str(month))
    pricing = Pricing(profiles.current(), month)
    catalog = Catalog.read()
    charges = collect(account.pk, pricing, pricing.window, catalog, usage)
    people = people_of(account.pk, pricing.window, catalog, {charge.subscriber_id for charge in charges})
    charges.sort(key=lambda charge: _place(charge, people))
    parts = [writing.Part(key, *people[key], *amounts) for key, amounts in sums_of(charges).items()]
    renew()
    breakdown = Breakdown.objects.create(account=account, month=str(month))
    writing.write(breakdown, parts, charges, renew)
    subjects = {charge.subject for charge in charges} | {f"tariff:{part.tariff}" for part in parts if part.tariff}
    invoice = _draft(account, pricing, version, breakdown, parts)
    invoice.snapshot = snapshot.take(account, pricing.profile, catalog, subjects, invoice.issued_at)
    with closing():
        _appear(invoice, rows_digest([[part.subscriber_id, part.net, part.vat, part.gross] for part in parts]))
    return invoice


def collect(
    account_id: int,
    pricing: Pricing,
    window: Window,
    catalog: Catalog,
    usage: Iterable[Used],
    only: Iterable[int] | None = None,
) -> list[Charge]:
    """Every charge of an account within `window`: fees, instalments, usage; of the subscribers `only` where given."""
    chosen = None if only is None else list(only)
    fees = Fees.of_account(account_id, window, pricing, catalog, chosen).all()
    parts = instalment_charges.charges([account_id], pricing.month, window, chosen)
    return [*fees, *parts.get(account_id, ()), *usage_charges.charges(usage, pricing)]


def sums_of(charges: Iterable[Charge]) -> dict[int, tuple[Decimal, Decimal, Decimal]]:
    """Net, VAT and gross by subscriber, in the order in which they come."""
    sums: dict[int, tuple[Decimal, Decimal, Decimal]] = {}
    for charge in charges:
        net, vat, gross = sums.get(charge.subscriber_id, (ZERO, ZERO, ZERO))
        more = charge.amount
        sums[charge.subscriber_id] = (net + more.net, vat + more.vat, gross + more.gross)
    return sums


def people_of(account_id: int, window: Window, catalog: Catalog, wanted: Iterable[int]) -> dict[int, Person]:
    """Numbers, last name and last tariff of the window. Who left before it (late records) stands as it is now."""
    on_account = AccountHolding.objects.filter(account_id=account_id).overlapping(window.period).values("subscriber_id")
    numbers = held(NumberHolding.objects.filter(subscriber_id__in=on_account), window, "number")
    names = held(
        NameHolding.objects.filter(subscriber_id__in=on_account), window, "last_name", "first_name", "middle_name"
    )
    plans = held(PlanHolding.objects.filter(subscriber_id__in=on_account), window, "tariff_id")
    codes: dict[object, str] = {key: one.subject.partition(":")[2] for key, one in catalog.tariffs.items()}
    people = {
        key: Person(
            number=", ".join(dict.fromkeys(str(span.value[0]) for span in spans)),
            name=" ".join(str(part) for part in names[key][-1].value if part) if key in names else "",
            tariff=codes[plans[key][-1].value[0]] if key in plans else "",
        )
        for key, spans in numbers.items()
    }
    missing = [key for key in wanted if key not in people]
    for one in Subscriber.objects.as_system().filter(pk__in=missing):
        people[one.pk] = Person(one.number, one.name, codes.get(one.tariff_id, ""))
    return people


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
