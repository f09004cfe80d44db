"""An order for a day to come (S17): it waits, can be moved and cancelled, and begins when its day comes and is open."""

import datetime as dt
import uuid

import pytest

from abonent.access.models import Role
from abonent.audit.models import Entry
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.lib.periods import midnight
from abonent.orders import approval, intake
from abonent.orders.models import Order
from abonent.orders.queues import ITEMS
from abonent.orders.selection import Source
from abonent.orders.starting import start_due
from abonent.profile import current
from abonent.subscribers.models import ConnectedService, Subscriber
from tests.cast import Cast
from tests.orders.world import adds_up, draft, results, work

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("noon")]

DAY = dt.timedelta(days=1)


def day(year: int, month: int, number: int) -> dt.datetime:
    return midnight(dt.date(year, month, number), current().zone)


TOMORROW = dt.datetime(2026, 11, 9, 21, 0, tzinfo=dt.UTC)
CLOSED = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)


def dated(cast: Cast, due: dt.datetime | None = TOMORROW, lines: int = 2) -> Order:
    """Two services to connect on a day, as a draft."""
    order = draft(cast.anna, [line.pk for line in cast.subscribers[:lines]], service=cast.catalog.service.pk)
    assert order.plan(due, cast.anna.actor())
    return order


def scheduled(cast: Cast, due: dt.datetime = TOMORROW) -> Order:
    order = dated(cast, due)
    assert order.confirm(cast.anna.actor())
    return order


def renaming(cast: Cast, due: dt.datetime | None = None) -> Order:
    line = cast.subscribers[0].pk
    source = Source(ids=(line,), data={line: {"last_name": "Sokol"}})
    return intake.place(cast.anna, "rename", {}, source, key=uuid.uuid4(), due=due)


def at(moment: dt.datetime, order: Order) -> Order:
    """Let the schedule and the worker look at `moment`."""
    with clock.stopped(moment):
        start_due()
        return work(order)


def test_S17_a_dated_order_waits_for_its_day_and_is_then_done(cast: Cast) -> None:
    order = scheduled(cast)
    assert (order.state, order.number, order.due) == (Order.State.SCHEDULED, 1, TOMORROW)
    assert at(TOMORROW - dt.timedelta(seconds=1), order).state == Order.State.SCHEDULED
    assert not ConnectedService.objects.exists()
    assert at(TOMORROW, order).state == Order.State.DONE
    assert set(ConnectedService.objects.values_list("start", flat=True)) == {TOMORROW}
    assert adds_up(order)


def test_S17_each_row_is_checked_again_when_the_day_comes(cast: Cast) -> None:
    order = scheduled(cast)
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(status="terminated")
    at(TOMORROW, order)
    assert results(order) == [(1, "refused", "terminated"), (2, "done", "")]


def test_S17_it_is_moved_to_another_day_until_it_starts(cast: Cast) -> None:
    order = scheduled(cast)
    assert order.plan(TOMORROW + DAY, cast.sergei.actor())
    assert at(TOMORROW, order).state == Order.State.SCHEDULED
    assert at(TOMORROW + DAY, order).state == Order.State.DONE
    late = order.plan(TOMORROW + 9 * DAY, cast.anna.actor())
    assert (late.allowed, bool(late.reason), order.due) == (False, True, TOMORROW + DAY)
    entry = Entry.objects.select_related("beside").filter(action="orders.plan").latest("pk")
    assert (entry.actor_id, entry.beside.before, entry.beside.after) == (
        str(cast.sergei.person_id),
        {"due": TOMORROW.isoformat()},
        {"due": (TOMORROW + DAY).isoformat()},
    )


def test_S17_a_dated_order_is_done_at_once_when_the_date_is_taken_away(cast: Cast) -> None:
    order = scheduled(cast)
    assert order.plan(None, cast.anna.actor())
    assert (order.state, order.due) == (Order.State.ACCEPTED, None)
    assert work(order).done == 2


def test_S17_a_dated_order_is_cancelled_before_its_day(cast: Cast) -> None:
    order = scheduled(cast)
    assert order.cancel(cast.anna.actor())
    assert not order.plan(None, cast.anna.actor())
    assert work(order).state == Order.State.CANCELLED
    assert results(order) == [(1, "cancelled", "order_cancelled"), (2, "cancelled", "order_cancelled")]
    assert at(TOMORROW, order).state == Order.State.CANCELLED
    assert adds_up(order)


