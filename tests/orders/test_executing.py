import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import pytest

from abonent.audit.models import Entry
from abonent.jobs.errors import LeaseLost
from abonent.jobs.worker import dead_jobs
from abonent.lib import clock
from abonent.network.embedded import EmbeddedNetwork
from abonent.network.models import NetworkCommand
from abonent.network.values import Command, Outcome
from abonent.orders import executing
from abonent.orders.executing import digest, spans
from abonent.orders.models import Order
from abonent.orders.queues import ITEMS
from abonent.subscribers.models import ConnectedService, Subscriber
from tests.cast import Cast, subscriber
from tests.conftest import NOON
from tests.orders.world import adds_up, draft, file_of, placed, results, work

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def ids(cast: Cast, count: int = 3) -> list[int]:
    return [line.pk for line in cast.subscribers[:count]]


def clip(cast: Cast) -> int:
    return cast.catalog.service.pk


class Poisoned(EmbeddedNetwork):
    """It breaks on one number, and refuses another."""

    broken = "375291110002"
    unknown = "375291110003"

    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        if any(command.number == self.broken for command in commands):
            raise ConnectionError("the line broke")
        outcomes = dict(super().apply(commands))
        refused = Outcome(done=False, reason="unknown")
        return outcomes | {command.key: refused for command in commands if command.number == self.unknown}


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executing, "gateway", Poisoned)


def work_for_hours(order: Order) -> Order:
    for hour in range(12):
        with clock.stopped(NOON + dt.timedelta(hours=hour)):
            work(order)
    return order


def test_S15_1_every_row_of_an_order_is_done_once(cast: Cast) -> None:
    order = work(placed(cast.anna, ids(cast), service=clip(cast)))
    assert (order.state, order.done, order.left) == (Order.State.DONE, 3, 0)
    assert adds_up(order)
    rows = ConnectedService.objects.filter(service=cast.catalog.service, end__isnull=True)
    assert sorted(rows.values_list("subscriber_id", flat=True)) == ids(cast)
    assert set(rows.values_list("source", flat=True)) == set(NetworkCommand.objects.values_list("key", flat=True))
    assert order.finished_at is not None


def test_S15_1_only_a_confirmed_order_is_done(cast: Cast) -> None:
    order = work(draft(cast.anna, ids(cast), service=clip(cast)))
    assert order.state == Order.State.DRAFT
    assert not NetworkCommand.objects.exists()


def test_S15_1_a_refused_row_does_not_hold_the_others(cast: Cast) -> None:
    order = work(placed(cast.anna, file_of("375299999999", cast.subscribers[0].number), service=clip(cast)))
    assert order.state == Order.State.DONE
    assert results(order) == [(1, "refused", "not_yours"), (2, "done", "")]
    assert adds_up(order)


def test_S15_1_each_row_is_checked_again_before_it_is_done(cast: Cast) -> None:
    order = placed(cast.anna, ids(cast, 4), service=clip(cast))
    terminated, renumbered, moved, _untouched = cast.subscribers[:4]
    Subscriber.objects.filter(pk=terminated.pk).update(status="terminated")
    Subscriber.objects.filter(pk=renumbered.pk).update(number="375291119999")
    Subscriber.objects.filter(pk=moved.pk).update(account=cast.stranger_account)
    work(order)
    assert results(order) == [
        (1, "refused", "terminated"),
        (2, "refused", "changed"),
        (3, "refused", "moved"),
        (4, "done", ""),
    ]
    assert order.state == Order.State.PARTLY
    assert adds_up(order)
    assert NetworkCommand.objects.count() == ConnectedService.objects.count() == 1


def test_two_orders_at_one_number_the_second_sees_what_the_first_has_done(cast: Cast) -> None:
    first, second = (placed(cast.anna, ids(cast, 1), service=clip(cast)) for _ in range(2))
    work(first)
    second.refresh_from_db()
    assert (results(first), results(second)) == ([(1, "done", "")], [(1, "nothing", "already")])
    assert second.state == Order.State.DONE
    assert ConnectedService.objects.count() == 1


