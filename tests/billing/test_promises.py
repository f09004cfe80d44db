"""Registered payments: when they may be, that they are one, and that they never count (S4, L2)."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connections

from abonent.audit.journal import SYSTEM
from abonent.audit.models import Entry
from abonent.billing.balance import state_of
from abonent.billing.models import PaymentPromise
from abonent.billing.payments import Payer, receive
from abonent.billing.promises import NotRegistered, Paid, register
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.profile import current
from tests.billing.test_ledger import issued
from tests.billing.world import World, local

pytestmark = pytest.mark.usefixtures("english")
IN_TIME = local(2026, 11, 5, 12)
PAID = Paid(Decimal("175.68"), dt.date(2026, 11, 4), "17")


def registered(account: Account, paid: Paid = PAID, at: dt.datetime = IN_TIME) -> bool:
    with clock.stopped(at):
        return register(account, state_of(account), paid, SYSTEM)[1]


def refusal(account: Account, at: dt.datetime) -> tuple[str, dt.datetime | None]:
    with pytest.raises(NotRegistered) as refused:
        registered(account, at=at)
    return refused.value.answer.reason, refused.value.answer.possible_from


def test_L2_a_registered_payment_changes_neither_the_balance_nor_what_is_due(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    with clock.stopped(IN_TIME):
        before = state_of(world.first)
        assert registered(world.first)
        assert state_of(world.first) == before
    entry = Entry.objects.get(action="billing.promise")
    assert entry.beside.after == {"account": world.first.number, "amount": "175.68", "day": "2026-11-04"}


def test_S4_registration_ends_with_the_10th(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    zone = current().zone
    last = dt.datetime(2026, 11, 11, tzinfo=zone)
    assert registered(world.first, at=last - dt.timedelta(seconds=1))
    words, again = refusal(world.first, last)
    assert words == "Payments are registered until day 10. The next invoice’s can be, once this one is paid."
    assert again == dt.datetime(2026, 12, 1, tzinfo=zone)


def test_S4_only_the_last_invoice_may_be_unpaid(world: World) -> None:
    assert refusal(world.first, IN_TIME)[0] == "All invoices are paid: there is nothing to register."
    issued(world.first, "2026-09", "10")
    words = "A payment can be registered only while nothing but the last invoice is unpaid."
    assert refusal(world.first, IN_TIME)[0] == words
    issued(world.first, "2026-10", "20")
    assert refusal(world.first, IN_TIME)[0] == words
    receive(world.first, Decimal(10), received_at=IN_TIME, reference="a")
    assert registered(world.first)


def test_L2_the_money_that_comes_settles_the_oldest_of_its_amount_once(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    for number in ("17", "18"):
        registered(world.first, Paid(PAID.amount, PAID.day, number))
    registered(world.first, Paid(Decimal("1.00"), PAID.day, "16"))
    with clock.stopped(IN_TIME):
        first = receive(world.first, PAID.amount, received_at=IN_TIME, reference="bank-1")
        receive(world.first, PAID.amount, received_at=IN_TIME, reference="bank-1")
    paid = dict(PaymentPromise.objects.values_list("number", "payment"))
    assert paid == {"17": first.pk, "18": None, "16": None}


def test_L2_money_of_another_account_settles_nothing(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    registered(world.first)
    with clock.stopped(IN_TIME):
        receive(world.second, PAID.amount, received_at=IN_TIME, reference="bank-1")
    assert PaymentPromise.objects.get().payment is None


def test_L2_a_promise_is_waited_for_so_many_days(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    registered(world.first)
    last = IN_TIME.date() + dt.timedelta(days=current().billing.promise_days)
    assert PaymentPromise.objects.waiting(last).exists()
    assert not PaymentPromise.objects.waiting(last + dt.timedelta(days=1)).exists()
    late = local(last.year, last.month, last.day, 12) + dt.timedelta(days=1)
    with clock.stopped(late):
        receive(world.first, PAID.amount, received_at=late, reference="bank-1")
    assert PaymentPromise.objects.get().payment is None


def test_L2_what_was_paid_some_time_ago_is_waited_for_as_long(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    registered(world.first, Paid(PAID.amount, PAID.day - dt.timedelta(days=25), "17"))
    last = IN_TIME.date() + dt.timedelta(days=current().billing.promise_days)
    assert PaymentPromise.objects.waiting(last).exists()
    assert not PaymentPromise.objects.waiting(last + dt.timedelta(days=1)).exists()


def test_L2_money_that_came_in_time_settles_also_when_it_is_booked_late(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    registered(world.first)
    with clock.stopped(IN_TIME + dt.timedelta(days=30)):
        payment = receive(world.first, PAID.amount, received_at=IN_TIME, reference="bank-1")
    assert PaymentPromise.objects.get().payment == payment


def test_L2_of_two_of_one_amount_the_one_with_the_number_of_the_order_is_settled(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    for number in ("17", "18"):
        registered(world.first, Paid(PAID.amount, PAID.day, number))
    with clock.stopped(IN_TIME):
        payment = receive(
            world.first, PAID.amount, received_at=IN_TIME, reference="bank-1", payer=Payer(order_number="18")
        )
    assert dict(PaymentPromise.objects.values_list("number", "payment")) == {"17": None, "18": payment.pk}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_S4_fifty_registrations_of_one_payment_at_once_make_one(world: World) -> None:
    issued(world.first, "2026-10", "175.68")
    start, failed = threading.Barrier(10), []
    new: list[bool] = []

    def come() -> None:
        start.wait()
        try:
            new.extend(registered(world.first) for _ in range(5))
        except Exception as error:  # noqa: BLE001  # it is looked at below
            failed.append(error)
        finally:
            connections.close_all()

    with clock.stopped(IN_TIME):
        threads = [threading.Thread(target=come) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert (new.count(True), new.count(False)) == (1, 49)
    assert PaymentPromise.objects.count() == Entry.objects.filter(action="billing.promise").count() == 1
