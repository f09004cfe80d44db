"""The sign of the balance, what is due, and money that is booked once (S1, S4)."""

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abonent.audit.models import Entry
from abonent.billing import balance, ledger
from abonent.billing.balance import Ask, allocate
from abonent.billing.models import Breakdown, Invoice, LedgerEntry, Payment
from abonent.billing.payments import ConflictingPaymentError, receive
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.usage.models import RatingVersion, UsageMonth
from tests.billing.world import World, local

NOW = local(2026, 11, 21)


def issued(account: Account, month: str, gross: str) -> Invoice:
    """An invoice of so much, with its entry, as a bill run books it."""
    period = Month.parse(month)
    version, _ = RatingVersion.objects.get_or_create(
        month=UsageMonth.objects.get_or_create(month=month)[0],
        defaults={"preliminary": False, "records": 0, "unrated": 0, "amount_micros": 0},
    )
    amount = Decimal(gross)
    invoice = Invoice.objects.create(
        account=account,
        month=month,
        number=f"{account.number}-{month}",
        issued_at=NOW,
        due_date=period.plus(1).first_day.replace(day=25),
        period_start=local(period.year, period.number, 1),
        period_end=local(period.plus(1).year, period.plus(1).number, 1),
        breakdown=Breakdown.objects.create(account=account, month=month),
        rating_version=version,
        currency="BYN",
        net=amount,
        vat=Decimal(0),
        gross=amount,
        snapshot={},
    )
    LedgerEntry.objects.create(
        account=account, at=NOW, kind="invoice", amount=-amount, source=f"invoice:{invoice.number}", invoice=invoice
    )
    return invoice


def pay(account: Account, amount: str, reference: str) -> Payment:
    return receive(account, Decimal(amount), received_at=NOW, reference=reference)


def test_S1_the_amount_due_is_not_the_balance_with_its_sign_turned(world: World) -> None:
    """The seed: balance -164,15, due 0,00, charges of last month 175,68, all at once."""
    issued(world.first, "2026-10", "175.68")
    pay(world.first, "175.68", "a")
    ledger.correct(world.first, Decimal("-164.15"), reference="c", note="equipment that no invoice asks for yet")
    with clock.stopped(NOW):
        state = balance.state_of(world.first)
    assert (state.balance, state.due, state.last_month_charges) == (
        Decimal("-164.15"),
        Decimal("0.00"),
        Decimal("175.68"),
    )
    assert (state.last_month, state.due_date, state.overdue, state.invoices_unpaid) == ("2026-10", None, False, ())


def test_S1_a_supervisors_total_adds_dues_and_never_nets_them(world: World) -> None:
    issued(world.first, "2026-10", "30")
    issued(world.second, "2026-10", "100")
    pay(world.second, "150", "a")
    states = balance.states_of([world.first, world.second])
    assert balance.total(states.values()) == (Decimal("20.00"), Decimal("30.00"), Decimal("130.00"))


def test_S1_payments_pay_the_oldest_invoice_first(world: World) -> None:
    issued(world.first, "2026-09", "100")
    issued(world.first, "2026-10", "50")
    pay(world.first, "120", "a")
    with clock.stopped(NOW):
        state = balance.state_of(world.first)
    assert [(one.ask.month, one.paid, one.left) for one in state.invoices_unpaid] == [
        ("2026-10", Decimal("20.00"), Decimal("30.00"))
    ]
    assert (state.balance, state.due) == (Decimal("-30.00"), Decimal("30.00"))
    assert (state.due_date, state.overdue) == (dt.date(2026, 11, 25), False)


def test_S1_overdue_begins_the_day_after_the_due_date(world: World) -> None:
    issued(world.first, "2026-10", "50")
    with clock.stopped(local(2026, 11, 25, 23, 59, 59)):
        assert not balance.state_of(world.first).overdue
    with clock.stopped(local(2026, 11, 26)):
        assert balance.state_of(world.first).overdue


def test_S1_paid_ahead_is_a_positive_balance_and_nothing_due(world: World) -> None:
    pay(world.first, "10", "a")
    state = balance.state_of(world.first)
    assert (state.balance, state.due) == (Decimal("10.00"), Decimal("0.00"))


def test_S1_the_states_of_many_accounts_take_three_queries(world: World, django_assert_num_queries: object) -> None:
    issued(world.first, "2026-10", "1")
    issued(world.second, "2026-10", "2")
    assert callable(django_assert_num_queries)
    with django_assert_num_queries(3):
        balance.states_of([world.first, world.second])


def test_a_correction_of_an_invoice_changes_what_it_asks_for(world: World) -> None:
    invoice = issued(world.first, "2026-10", "100")
    ledger.correct(world.first, Decimal(30), reference="c", note="wrong roaming", invoice=invoice)
    ledger.correct(world.first, Decimal(30), reference="c", note="the same again", invoice=invoice)
    state = balance.state_of(world.first)
    assert (state.balance, state.due) == (Decimal("-70.00"), Decimal("70.00"))


