"""Rows without an answer of the network: a person of the operator's says what became of them (S15.6)."""

from collections.abc import Mapping, Sequence

import pytest
from django.test import Client
from django.urls import reverse

from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.network.embedded import EmbeddedNetwork
from abonent.network.errors import NetworkError
from abonent.network.values import Command, Outcome
from abonent.orders import executing, settling
from abonent.orders.models import Order, OrderItem
from abonent.orders.settling import doubtful, settle
from abonent.subscribers.models import ConnectedService, Forwarding, ForwardingWish, PoolNumber, Subscriber
from tests.cast import Cast
from tests.orders.world import adds_up, draft, placed, results, work
from tests.subscribers.drum import category, fill

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("noon", "english")]
State = PoolNumber.State


class Mute(EmbeddedNetwork):
    """It does what it is told and never says so."""

    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        super().apply(commands)
        raise NetworkError("no answer")


def without_answer(order: Order, monkeypatch: pytest.MonkeyPatch) -> OrderItem:
    """Its only row, after the last try."""
    with monkeypatch.context() as patch:
        patch.setattr(executing, "gateway", Mute)
        work(order)
        order.items.update(attempts=executing.MAX_ATTEMPTS, next_try=clock.now())
        work(order)
    assert results(order) == [(1, "failed", "stopped")]
    return order.items.get()


def renumbered(cast: Cast) -> Order:
    made = category()
    fill(made, 5)
    order = draft(cast.anna, [cast.subscribers[0].pk], "change_numbers", category=made.pk)
    assert order.confirm(cast.anna.actor())
    return order


def state(number: str) -> State:
    return PoolNumber.objects.get(number=number).state_at(clock.now())


def test_S15_6_what_was_done_is_applied_with_its_journal(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    order = renumbered(cast)
    item = without_answer(order, monkeypatch)
    number = item.data["number"]
    assert state(number) == State.ORDERED, "it may be the line's already"
    assert settle(item, cast.olga.actor(), done=True) is None
    assert Subscriber.objects.get(pk=item.subscriber_id or 0).number == number
    assert (state(number), results(order)) == (State.HELD, [(1, "done", "said_done")])
    order.refresh_from_db()
    assert (order.state, order.done, order.failed) == (Order.State.DONE, 1, 0)
    assert adds_up(order)
    entry = Entry.objects.get(action="orders.settle")
    assert entry.beside.after["done"] is True
    assert settle(item, cast.olga.actor(), done=False).code == "settled"  # type: ignore[union-attr]  # it is a problem


def test_S15_6_what_was_not_done_frees_the_number(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    order = renumbered(cast)
    item = without_answer(order, monkeypatch)
    assert settle(item, cast.olga.actor(), done=False) is None
    assert (state(item.data["number"]), results(order)) == (State.FREE, [(1, "failed", "said_not_done")])
    order.refresh_from_db()
    assert (order.state, doubtful(9)) == (Order.State.FAILED, [])
    assert adds_up(order)


def test_S15_6_a_forwarding_in_doubt_still_counts_for_circles(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = cast.subscribers[:2]
    params = {"kind": "busy", "on": True}
    item = without_answer(placed(cast.anna, [one.pk], "forwarding", **params, target=two.number), monkeypatch)
    back = draft(cast.anna, [two.pk], "forwarding", **params, target=one.number)
    assert back.items.get().reason == "forwarding_loop"
    settle(item, cast.olga.actor(), done=True)
    assert (Forwarding.objects.filter(end=None).count(), ForwardingWish.objects.count()) == (1, 0)


def test_S15_6_what_our_books_have_already_is_not_done_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    service = cast.catalog.service.pk
    item = without_answer(placed(cast.anna, [cast.subscribers[0].pk], service=service), monkeypatch)
    again = work(placed(cast.anna, [cast.subscribers[0].pk], service=service))
    assert again.state == Order.State.DONE
    assert settle(item, cast.olga.actor(), done=True) is None
    assert ConnectedService.objects.count() == 1


def test_S15_6_what_cannot_be_applied_any_more_is_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    item = without_answer(placed(cast.anna, [cast.subscribers[0].pk], "block"), monkeypatch)
    Subscriber.objects.filter(pk=item.subscriber_id or 0).update(number="375299999999")
    problem = settle(item, cast.olga.actor(), done=True)
    assert problem is not None
    assert problem.code == "changed"
    assert doubtful(9) == [item]


def test_S15_6_a_row_of_which_the_network_was_never_told_is_in_no_doubt(cast: Cast) -> None:
    order = renumbered(cast)
    number = order.items.get().data["number"]
    order.items.update(attempts=executing.MAX_ATTEMPTS)
    work(order)
    assert results(order) == [(1, "failed", "stopped")]
    assert (state(number), doubtful(9)) == (State.FREE, [])


def test_S15_6_the_staff_see_both_sides_and_decide(
    cast: Cast, olga_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = without_answer(renumbered(cast), monkeypatch)
    page = reverse("operator_network")
    shown = olga_client.get(page, {"compare": item.number}).content.decode()
    assert "the network does not know the number" in shown
    assert "1 number compared." in shown
    said = olga_client.post(reverse("operator_row_settling", args=[item.pk]), {"said": "done"}, follow=True)
    assert "Written down: it was done." in said.content.decode()
    assert "Nothing is in doubt" in said.content.decode()
    monkeypatch.setattr(settling, "gateway", _silent)
    assert olga_client.get(page).status_code == 200


def _silent() -> EmbeddedNetwork:
    raise NetworkError("no answer")
