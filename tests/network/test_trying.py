"""The network on trial: late, unwilling, forgetful, and always alike for a key."""

from collections.abc import Sequence

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from abonent.lib import clock
from abonent.network.errors import NetworkError
from abonent.network.gateway import gateway
from abonent.network.models import NetworkCommand
from abonent.network.trying import TryingNetwork
from abonent.network.values import Command, Outcome
from abonent.orders.models import Order
from abonent.subscribers.models import ConnectedService, Forwarding, Subscriber
from tests.cast import Cast
from tests.orders.world import adds_up, placed, results, work

pytestmark = [pytest.mark.django_db]


def commands(count: int = 200) -> list[Command]:
    return [
        Command(f"k{place}", "connect_service", f"3752911{place:05}", {"service": "clip"}) for place in range(count)
    ]


def test_a_share_is_refused_and_it_is_the_same_share_each_time() -> None:
    with override_settings(NETWORK_URL="trying://?refuse_share=0.2&seed=a"):
        found = gateway().apply(commands())
        assert gateway().apply(commands()) == found
    refused = {key for key, outcome in found.items() if outcome == Outcome(done=False, reason="on_trial")}
    assert 20 <= len(refused) <= 60
    assert NetworkCommand.objects.filter(done=False).count() == len(refused)
    NetworkCommand.objects.all().delete()
    with override_settings(NETWORK_URL="trying://?refuse_share=0.2&seed=b"):
        other = gateway().apply(commands())
    assert {key for key, outcome in other.items() if not outcome.done} != refused


def test_an_answer_is_lost_after_the_effect_and_the_next_try_gets_it() -> None:
    with override_settings(NETWORK_URL="trying://?timeout_after_share=0.1"):
        first = gateway().apply(commands())
        assert NetworkCommand.objects.count() == 200
        assert 5 <= 200 - len(first) <= 40
        lost = [command for command in commands() if command.key not in first]
        assert gateway().apply(lost) == {command.key: Outcome(done=True) for command in lost}
    assert NetworkCommand.objects.count() == 200
    with override_settings(NETWORK_URL="trying://?timeout_after_share=1"):
        more = [Command("other", "block", "1")]
        with pytest.raises(NetworkError, match="did not answer"):
            gateway().apply(more)
        assert gateway().apply(more) == {"other": Outcome(done=True)}
        assert gateway().apply([]) == {}


def test_it_answers_late() -> None:
    with override_settings(NETWORK_URL="trying://?delay_ms=50&late_share=0.5"):
        began = clock.timer()
        gateway().apply(commands(50))
        assert clock.timer() - began >= 0.05


@pytest.mark.parametrize(
    "query",
    ["late=1", "refuse_share=2", "refuse_share=x", "delay_ms=-1", "delay_ms=99999999", "timeout_after_share=nan"],
)
def test_what_makes_no_sense_is_an_error_at_start(query: str) -> None:
    with override_settings(NETWORK_URL=f"trying://?{query}"), pytest.raises(ImproperlyConfigured, match="NETWORK_URL"):
        gateway()


@pytest.mark.postgres
@pytest.mark.usefixtures("noon")
def test_an_order_over_a_network_that_forgets_is_done_once(cast: Cast) -> None:
    lines = [line.pk for line in cast.subscribers[:5]]
    with override_settings(NETWORK_URL="trying://?timeout_after_share=0.5&seed=c"):
        order = work(placed(cast.anna, lines, service=cast.catalog.service.pk))
        open_rows = order.items.filter(result="")
        assert 0 < open_rows.count() < 5
        assert set(open_rows.values_list("error", flat=True)) == {"the network did not answer"}
        open_rows.update(next_try=clock.now())
        order = work(order)
    assert (order.state, {result for _row, result, _reason in results(order)}) == (Order.State.DONE, {"done"})
    assert adds_up(order)
    assert (NetworkCommand.objects.count(), ConnectedService.objects.count()) == (5, 5)


def silent_order(cast: Cast, action: str, **params: object) -> Order:
    """An order on one line that the network has done, and of which nobody knows."""
    with override_settings(NETWORK_URL="trying://?timeout_after_share=1"):
        return work(placed(cast.anna, [cast.subscribers[0].pk], action, **params))


def let_wait_be_over(*orders: Order) -> None:
    for order in orders:
        order.items.filter(next_try__isnull=False).update(next_try=clock.now())


@pytest.mark.postgres
@pytest.mark.usefixtures("noon")
def test_another_order_at_the_number_waits_until_the_network_has_said_what_it_did(cast: Cast) -> None:
    there = {"kind": "busy", "on": True}
    first = silent_order(cast, "forwarding", target="375296660001", **there)
    second = work(placed(cast.anna, [cast.subscribers[0].pk], "forwarding", target="375296660002", **there))
    assert (first.left, second.left, NetworkCommand.objects.count()) == (1, 1, 1)
    let_wait_be_over(second)
    assert work(second).left == 1, "the first is not known yet"
    let_wait_be_over(first)
    assert work(first).state == Order.State.DONE
    let_wait_be_over(second)
    assert work(second).state == Order.State.DONE
    assert Forwarding.objects.get(end=None).target == "375296660002"
    assert NetworkCommand.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.usefixtures("noon")
def test_what_the_network_did_is_not_cancelled_nor_refused_afterwards(cast: Cast) -> None:
    order = silent_order(cast, "block")
    assert order.cancel(cast.anna.actor())
    # By the check it could not be blocked any more.
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(status="pending")
    let_wait_be_over(order)
    order = work(order)
    assert (order.state, results(order)) == (Order.State.DONE, [(1, "done", "")])
    cast.subscribers[0].refresh_from_db()
    assert cast.subscribers[0].status == "blocked"


@pytest.mark.usefixtures("noon")
def test_a_network_that_is_down_is_asked_once_a_batch_and_the_rows_wait(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def down(_network: TryingNetwork, commands: Sequence[Command]) -> dict[str, Outcome]:
        asked.append(len(commands))
        raise NetworkError("The network cannot be reached.")

    monkeypatch.setattr(TryingNetwork, "apply", down)
    with override_settings(NETWORK_URL="trying:"):
        order = work(placed(cast.anna, [line.pk for line in cast.subscribers[:5]], "block"))
    assert (asked, order.left) == ([5], 5)
    order = work(order)
    assert order.left == 5, "not before its time"
    let_wait_be_over(order)
    assert work(order).state == Order.State.DONE
