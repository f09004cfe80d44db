"""Charges so far of several accounts at once (S15.5)."""

from decimal import Decimal

import pytest

from abonent.billing import current
from abonent.subscribers.models import AccountHolding, Subscriber
from tests.billing.conftest import Bill
from tests.billing.world import World, local, plan, status

LAST = local(2026, 10, 31, 23, 59, 59).replace(microsecond=999_999)


@pytest.mark.parametrize("few", [10_000, 1, 0], ids=["together", "each account", "every line"])
def test_S15_5_each_account_has_its_own_charges_however_many_lines_moved(
    world: World, bill: Bill, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """A line that went from one account to the other in October costs each of them its days."""
    monkeypatch.setattr(current, "FEW", few)
    accounts = [world.first, world.second]
    for account in accounts:
        world.subscriber(account)
        world.connect(world.subscriber(account), local(2026, 10, 5), connect_fee="5")
    gone, blocked, changed = world.subscriber(), world.subscriber(), world.subscriber(world.second)
    world.connect(gone, local(2026, 1, 1))
    went = local(2026, 10, 11)
    gone.account_holdings.update(end=went)
    AccountHolding.objects.create(subscriber=gone, account=world.second, start=went)
    Subscriber.objects.filter(pk=gone.pk).update(account=world.second)
    status(blocked, "blocked", local(2026, 10, 20))
    plan(changed, world.other_tariff, local(2026, 10, 16))
    so_far = current.charges_so_far([account.pk for account in accounts], LAST)
    for account in accounts:
        invoice, mine = bill(account), so_far[account.pk]
        assert (mine.net, mine.vat, mine.gross) == (invoice.net, invoice.vat, invoice.gross)
    assert so_far[world.first.pk].net > Decimal(0)
