"""Charges so far of several accounts at once (S15.5)."""

import datetime as dt
import random
from decimal import Decimal

import pytest

from abonent.billing import current
from abonent.catalog.models import NumberCategory
from abonent.subscribers.models import AccountHolding, NumberHolding, Subscriber
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


@pytest.mark.parametrize("seed", range(6))
def test_S15_5_services_and_numbers_that_begin_and_end_cost_what_the_invoice_says(
    world: World, bill: Bill, seed: int
) -> None:
    """Also of lines that are not billed, and of a service that is renewed without a gap: its fee is rounded once."""
    dice = random.Random(seed)  # noqa: S311  # no secret
    gold = NumberCategory.objects.create(code="gold", names={"ru": "Золотые"}, fee=Decimal(30))
    for _ in range(8):
        line = world.subscriber(status=dice.choice(["active", "active", "blocked", "pending", "terminated"]))
        moment = local(2026, 9, 20)
        for _ in range(dice.randrange(4)):
            begins = moment + dice.choice([0, 1, 1]) * dt.timedelta(seconds=dice.randrange(900_000))
            moment = begins + dt.timedelta(seconds=dice.randrange(1, 900_000))
            ends = moment if dice.random() < 0.8 else None  # most of them
            world.connect(line, begins, ends, connect_fee=dice.choice(["0", "5", "1.99"]))
            if ends is None:
                break
        if dice.random() < 0.5:  # every second
            chosen = local(2026, 10, dice.randrange(1, 31), 12)
            NumberHolding.objects.filter(subscriber=line).update(end=chosen)
            NumberHolding.objects.create(
                subscriber=line, number=f"37544{line.pk:07}", start=chosen, category=gold, fee=gold.fee
            )
    mine, invoice = current.charges_so_far([world.first.pk], LAST)[world.first.pk], bill(world.first)
    assert (mine.net, mine.vat, mine.gross) == (invoice.net, invoice.vat, invoice.gross)