def test_a_row_waits_while_another_order_is_at_its_number(cast: Cast) -> None:
    with clock.stopped(NOON):
        first = placed(cast.anna, ids(cast, 1), service=clip(cast))
        second = placed(cast.anna, ids(cast, 2), service=clip(cast))
        held = ITEMS.claim({ITEMS.name: second.pk})
        assert held is not None
        assert {item.order_id for item in held.open.values()} == {first.pk}
        ITEMS.turn({ITEMS.name: first.pk})
        assert results(second) == [(1, "", ""), (2, "done", "")]
        executing.execute(list(held.open.values()), held)
    with clock.stopped(NOON + dt.timedelta(minutes=1)):
        work(second)
    assert (results(first), results(second)[0]) == ([(1, "done", "")], (1, "nothing", "already"))
    assert NetworkCommand.objects.count() == 2


def test_a_worker_that_was_killed_after_the_network_knew_doubles_nothing(cast: Cast) -> None:
    with clock.stopped(NOON):
        order = placed(cast.anna, ids(cast), service=clip(cast))
        lost = ITEMS.claim()
        assert lost is not None
        commands = [Command(item.source, "connect_service", item.number) for item in lost.open.values()]
        EmbeddedNetwork().apply(commands)
        assert work(order).done == 0
    with clock.stopped(NOON + dt.timedelta(seconds=7)):
        work(order)
        # The one thought dead comes back, late: what it would write is dropped.
        executing_late = list(lost.open.values())
        with pytest.raises(LeaseLost):
            executing.execute(executing_late, lost)
    assert (order.state, order.done) == (Order.State.DONE, 3)
    assert adds_up(order)
    assert (NetworkCommand.objects.count(), ConnectedService.objects.count()) == (3, 3)


class Killed(BaseException):
    """The end of the worker's process, as far as a test can die."""