@pytest.mark.parametrize("off", [dt.timedelta(0), -DAY, dt.timedelta(days=367)])
def test_S17_a_day_that_is_past_or_far_off_is_refused(cast: Cast, noon: dt.datetime, off: dt.timedelta) -> None:
    order = dated(cast)
    answer = order.plan(noon + off, cast.anna.actor())
    assert (bool(answer), order.due) == (False, TOMORROW)
    assert answer.reason
    with pytest.raises(ValueError, match="within a year"):
        renaming(cast, noon + off)


def test_S17_the_draft_of_another_is_not_dated(cast: Cast) -> None:
    order = dated(cast)
    assert not order.plan(None, cast.sergei.actor())
    order.refresh_from_db()
    assert order.due == TOMORROW


def test_S17_a_date_that_passed_before_it_was_confirmed_is_at_once(cast: Cast) -> None:
    order = dated(cast)
    with clock.stopped(TOMORROW + DAY):
        assert order.confirm(cast.anna.actor())
        assert (order.state, order.due) == (Order.State.ACCEPTED, None)


def test_L11_on_a_closed_day_the_draft_stays_and_says_from_when_it_is_possible(cast: Cast) -> None:
    with clock.stopped(CLOSED):
        order = renaming(cast)
        assert not order.confirm(cast.anna.actor())
        answer = order.why_not()
        assert (answer.possible_from, order.state) == (day(2026, 12, 1), Order.State.DRAFT)
        assert order.plan(answer.possible_from, cast.anna.actor())
        assert order.confirm(cast.anna.actor())
    assert at(day(2026, 12, 1), order).state == Order.State.DONE


def test_L11_a_closed_day_to_come_is_refused_too(cast: Cast) -> None:
    order = renaming(cast)
    assert not order.plan(CLOSED, cast.anna.actor())
    assert renaming(cast, CLOSED).why_not().possible_from == day(2026, 12, 1)


def test_L11_what_was_not_begun_before_the_day_closed_waits_for_the_first_open_one(cast: Cast) -> None:
    order = renaming(cast)
    assert order.confirm(cast.anna.actor())
    assert at(CLOSED, order).state == Order.State.SCHEDULED
    assert (order.due, order.done, order.left) == (day(2026, 12, 1), 0, 1)
    assert Entry.objects.get(action="orders.plan").actor_kind == "system"
    assert at(day(2026, 12, 1), order).state == Order.State.DONE


def test_L11_a_worker_that_was_down_on_the_day_does_it_on_the_next_open_one(cast: Cast) -> None:
    order = renaming(cast, day(2026, 11, 20))
    assert order.confirm(cast.anna.actor())
    assert at(CLOSED, order).due == day(2026, 12, 1)
    assert at(day(2026, 12, 1), order).state == Order.State.DONE


def test_S17_an_approved_order_waits_for_its_day(cast: Cast) -> None:
    Role.objects.filter(pk=cast.pavel.role_id).update(max_rows=0)
    order = draft(cast.pavel, [cast.subscribers[3].pk], service=cast.catalog.service.pk)
    assert order.plan(TOMORROW, cast.pavel.actor())
    assert order.confirm(cast.pavel.actor())
    assert order.state == Order.State.AWAITING
    assert at(TOMORROW - DAY / 48, order).state == Order.State.AWAITING
    assert approval.approve(order, cast.anna) is None
    assert order.state == Order.State.SCHEDULED
    assert at(TOMORROW, order).state == Order.State.DONE


def test_L11_approved_on_a_closed_day_it_goes_on_at_the_first_open_one(cast: Cast) -> None:
    Role.objects.filter(pk=cast.anna.role_id).update(max_rows=None)
    order = renaming(cast)
    Order.objects.filter(pk=order.pk).update(state=Order.State.AWAITING, number=7)
    with clock.stopped(CLOSED):
        assert approval.approve(order, cast.sergei) is None
    assert (order.state, order.due) == (Order.State.SCHEDULED, day(2026, 12, 1))


def test_S17_the_queue_is_not_asked_for_rows_of_what_is_still_to_come(cast: Cast) -> None:
    scheduled(cast)
    assert drain([ITEMS]) == 0
    assert ITEMS.claim() is None
