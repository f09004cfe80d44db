from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from abonent.billing.models import Invoice
from abonent.billing.run import bill_run
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.periods import Month
from tests.billing import world as worlds
from tests.billing.world import MINSK, OCTOBER, World

Bill = Callable[..., Invoice]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Path]:
    """A store of call records of its own."""
    (tmp_path / "store").mkdir()
    with override_settings(USAGE_URL=f"file://{tmp_path}/store"):
        yield tmp_path


@pytest.fixture
def world(db: None, store: Path) -> World:  # noqa: ARG001  # it stands in the database and in the store
    return worlds.make()


@pytest.fixture
def bill() -> Bill:
    """Run the bill run of a month on the morning after it; gives the invoice of the account."""

    def run(account: Account, month: Month = OCTOBER) -> Invoice:
        morning = month.plus(1).period(MINSK).start.replace(minute=30)
        with clock.stopped(morning):
            bill_run(month)
        return Invoice.objects.get(account=account, month=str(month))

    return run