def test_S15_6_killed_after_the_network_knew_then_cancelled_each_row_ends_as_it_is_in_the_network(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = dataclasses.replace(ITEMS, batch=2)
    with clock.stopped(NOON), monkeypatch.context() as patch:
        order = placed(cast.anna, ids(cast), service=clip(cast))
        patch.setattr(executing, "_write", lambda *_given: (_ for _ in ()).throw(Killed))
        lease = two.claim()
        assert lease is not None
        with pytest.raises(Killed):
            executing.execute(list(lease.open.values()), lease)
    assert order.cancel(cast.anna.actor())
    with clock.stopped(NOON + dt.timedelta(seconds=7)):
        work(order)
    assert results(order) == [(1, "done", ""), (2, "done", ""), (3, "cancelled", "order_cancelled")]
    assert order.state == Order.State.PARTLY
    assert adds_up(order)
    told = set(NetworkCommand.objects.values_list("number", flat=True))
    assert told == set(ConnectedService.objects.values_list("subscriber__number", flat=True))
    assert len(told) == 2


def test_S15_6_what_the_network_refused_before_the_worker_was_killed_is_not_said_to_be_cancelled(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executing, "gateway", Poisoned)
    with clock.stopped(NOON), monkeypatch.context() as patch:
        order = placed(cast.anna, [cast.subscribers[2].pk], service=clip(cast))
        patch.setattr(executing, "_write", lambda *_given: (_ for _ in ()).throw(Killed))
        lease = ITEMS.claim()
        assert lease is not None
        with pytest.raises(Killed):
            executing.execute(list(lease.open.values()), lease)
    order.cancel(cast.anna.actor())
    with clock.stopped(NOON + dt.timedelta(seconds=7)):
        work(order)
    assert results(order) == [(1, "failed", "network_refused")]


@pytest.mark.usefixtures("noon", "poisoned")
def test_one_poisoned_row_fails_alone_after_its_last_try(cast: Cast) -> None:
    order = placed(cast.anna, ids(cast), service=clip(cast))
    with clock.stopped(NOON):
        work(order)
        assert results(order) == [(1, "done", ""), (2, "", ""), (3, "failed", "network_refused")]
        assert order.state == Order.State.PROCESSING
        assert adds_up(order)
    work_for_hours(order)
    assert results(order)[1] == (2, "failed", "kept_failing")
    assert order.items.get(row=2).attempts == executing.MAX_ATTEMPTS
    assert order.state == Order.State.PARTLY
    assert adds_up(order)
    assert ConnectedService.objects.count() == 1
    # It has its end in the order, so it is no dead job that waits for somebody.
    assert list(dead_jobs([ITEMS])) == []


@pytest.mark.usefixtures("noon", "poisoned")
def test_an_order_of_which_nothing_was_done_has_failed(cast: Cast) -> None:
    order = work_for_hours(placed(cast.anna, ids(cast)[1:], service=clip(cast)))
    assert (order.state, order.failed) == (Order.State.FAILED, 2)


def test_a_row_that_kills_its_worker_each_time_is_given_up(cast: Cast) -> None:
    order = placed(cast.anna, ids(cast, 1), service=clip(cast))
    order.items.update(attempts=executing.MAX_ATTEMPTS)
    work(order)
    assert results(order) == [(1, "failed", "stopped")]
    assert order.state == Order.State.FAILED
    assert not NetworkCommand.objects.exists()


def test_cancelling_while_it_runs_leaves_each_row_one_end(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    order = placed(cast.anna, ids(cast, 4), service=clip(cast))
    two_at_a_time = dataclasses.replace(ITEMS, batch=2)
    lease = two_at_a_time.claim()
    assert lease is not None
    batch = list(lease.open.values())
    apply = EmbeddedNetwork.apply

    def apply_and_cancel(self: EmbeddedNetwork, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        assert Order.objects.get(pk=order.pk).cancel(cast.anna.actor())
        return apply(self, commands)

    monkeypatch.setattr(EmbeddedNetwork, "apply", apply_and_cancel)
    executing.execute(batch, lease)
    work(order)
    ends = [result for _row, result, _reason in results(order)]
    assert (sorted(ends), order.state) == (["cancelled", "cancelled", "done", "done"], Order.State.PARTLY)
    assert adds_up(order)
    assert NetworkCommand.objects.count() == 2


def test_a_small_order_does_not_stand_behind_a_large_one(cast: Cast) -> None:
    for place in range(executing.BATCH + 100):
        line = Subscriber(account=cast.first, tariff=cast.catalog.tariff, status="active")
        line.number = f"37533{place:07}"
        line.iccid = f"89375{place:07}"
        line.save()
    many = [line.pk for line in Subscriber.objects.filter(number__startswith="37533")]
    large = placed(cast.anna, many, service=clip(cast))
    small = placed(cast.anna, ids(cast, 1), service=clip(cast))
    served: dict[str, int] = {}
    ITEMS.turn(served)
    ITEMS.turn(served)
    large.refresh_from_db()
    small.refresh_from_db()
    assert (large.state, large.done) == (Order.State.PROCESSING, executing.BATCH)
    assert small.state == Order.State.DONE


def test_S15_6_each_batch_is_one_entry_with_the_digest_of_its_rows(cast: Cast) -> None:
    order = work(placed(cast.anna, file_of(*[cast.subscribers[place].number for place in (0, 1)]), service=clip(cast)))
    entry = Entry.objects.select_related("beside").get(action="orders.rows")
    assert entry.digest == digest(order.items.order_by("row").values_list("row", "number", "result", "reason"))
    assert (entry.target_id, entry.actor_id) == (str(order.pk), str(cast.anna.person_id))
    assert entry.beside.after == {"rows": "1-2", "done": 2}


def test_rows_are_named_by_spans() -> None:
    assert (spans([1, 2, 3, 5, 7, 8]), spans([4]), spans([])) == ("1-3 5 7-8", "4", "")


@pytest.mark.usefixtures("noon")
def test_what_is_written_of_a_batch_is_written_whole_or_not(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    order = placed(cast.anna, ids(cast, 1), service=clip(cast))

    def torn(*_args: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(executing, "_journal", torn)
    with clock.stopped(NOON):
        work(order)
    assert (order.done, results(order)) == (0, [(1, "", "")])
    assert not ConnectedService.objects.exists()
    monkeypatch.undo()
    with clock.stopped(NOON + dt.timedelta(minutes=1)):
        work(order)
    assert (order.state, ConnectedService.objects.count(), NetworkCommand.objects.count()) == (Order.State.DONE, 1, 1)


def test_a_line_that_came_after_the_check_is_not_touched(cast: Cast) -> None:
    order = placed(cast.anna, ids(cast, 1), service=clip(cast))
    late = subscriber(cast.first, "375291118888", "Late", cast.catalog)
    work(order)
    assert not ConnectedService.objects.filter(subscriber=late).exists()
