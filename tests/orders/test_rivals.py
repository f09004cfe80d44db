"""Two orders for the same number or SIM for the same line (S13, S14): ending one takes nothing from the other."""

import datetime as dt
import uuid

import pytest

from abonent.lib import clock
from abonent.orders import intake
from abonent.orders.dropping import drop
from abonent.orders.models import Order, Result
from abonent.orders.starting import start_due
from abonent.subscribers.models import PoolNumber, SimCard
from tests.cast import Cast
from tests.conftest import NOON
from tests.orders.test_renumbering import SPARE, asked
from tests.orders.test_settling import State, renumbered, state, without_answer
from tests.orders.world import draft, placed, results, work
from tests.subscribers.drum import category, fill

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("noon", "english")]


def twice(cast: Cast) -> tuple[Order, Order, str]:
    """A placed order for a number of the pool, a draft that was given the same one, and that number."""
    made = category()
    fill(made, 5)
    line = [cast.subscribers[0].pk]
    one = draft(cast.anna, line, "change_numbers", category=made.pk)
    two = draft(cast.anna, line, "change_numbers", category=made.pk)
    number = one.items.get().data["number"]
    assert two.items.get().data["number"] == number
    assert one.plan(NOON + dt.timedelta(days=3), cast.anna.actor())
    assert one.confirm(cast.anna.actor())
    assert state(number) == State.ORDERED
    return one, two, number


@pytest.mark.parametrize("how", ["cancelled", "taken out", "placed and cancelled"])
def test_S13_who_gives_up_the_second_order_leaves_the_number_to_the_first(cast: Cast, how: str) -> None:
    one, two, number = twice(cast)
    if how == "taken out":
        assert drop(two, [two.items.get().pk], cast.anna.actor()) == 1
    else:
        if how == "placed and cancelled":
            assert two.plan(NOON + dt.timedelta(days=4), cast.anna.actor())
            assert two.confirm(cast.anna.actor())
        assert two.cancel(cast.anna.actor())
        work(two)
    assert state(number) == State.ORDERED
    with clock.stopped(NOON + dt.timedelta(days=3)):
        start_due()
        work(one)
    assert results(one) == [(1, "done", "")]
    assert state(number) == State.HELD


def test_S13_the_last_that_is_given_up_frees_the_number(cast: Cast) -> None:
    one, two, number = twice(cast)
    assert two.cancel(cast.anna.actor())
    assert one.cancel(cast.anna.actor())
    work(one)
    assert state(number) == State.FREE


def test_S14_a_cancelled_list_leaves_the_sim_to_the_order_that_has_it(cast: Cast) -> None:
    sim = SimCard.objects.create(iccid=SPARE[0], client=cast.company)
    source = asked(cast.subscribers[0], sim.iccid)
    one, two = (draft(cast.anna, source, "replace_sim") for _order in range(2))
    assert one.plan(NOON + dt.timedelta(days=3), cast.anna.actor())
    assert one.confirm(cast.anna.actor())
    assert two.plan(NOON + dt.timedelta(days=4), cast.anna.actor())
    assert two.confirm(cast.anna.actor())
    assert two.cancel(cast.anna.actor())
    work(two)
    assert SimCard.objects.as_system().get(pk=sim.pk).line_id == cast.subscribers[0].pk


def test_S15_6_what_the_network_may_have_done_is_not_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    order = renumbered(cast)
    item = without_answer(order, monkeypatch)
    order.refresh_from_db()
    assert (order.failed, intake.retriable(order, Result.FAILED)) == (1, 0)
    with pytest.raises(ValueError, match="nothing to try again"):
        intake.retry(order, cast.anna, key=uuid.uuid4())
    assert PoolNumber.objects.get(number=item.data["number"]).free_from is None


def test_S15_6_a_row_in_doubt_keeps_its_number_when_another_order_ends(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = without_answer(renumbered(cast), monkeypatch)
    number = item.data["number"]
    again = placed(cast.anna, [cast.subscribers[0].pk], "change_number", number=number)
    assert again.cancel(cast.anna.actor())
    work(again)
    assert state(number) == State.ORDERED
