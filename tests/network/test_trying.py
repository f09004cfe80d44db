"""The network on trial: late, unwilling, forgetful, and always alike for a key."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from abonent.lib import clock
from abonent.network.errors import NetworkError
from abonent.network.gateway import gateway
from abonent.network.models import NetworkCommand
from abonent.network.values import Command, Outcome
from abonent.orders.models import Order
from abonent.subscribers.models import ConnectedService
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
