"""Recurring fees by exact share of the month's seconds; every expected figure is worked out by hand."""

import dataclasses
import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from abonent.billing.invoicing import due_date
from abonent.billing.models import Invoice, InvoiceLine
from abonent.billing.pricing import Pricing
from abonent.clients.models import Account
from abonent.lib.periods import Month
from abonent.profile import read
from abonent.subscribers.models import AccountHolding, ConnectedService
from tests.billing.conftest import Bill
from tests.billing.world import World, local, plan, status


def nets(invoice: Invoice) -> list[tuple[str, str, str]]:
    """(kind, subject, net) of each line, in the order of printing."""
    return [(line.kind, line.subject, str(line.net)) for line in invoice.lines]


def only_line(invoice: Invoice) -> InvoiceLine:
    return invoice.lines.get()


def test_whole_month_costs_the_fee_with_vat_on_the_rounded_net(world: World, bill: Bill) -> None:
    world.subscriber()
    line = only_line(bill(world.first))
    assert (line.net, line.vat_rate, line.vat, line.gross) == (
        Decimal("31.00"),
        Decimal("25.00"),
        Decimal("7.75"),
        Decimal("38.75"),
    )


def test_activation_in_mid_month_costs_its_days(world: World, bill: Bill) -> None:
    line = world.subscriber(status="pending")
    status(line, "active", local(2026, 10, 11))
    charged = only_line(bill(world.first))
    assert charged.net == Decimal("21.00")
    assert (charged.period_start, charged.period_end) == (local(2026, 10, 11), local(2026, 11, 1))


def test_waiting_and_terminated_lines_cost_nothing_and_blocked_ones_go_on(world: World, bill: Bill) -> None:
    world.subscriber(status="pending")
    ended, blocked = world.subscriber(), world.subscriber()
    status(ended, "terminated", local(2026, 10, 3))
    status(blocked, "blocked", local(2026, 10, 3))
    invoice = bill(world.first)
    assert [(line.subscriber_id, str(line.net)) for line in invoice.lines] == [
        (ended.pk, "2.00"),
        (blocked.pk, "31.00"),
    ]


def test_plan_change_in_mid_month_gives_two_lines(world: World, bill: Bill) -> None:
    plan(world.subscriber(), world.other_tariff, local(2026, 10, 15, 12))
    assert nets(bill(world.first)) == [
        ("tariff_fee", "tariff:other", "33.00"),
        ("tariff_fee", "tariff:smart", "14.50"),
    ]


def test_a_new_option_set_does_not_split_the_tariffs_line(world: World, bill: Bill) -> None:
    plan(world.subscriber(), world.tariff, local(2026, 10, 11), world.package)
    assert nets(bill(world.first)) == [
        ("tariff_fee", "tariff:smart", "31.00"),
        ("option_set_fee", "option_set:pack", "2.10"),
    ]


def test_service_on_and_off_costs_its_days_and_its_connecting_once(world: World, bill: Bill) -> None:
    line = world.subscriber()
    world.connect(line, local(2026, 10, 10), local(2026, 10, 20), connect_fee="5")
    assert nets(bill(world.first))[1:] == [
        ("service_fee", "service:clip", "2.00"),
        ("connection_fee", "service:clip", "5.00"),
    ]
    assert nets(bill(world.first, Month(2026, 11))) == [("tariff_fee", "tariff:smart", "31.00")]


def test_half_a_kopeck_is_rounded_up(world: World, bill: Bill) -> None:
    """3.10 a month is 0.10 a day: a quarter of a day is 0.025."""
    line = world.subscriber()
    plan(line, world.tariff, local(2026, 10, 31, 18), world.package)
    assert nets(bill(world.first))[1] == ("option_set_fee", "option_set:pack", "0.03")


def test_a_subscriber_who_moves_is_billed_on_each_account_for_its_time(world: World, bill: Bill) -> None:
    line = world.subscriber()
    moment = local(2026, 10, 11)
    AccountHolding.objects.filter(subscriber=line).update(end=moment)
    AccountHolding.objects.create(subscriber=line, account=world.second, start=moment)
    first = bill(world.first)
    second = Invoice.objects.get(account=world.second)
    assert (first.net, second.net) == (Decimal("10.00"), Decimal("21.00"))


