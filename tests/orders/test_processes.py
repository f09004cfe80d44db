"""What holds between two workers at the same orders, on a database that really commits."""

import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from abonent.network.models import NetworkCommand
from abonent.orders import executing
from abonent.orders.executing import Ending
from abonent.orders.models import Order, OrderItem
from abonent.orders.queues import ITEMS
from abonent.subscribers.models import ConnectedService, Forwarding, ForwardingWish, Subscriber
from tests.cast import Cast
from tests.jobs.processes import PATIENCE, database_url
from tests.orders.world import adds_up, placed

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def lines(cast: Cast, count: int) -> list[int]:
    Subscriber.objects.bulk_create(
        Subscriber(
            account=cast.first,
            tariff=cast.catalog.tariff,
            number=f"37533{place:07}",
            iccid=f"89{place}",
            status=Subscriber.Status.ACTIVE,
        )
        for place in range(count)
    )
    return list(Subscriber.objects.filter(number__startswith="37533").values_list("pk", flat=True))


def start() -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "ABONENT_TEST_DATABASE_URL": database_url()}
    return subprocess.Popen([sys.executable, "-m", "tests.orders.child"], env=environment)  # our own


def test_two_workers_at_two_orders_for_the_same_numbers_do_each_once(cast: Cast) -> None:
    ids = lines(cast, 30)
    orders = [placed(cast.anna, ids, service=cast.catalog.service.pk) for _ in range(2)]
    for process in [start(), start()]:
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert all(adds_up(order) for order in orders)
    assert {order.state for order in orders} == {Order.State.DONE}
    assert sum(order.done for order in orders) == sum(order.nothing for order in orders) == 30
    assert sorted(ConnectedService.objects.values_list("subscriber_id", flat=True)) == sorted(ids)
    assert NetworkCommand.objects.values("number").distinct().count() == NetworkCommand.objects.count() == 30


def test_S12_two_workers_that_both_passed_the_check_do_not_close_a_circle_together(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = cast.subscribers[:2]
    orders = [_forwarding(cast, first, second), _forwarding(cast, second, first)]
    both, checked = Barrier(2), executing._problems  # noqa: SLF001  # between the check and what follows

    def checked_by_both(*given: object) -> Mapping[OrderItem, Ending]:
        found = checked(*given)  # type: ignore[arg-type]  # passed on as it came
        both.wait(timeout=PATIENCE)
        return found

    monkeypatch.setattr(executing, "_problems", checked_by_both)

    def work_on(order: Order) -> None:
        try:
            lease = ITEMS.claim({ITEMS.name: order.pk - 1})
            assert lease is not None
            executing.execute(list(lease.open.values()), lease)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as workers:
        list(workers.map(work_on, orders))
    assert all(adds_up(order) for order in orders)
    ends = sorted(OrderItem.objects.filter(order__in=orders).values_list("result", "reason"))
    assert ends == [("done", ""), ("refused", "forwarding_loop")]
    assert Forwarding.objects.filter(end=None).count() == NetworkCommand.objects.count() == 1
    assert not ForwardingWish.objects.exists()


def _forwarding(cast: Cast, line: Subscriber, to: Subscriber) -> Order:
    return placed(cast.anna, [line.pk], "forwarding", kind="busy", on=True, target=to.number)
