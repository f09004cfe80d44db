"""Instalments: the payments add up to the price, and each enters its invoice once (L8)."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abonent.audit.journal import SYSTEM
from abonent.audit.models import Entry
from abonent.billing.current import charges_so_far, preliminary
from abonent.billing.instalments import NothingLeft, Stage, agree, end_early, standings
from abonent.billing.kinds import describe
from abonent.billing.models import InstalmentPlan, Invoice, InvoiceLine
from abonent.billing.parts import parts_of, spread
from abonent.billing.payments import receive
from abonent.billing.run import bill_run
from abonent.catalog.models import InstalmentOffer
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber
from tests.billing.conftest import Bill
from tests.billing.world import OCTOBER, World, local, status

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def phone(db: None) -> InstalmentOffer:  # noqa: ARG001  # it stands in the database
    return InstalmentOffer.objects.create(code="phone", names={"en": "Phone"}, price=Decimal("100.00"), months=3)


def agreed(line: Subscriber, offer: InstalmentOffer, first: Month = OCTOBER) -> InstalmentPlan:
    with clock.stopped(local(2026, 10, 5)):
        return agree(line, offer, first=first, actor=SYSTEM)


def billed(account: Account, month: Month) -> Invoice:
    with clock.stopped(local(month.plus(1).year, month.plus(1).number, 1, 3)):
        bill_run(month)
    return Invoice.objects.get(account=account, month=str(month))


def instalment_of(invoice: Invoice) -> InvoiceLine | None:
    return invoice.lines.filter(kind="instalment").first()


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 120), st.integers(0, 10_000_000), st.sampled_from(["0", "10", "20", "25"]), st.integers(0, 130))
def test_L8_the_parts_add_up_to_the_price_to_the_kopeck(months: int, more: int, rate: str, ended: int) -> None:
    price, first = Decimal(months + more).scaleb(-2), Month(2026, 11)
    parts = parts_of(price, Decimal(rate), months, first, first.plus(ended))
    assert len(parts) == min(months, ended + 1)
    assert sum(part.gross for part in parts) == price
    assert all(part.net + part.vat == part.gross > 0 for part in parts)
    assert all(part.net >= 0 and part.vat >= 0 for part in parts)
    whole = sum(part.vat for part in parts)
    assert whole == (price * Decimal(rate) / (100 + Decimal(rate))).quantize(Decimal("0.01"), "ROUND_HALF_UP")
    regular = [part.gross for part in parts_of(price, Decimal(rate), months, first, first.plus(months - 1))]
    assert max(regular) - min(regular) <= Decimal("0.01")
    assert regular == sorted(regular, reverse=True)


def test_L8_what_is_left_over_goes_to_the_first_payments() -> None:
    assert spread(Decimal("100.00"), 3) == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]


def test_L8_each_months_payment_enters_the_invoice_as_its_own_line(
    world: World, phone: InstalmentOffer, bill: Bill
) -> None:
    line = world.subscriber()
    plan = agreed(line, phone)
    invoice = bill(world.first)
    found = instalment_of(invoice)
    assert found is not None
    assert (found.subscriber_id, found.net, found.vat, found.gross) == (
        line.pk,
        Decimal("26.67"),
        Decimal("6.67"),
        Decimal("33.34"),
    )
    assert describe(found, invoice.snapshot["names"]) == "Instalment: Phone"
    assert invoice.gross == sum(one.gross for one in invoice.lines)
    assert (plan.vat_rate, plan.last_month) == (Decimal(25), "2026-12")
    later = [instalment_of(billed(world.first, OCTOBER.plus(ahead))) for ahead in (1, 2, 3)]
    assert [one and one.gross for one in later] == [Decimal("33.33"), Decimal("33.33"), None]


def test_L8_the_debt_stays_with_the_account_whatever_becomes_of_the_line(
    world: World, phone: InstalmentOffer, bill: Bill
) -> None:
    """Terminated in the first month, on an account that is closed: the payments go on."""
    line = world.subscriber()
    agreed(line, phone)
    status(line, "terminated", local(2026, 10, 10))
    world.first.status = Account.Status.CLOSED
    world.first.save()
    bill(world.first)
    november = billed(world.first, OCTOBER.plus(1))
    found = instalment_of(november)
    assert (found and found.gross, november.gross) == (Decimal("33.33"), Decimal("33.33"))


@pytest.mark.postgres
def test_L8_ended_early_the_rest_stands_in_the_next_invoice(world: World, phone: InstalmentOffer, bill: Bill) -> None:
    plan = agreed(world.subscriber(), phone)
    bill(world.first)
    with clock.stopped(local(2026, 11, 20)):
        ended = end_early(plan, SYSTEM)
        with pytest.raises(NothingLeft):
            end_early(plan, SYSTEM)
    assert (ended.last_month, ended.is_early) == ("2026-11", True)
    found = instalment_of(billed(world.first, OCTOBER.plus(1)))
    assert found is not None
    assert found.gross == Decimal("66.66")
    assert instalment_of(billed(world.first, OCTOBER.plus(2))) is None
    lines = InvoiceLine.objects.filter(kind="instalment")
    assert sum(one.gross for one in lines) == plan.price
    note = Entry.objects.get(action="billing.instalments-end")
    assert (note.beside.before, note.beside.after) == ({"last_month": "2026-12"}, {"last_month": "2026-11"})


@pytest.mark.postgres
def test_L8_the_charges_so_far_have_the_payment_of_the_open_month(
    world: World, phone: InstalmentOffer, bill: Bill
) -> None:
    line, other = world.subscriber(), world.subscriber()
    agreed(line, phone)
    with clock.stopped(local(2026, 10, 12)):
        so_far = charges_so_far([world.first.pk])[world.first.pk]
        charges, names = preliminary(world.first)
        alone, _names = preliminary(world.first, only=[other.pk])
    assert sum(charge.amount.gross for charge in charges) == so_far.gross
    kinds = {charge.kind: charge.amount.gross for charge in charges}
    assert kinds["instalment"] == Decimal("33.34")
    assert "instalment" not in {charge.kind for charge in alone}
    assert names["instalment:phone"] == {"en": "Phone"}
    assert bill(world.first).gross > so_far.gross


def test_L8_how_far_a_plan_is(world: World, phone: InstalmentOffer, bill: Bill) -> None:
    plan = agreed(world.subscriber(), phone)
    first = bill(world.first)
    receive(world.first, first.gross, received_at=local(2026, 11, 5), reference="a")
    billed(world.first, OCTOBER.plus(1))
    (found,) = standings([plan])
    assert [one.stage for one in found.payments] == [Stage.PAID, Stage.BILLED, Stage.AHEAD]
    assert (found.paid, found.left, found.payments_left) == (Decimal("33.34"), Decimal("66.66"), 2)
    assert (found.monthly, found.ends, found.is_over) == (Decimal("33.33"), dt.date(2026, 12, 31), False)
    assert found.sum_of(Stage.BILLED) == Decimal("33.33")


@pytest.mark.postgres
def test_L8_a_plan_is_kept_as_it_was_agreed_on_and_made_once(world: World, phone: InstalmentOffer) -> None:
    line, key = world.subscriber(), uuid.uuid4()
    with clock.stopped(local(2026, 10, 5)):
        plans = {agree(line, phone, first=OCTOBER, actor=SYSTEM, key=key).pk for _ in range(3)}
        with pytest.raises(ValueError, match="is over"):
            agree(line, phone, first=OCTOBER.plus(-1), actor=SYSTEM)
    phone.price, phone.months = Decimal(999), 24
    phone.save()
    plan = InstalmentPlan.objects.get(pk__in=plans)
    assert sum(part.gross for part in plan.parts()) == Decimal("100.00")
    assert len(plans) == Entry.objects.filter(action="billing.instalments").count() == 1
