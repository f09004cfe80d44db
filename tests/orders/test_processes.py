"""What holds between two workers at the same orders, on a database that really commits."""

import os
import subprocess
import sys

import pytest

from abonent.network.models import NetworkCommand
from abonent.orders.models import Order
from abonent.subscribers.models import ConnectedService, Subscriber
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