def test_29_february_is_a_day_of_its_month(world: World, bill: Bill) -> None:
    type(world.tariff).objects.filter(pk=world.tariff.pk).update(fee=29)
    line = world.subscriber(status="pending")
    status(line, "active", local(2028, 2, 29))
    assert only_line(bill(world.first, Month(2028, 2))).net == Decimal("1.00")


def test_the_first_and_last_second_belong_to_their_month(world: World, bill: Bill) -> None:
    """What is connected at the stroke of the new year is of January, what a second before is of December."""
    line = world.subscriber(start=local(2027, 1, 1))
    other = world.subscriber(start=local(2026, 12, 31, 23, 59, 59))
    world.connect(line, local(2027, 1, 1), connect_fee="5")
    ConnectedService.objects.filter(subscriber=line).update(fee=0)
    world.connect(other, local(2026, 12, 31, 23, 59, 59), connect_fee="5")
    december = bill(world.first, Month(2026, 12))
    assert {charge.subscriber_id for charge in december.lines} == {other.pk}
    assert ("connection_fee", "service:clip", "5.00") in nets(december)
    assert december.due_date == dt.date(2027, 1, 25)
    january = bill(world.first, Month(2027, 1))
    assert [(charge.subscriber_id, charge.kind, str(charge.net)) for charge in january.lines] == [
        (line.pk, "tariff_fee", "31.00"),
        (line.pk, "connection_fee", "5.00"),
        (other.pk, "tariff_fee", "31.00"),
        (other.pk, "service_fee", "6.20"),
    ]


def test_a_month_with_a_clock_change_has_its_true_length() -> None:
    """Riga, October 2026: 745 hours, and the 25th has 25 of them."""
    riga = dataclasses.replace(read("by"), zone=ZoneInfo("Europe/Riga"))
    pricing = Pricing(riga, Month(2026, 10))
    window = pricing.window
    day = dt.datetime(2026, 10, 25, tzinfo=riga.zone)
    start, end = window.cut(day, dt.datetime(2026, 10, 26, tzinfo=riga.zone))
    assert (end - start) == 25 * 3600 * 1_000_000
    assert pricing.fee(Decimal("74.50"), start, end).net == Decimal("2.50")
    assert pricing.fee(Decimal("74.50"), 0, window.length).net == Decimal("74.50")


@pytest.mark.parametrize(
    ("month", "rate"), [(Month(2018, 12), 18), (Month(2019, 1), 20), (Month(2025, 12), 20), (Month(2026, 1), 22)]
)
def test_vat_is_that_of_the_date_of_supply(month: Month, rate: int) -> None:
    pricing = Pricing(read("ru"), month)
    amount = pricing.fee(Decimal(100), 0, pricing.window.length)
    assert amount == (Decimal(100), Decimal(rate), Decimal(rate), Decimal(100 + rate))


def test_late_usage_of_december_keeps_decembers_vat() -> None:
    pricing = Pricing(read("ru"), Month(2026, 1))
    assert pricing.usage(100_000_000, Month(2025, 12)).vat == Decimal("20.00")
    assert pricing.usage(100_000_000, Month(2026, 1)).vat == Decimal("22.00")


def test_vat_is_rounded_from_the_rounded_net() -> None:
    """0.0179 is 0.02 net, and a quarter of that is 0.005, so 0.01; a quarter of 0.0179 would have been nothing."""
    pricing = Pricing(read("by"), Month(2026, 10))
    amount = pricing.usage(17_900, Month(2026, 10))
    assert (amount.net, amount.vat, amount.gross) == (Decimal("0.02"), Decimal("0.01"), Decimal("0.03"))


def test_due_date_is_the_profiles_day_or_the_months_last() -> None:
    assert due_date(Month(2026, 10), 25) == dt.date(2026, 11, 25)
    assert due_date(Month(2027, 1), 31) == dt.date(2027, 2, 28)


def test_an_open_account_without_charges_has_an_invoice_of_zero_and_a_closed_one_none(world: World, bill: Bill) -> None:
    world.subscriber()
    Account.objects.filter(pk=world.second.pk).update(status="closed")
    bill(world.first)
    assert not Invoice.objects.filter(account=world.second).exists()
    Account.objects.filter(pk=world.second.pk).update(status="active")
    assert bill(world.second, Month(2026, 11)).gross == Decimal("0.00")
