"""Cost follows the folder of that day (V3); every expected figure is worked out by hand."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from abonent.billing.folder_costs import Cost, FolderCosts, folder_costs, split, times
from abonent.billing.models import Invoice
from abonent.clients.models import Folder
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.subscribers.models import FolderStay, Subscriber
from tests.billing.conftest import Bill
from tests.billing.test_invoicing import call, price, take_in
from tests.billing.world import OCTOBER, World, local


@pytest.fixture
def sales(world: World) -> Folder:
    return Folder.objects.create(client=world.client, name="Sales")


@pytest.fixture
def store_room(world: World) -> Folder:
    return Folder.objects.create(client=world.client, name="Store")


def stay(line: Subscriber, folder: Folder, start: dt.datetime, end: dt.datetime | None = None) -> None:
    FolderStay.objects.create(subscriber=line, folder=folder, start=start, end=end)


def nets(costs: FolderCosts) -> dict[int | None, str]:
    return {folder: str(cost.net) for folder, cost in costs.by_folder.items()}


def test_V3_a_fee_is_cut_by_the_days_of_each_stay(world: World, bill: Bill, sales: Folder, store_room: Folder) -> None:
    line = world.subscriber()
    stay(line, sales, local(2026, 10, 1), local(2026, 10, 11))
    stay(line, store_room, local(2026, 10, 16))
    bill(world.first)
    # 31.00 for 31 days: ten days in sales, five nowhere, sixteen in the store; VAT of 7.75 is cut the same way.
    costs = folder_costs(OCTOBER, [world.first.pk])
    assert costs.by_folder == {
        sales.pk: Cost(Decimal("10.00"), Decimal("2.50"), Decimal("12.50")),
        None: Cost(Decimal("5.00"), Decimal("1.25"), Decimal("6.25")),
        store_room.pk: Cost(Decimal("16.00"), Decimal("4.00"), Decimal("20.00")),
    }


def test_V3_a_call_costs_the_folder_in_which_the_number_was_at_that_moment(
    world: World, bill: Bill, store: Path, sales: Folder, store_room: Folder
) -> None:
    price(world, "voice", "0.60", 60)
    line = world.subscriber()
    at = local(2026, 10, 20, 12, 0, 0)
    stay(line, sales, local(2025, 1, 1), at)
    stay(line, store_room, at)
    with clock.stopped(local(2026, 11, 1)):
        take_in(
            store,
            "calls.csv",
            call(line, "2026-10-02T10:00:00", 60),
            call(line, "2026-10-20T11:59:59", 60),
            call(line, "2026-10-20T12:00:00", 60),
        )
    invoice = bill(world.first)
    costs = folder_costs(OCTOBER, [world.first.pk])
    # Of the fee of 31.00 19.5 days of 31 are in sales; of the calls two of three.
    assert nets(costs) == {sales.pk: "20.70", store_room.pk: "12.10"}
    assert costs.total == (invoice.net, invoice.vat, invoice.gross)


def test_V3_a_late_record_costs_the_folder_of_its_own_month(
    world: World, bill: Bill, store: Path, sales: Folder, store_room: Folder
) -> None:
    price(world, "voice", "0.60", 60)
    line = world.subscriber()
    stay(line, sales, local(2025, 1, 1), local(2026, 11, 1))
    stay(line, store_room, local(2026, 11, 1))
    bill(world.first)
    november = Month(2026, 11)
    with clock.stopped(local(2026, 12, 1)):
        take_in(store, "late.csv", call(line, "2026-10-30T12:00:00", 60))
    bill(world.first, november)
    assert nets(folder_costs(november, [world.first.pk])) == {store_room.pk: "31.00", sales.pk: "0.60"}


def test_V3_the_sum_over_folders_is_the_sum_of_the_invoices(
    world: World, bill: Bill, store: Path, sales: Folder, store_room: Folder
) -> None:
    """Many lines with odd periods and prices: not a kopeck is lost or made."""
    price(world, "voice", "0.0377", 1)
    calls = []
    for place in range(12):
        line = world.subscriber(world.second if place % 3 == 0 else None)
        world.connect(line, local(2026, 10, 1 + place, 7, 13, place), connect_fee="1.11")
        stay(line, sales, local(2026, 9, 1), local(2026, 10, 3 + place, 5, 7, 11))
        if place % 2:
            stay(line, store_room, local(2026, 10, 4 + place, 5, 7, 13))
        calls += [call(line, f"2026-10-{day:02}T10:1{place % 10}:00", day * 7) for day in (2, 3, 5, 9, 17, 29)]
    with clock.stopped(local(2026, 11, 1)):
        take_in(store, "calls.csv", *calls)
    invoices = [bill(world.first), bill(world.second)]
    costs = folder_costs(OCTOBER, [world.first.pk, world.second.pk])
    assert costs.total == tuple(sum(getattr(one, name) for one in invoices) for name in ("net", "vat", "gross"))
    assert set(costs.by_folder) == {sales.pk, store_room.pk, None}
    assert costs.billed == [one.account_id for one in invoices]


def test_V3_costs_are_those_of_the_numbers_asked_for(world: World, bill: Bill, sales: Folder) -> None:
    one, other = world.subscriber(), world.subscriber()
    for line in (one, other):
        stay(line, sales, local(2026, 10, 16))
    bill(world.first)
    assert nets(folder_costs(OCTOBER, [world.first.pk], [other.pk])) == {None: "15.00", sales.pk: "16.00"}
    assert folder_costs(Month(2026, 9), [world.first.pk]).by_folder == {}
    assert Invoice.objects.count() == 2


def test_V3_parts_add_up_to_the_amount() -> None:
    assert split(Decimal("0.10"), {1: 1, 2: 1, None: 1}) == {
        1: Decimal("0.03"),
        2: Decimal("0.03"),
        None: Decimal("0.04"),
    }
    assert split(Decimal("0.00"), {1: 3}) == {1: Decimal("0.00")}
    for cents in range(200):
        amount = Decimal(cents).scaleb(-2)
        assert sum(split(amount, {1: 7, 2: 11, 3: 13, None: 1}).values()) == amount


def test_V3_an_instant_belongs_to_the_stay_that_has_begun() -> None:
    noon = dt.datetime(2026, 10, 9, 12, tzinfo=dt.UTC)
    hour = dt.timedelta(hours=1)
    assert times([(noon - hour, noon, 1), (noon, None, 2)], noon, noon) == {2: 1}
    assert times([], noon, noon) == {None: 1}
