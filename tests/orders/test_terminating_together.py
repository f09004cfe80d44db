"""Two orders that between them end a whole account, on a database that really commits (S15.5)."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from abonent.network.models import NetworkCommand
from abonent.orders.models import Order
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.jobs.processes import PATIENCE
from tests.orders.test_processes import lines, start
from tests.orders.world import adds_up, draft, placed

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def whole_account(cast: Cast, count: int) -> list[int]:
    """So many lines of Anna's account, which has no others any more."""
    Subscriber.objects.filter(account=cast.first).update(status=Subscriber.Status.TERMINATED)
    return sorted(lines(cast, count))


def test_S15_5_of_two_halves_placed_at_once_one_is_left(cast: Cast) -> None:
    ids = whole_account(cast, 10)
    for turn in range(5):
        orders = [draft(cast.anna, half, "terminate") for half in (ids[:5], ids[5:])]
        barrier = threading.Barrier(2)

        def confirm(order: Order, barrier: threading.Barrier = barrier) -> bool:
            try:
                connection.ensure_connection()
                barrier.wait()
                return order.confirm(cast.anna.actor())
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(confirm, orders)) == [False, True], turn
        winner = next(order for order in orders if order.number)
        assert winner.cancel(cast.anna.actor())
        winner.items.update(result="cancelled", next_try=None)


def test_S15_5_two_workers_at_two_halves_leave_a_number(cast: Cast) -> None:
    ids = whole_account(cast, 21)
    orders = [placed(cast.anna, half, "terminate") for half in (ids[:10], ids[10:20])]
    # The line that would have stayed is moved to another account.
    Subscriber.objects.filter(pk=ids[20]).update(account=cast.second)
    for process in [start(), start()]:
        process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert all(adds_up(order) for order in orders)
    left = Subscriber.objects.filter(account=cast.first).exclude(status="terminated").get()
    assert left.order_items.get().reason == "last_of_account"
    assert NetworkCommand.objects.count() == 19
