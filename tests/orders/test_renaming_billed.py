"""Renamed more than once in a month, a subscriber stands on the invoice by the last name of that month (L11)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings

from abonent.billing.models import Invoice, InvoiceSubscriber
from abonent.billing.run import bill_run
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.orders.models import Order
from abonent.orders.selection import Source
from tests.cast import Cast
from tests.orders.world import placed, work

pytestmark = pytest.mark.django_db

MINSK = ZoneInfo("Europe/Minsk")
OCTOBER = Month(2026, 10)


@pytest.fixture(autouse=True)
def _store(tmp_path: Path) -> Iterator[None]:
    """A store of call records of its own, without any."""
    (tmp_path / "store").mkdir()
    with override_settings(USAGE_URL=f"file://{tmp_path}/store"):
        yield


def rename(cast: Cast, day: dt.datetime, name: str) -> None:
    line = cast.subscribers[1]
    with clock.stopped(day):
        order = work(placed(cast.anna, Source(ids=(line.pk,), data={line.pk: {"last_name": name}}), "rename"))
    assert order.state == Order.State.DONE


def test_L11_the_last_name_of_the_month_wins_on_the_invoice(cast: Cast) -> None:
    rename(cast, dt.datetime(2026, 10, 5, 12, tzinfo=MINSK), "Первая")
    # The last second before the closed days.
    rename(cast, dt.datetime(2026, 10, 29, 23, 59, 59, tzinfo=MINSK), "Последняя")
    # The first moment of the next month is not this month's.
    rename(cast, dt.datetime(2026, 11, 1, 0, 0, 0, tzinfo=MINSK), "Ноябрьская")
    with clock.stopped(dt.datetime(2026, 11, 1, 3, tzinfo=MINSK)):
        bill_run(OCTOBER)
    invoice = Invoice.objects.get(account=cast.first, month=str(OCTOBER))
    shown = InvoiceSubscriber.objects.get(breakdown=invoice.breakdown, subscriber_id=cast.subscribers[1].pk)
    assert shown.name == "Последняя"