def test_what_a_correction_frees_pays_other_invoices() -> None:
    old = Ask(1, "1", "2026-09", dt.date(2026, 10, 25), Decimal(10), corrected=Decimal(15))
    new = Ask(2, "2", "2026-10", dt.date(2026, 11, 25), Decimal(10))
    assert [(one.paid, one.left) for one in allocate([old, new], Decimal(2))] == [
        (Decimal(0), Decimal(0)),
        (Decimal(7), Decimal(3)),
    ]


def test_a_payment_is_booked_once_however_often_it_comes(world: World) -> None:
    payments = {pay(world.first, "10", "bank-1").pk for _ in range(3)}
    assert len(payments) == 1
    assert LedgerEntry.objects.count() == 1
    assert Entry.objects.filter(action="billing.receive").count() == 1
    with pytest.raises(ConflictingPaymentError):
        pay(world.first, "11", "bank-1")
    with pytest.raises(ConflictingPaymentError):
        pay(world.second, "10", "bank-1")
    with pytest.raises(ValueError, match="positive"):
        pay(world.first, "0", "bank-2")
    with pytest.raises(ValueError, match="two decimals"):
        pay(world.first, "0.001", "bank-3")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_payment_that_comes_ten_times_at_once_is_booked_once(world: World) -> None:
    start, failed = threading.Barrier(10), []

    def come() -> None:
        start.wait()
        try:
            pay(world.first, "10", "bank-1")
        except Exception as error:  # noqa: BLE001  # it is looked at below
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert [entry.amount for entry in LedgerEntry.objects.all()] == [Decimal("10.00")]


def test_the_balance_of_a_past_moment_counts_what_was_booked_before_it(world: World) -> None:
    receive(world.first, Decimal(10), received_at=local(2026, 11, 1), reference="a")
    receive(world.first, Decimal(5), received_at=local(2026, 11, 2), reference="b")
    moments = [local(2026, 11, 1), local(2026, 11, 2), local(2026, 11, 3)]
    assert [balance.balance_at(world.first, moment) for moment in moments] == [0, 10, 15]


def test_spend_by_month_has_every_month_of_the_chart(world: World) -> None:
    issued(world.first, "2026-10", "10")
    issued(world.second, "2026-10", "5")
    issued(world.first, "2026-08", "7")
    with clock.stopped(NOW):
        assert balance.spend_by_month([world.first, world.second], 4) == [
            ("2026-07", Decimal(0)),
            ("2026-08", Decimal(7)),
            ("2026-09", Decimal(0)),
            ("2026-10", Decimal(15)),
        ]


_cents = st.integers(1, 100_000).map(lambda cents: Decimal(cents).scaleb(-2))
_operations = st.lists(
    st.one_of(
        st.tuples(st.just("invoice"), _cents),
        st.tuples(st.just("payment"), _cents),
        st.tuples(st.just("correction"), st.one_of(_cents, _cents.map(lambda amount: -amount))),
        st.tuples(st.just("correction of an invoice"), st.one_of(_cents, _cents.map(lambda amount: -amount))),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_operations)
def test_whatever_is_booked_the_sum_of_entries_is_the_balance_and_nothing_due_is_negative(
    world: World, operations: list[tuple[str, Decimal]]
) -> None:
    account = _fresh(world)
    expected, invoices = Decimal(0), list[Invoice]()
    for place, (kind, amount) in enumerate(operations):
        if kind == "invoice":
            invoices.append(issued(account, str(Month(2020, 1).plus(place)), str(amount)))
        elif kind == "payment":
            pay(account, str(amount), f"{account.number}/{place}")
        else:
            invoice = invoices[-1] if kind == "correction of an invoice" and invoices else None
            ledger.correct(account, amount, reference=f"{account.number}/{place}", note="", invoice=invoice)
        expected += -amount if kind == "invoice" else amount
        state = balance.state_of(account)
        assert state.balance == expected == sum(entry.amount for entry in account.entries.all())
        assert state.due == sum(one.left for one in state.invoices_unpaid) >= 0
        laid = balance.unpaid_of(account)
        assert all(one.paid >= 0 and one.left >= 0 for one in laid)


def _fresh(world: World) -> Account:
    number = f"00029{Account.objects.count():06}"
    return Account.objects.create(contract=world.first.contract, number=number, opened=dt.date(2019, 1, 1))


@pytest.mark.postgres
def test_sums_are_exact_in_the_database(world: World) -> None:
    """Ten thousand times ten kopecks, which floats don't add up to a thousand roubles."""
    entries = [
        LedgerEntry(account=world.first, at=NOW, kind="correction", amount=Decimal("0.10"), source=f"s{place}")
        for place in range(10_000)
    ]
    LedgerEntry.objects.bulk_create(entries)
    assert balance.state_of(world.first).balance == Decimal("1000.00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(amount) FROM billing_ledgerentry")
        assert cursor.fetchone()[0] == 100_000
