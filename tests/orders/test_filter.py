"""«All that match» of a list, as an order keeps it: what was seen is what is ordered (S7, S15)."""

import datetime as dt
import json
from collections.abc import Iterable
from decimal import Decimal

import pytest

from abonent.access.models import Seat
from abonent.billing.spending import Spending
from abonent.clients.models import Folder
from abonent.orders.selection import Filter, Source, offered
from abonent.subscribers import connecting
from abonent.subscribers.models import Subscriber, SubscriberQuerySet
from abonent.usage import last_use
from tests.cast import Cast
from tests.conftest import NOON
from tests.orders.world import draft
from tests.portal.billed import LAST, bill

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("noon")]


def ids(lines: SubscriberQuerySet | Iterable[Subscriber]) -> set[int]:
    return {line.pk for line in lines}


def last(seat: Seat) -> Spending:
    found = Spending.last(seat)
    assert found is not None
    return found


def test_S7_costs_more_than_looks_at_the_last_month_that_is_billed(cast: Cast) -> None:
    first, second, third = cast.subscribers[:3]
    bill(cast.first, {first: "999.00", second: "999.00"}, LAST.plus(-1))
    bill(cast.first, {first: "50.00", second: "50.01", third: "7.00"})
    spending = last(cast.anna)
    assert spending.month == LAST
    assert ids(Filter(over=Decimal(50), spending=spending).apply(offered(cast.anna))) == {second.pk}
    assert spending.of_lines([first.pk, third.pk]) == {first.pk: Decimal(50), third.pk: Decimal(7)}


def test_S7_what_a_number_cost_on_two_accounts_is_added_up_for_who_sees_both(cast: Cast) -> None:
    moved, other = cast.subscribers[0], cast.subscribers[5]
    bill(cast.first, {moved: "30.00"})
    bill(cast.second, {moved: "30.00", other: "40.00"})
    over = Filter(over=Decimal(50), spending=last(cast.sergei))
    assert ids(over.apply(offered(cast.sergei))) == {moved.pk}
    assert last(cast.sergei).of_lines([moved.pk]) == {moved.pk: Decimal(60)}
    assert last(cast.anna).of_lines([moved.pk]) == {moved.pk: Decimal(30)}


def test_V8_what_numbers_cost_is_not_for_who_may_not_see_money_nor_for_a_seat_of_folders(cast: Cast) -> None:
    bill(cast.first, {cast.subscribers[3]: "30.00"})
    assert Spending.last(cast.anna)
    assert Spending.last(cast.elena) is None
    assert Spending.last(cast.pavel) is None
    assert Spending.last(cast.stas) is None


def test_S7_every_part_of_the_filter_is_kept_and_read_again(cast: Cast) -> None:
    line, quiet = cast.subscribers[3:5]
    bill(cast.first, dict.fromkeys(cast.subscribers[:5], "60.00"))
    connecting.connect(cast.catalog.service, {one.pk: f"made-{one.pk}" for one in (line, quiet)}, NOON)
    last_use.note([(quiet.pk, int((NOON - dt.timedelta(days=1)).timestamp()))])
    whole = Filter(
        text="жук",
        tariff=cast.catalog.tariff.pk,
        status="active",
        account=cast.first.pk,
        service=cast.catalog.service.pk,
        folder=line.folder_id,
        over=Decimal("59.99"),
        spending=last(cast.anna),
        unused_since=NOON.date() - dt.timedelta(days=30),
    )
    again = Filter.read(json.loads(json.dumps(whole.stored())))
    assert again == whole
    assert ids(again.apply(offered(cast.anna))) == {line.pk}
    assert Filter.read({}) == Filter()
    # An order that was kept before there were more filters.
    assert Filter.read({"text": "a", "tariff": None, "status": "", "account": 3, "service": None}).account == 3


def test_S7_a_folder_is_meant_with_all_that_is_below_it(cast: Cast) -> None:
    folder = cast.subscribers[3].folder
    top = Folder.objects.create(client=cast.company, name="Минск")
    Folder.objects.filter(pk=folder.pk if folder else 0).update(parent=top)
    assert ids(Filter(folder=top.pk).apply(offered(cast.anna))) == ids(cast.subscribers[3:5])
    assert ids(Filter(folder=10**17).apply(offered(cast.anna))) == set()


def test_S15_an_order_for_all_that_match_is_for_those_that_were_seen(cast: Cast) -> None:
    bill(cast.first, {cast.subscribers[1]: "60.00", cast.subscribers[2]: "10.00"})
    source = Source(matching=Filter(over=Decimal(20), spending=last(cast.anna)))
    order = draft(cast.anna, source, service=cast.catalog.service.pk)
    assert list(order.items.values_list("subscriber_id", flat=True)) == [cast.subscribers[1].pk]
    # The next month is billed while the order waits: it is still about the month that was seen.
    bill(cast.first, {cast.subscribers[2]: "99.00"}, LAST.plus(1))
    kept = Filter.read(order.chosen["matching"])
    assert ids(kept.apply(offered(cast.anna))) == {cast.subscribers[1].pk}
