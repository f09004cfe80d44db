import pytest

from abonent.audit.models import Entry
from abonent.orders.models import Order, OrderNumbers
from abonent.subscribers.models import ConnectedService
from tests.cast import Cast
from tests.orders.world import adds_up, draft, file_of, placed, results, work

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def test_S15_6_a_double_click_is_one_order(cast: Cast) -> None:
    order = draft(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk)
    same = Order.objects.get(pk=order.pk)
    assert order.confirm(cast.anna.actor())
    assert not same.confirm(cast.anna.actor())
    assert same.number == order.number == 1
    assert Entry.objects.filter(action="orders.confirm").count() == 1
    work(order)
    assert ConnectedService.objects.count() == 1


def test_S15_6_orders_are_numbered_one_after_another_within_a_client(cast: Cast) -> None:
    service = cast.catalog.service.pk
    draft(cast.anna, [cast.subscribers[0].pk], service=service)
    numbers = [placed(cast.anna, [line.pk], service=service).number for line in cast.subscribers[:3]]
    foreign = placed(cast.stas, [cast.stranger_subscriber.pk], service=service)
    assert (numbers, foreign.number) == ([1, 2, 3], 1)
    assert OrderNumbers.objects.get(client=cast.company).last == 3


def test_an_order_of_which_nothing_can_be_done_is_not_placed(cast: Cast) -> None:
    order = draft(cast.anna, file_of("375299999999"), service=cast.catalog.service.pk)
    assert not order.confirm(cast.anna.actor())
    assert (order.state, order.number) == (Order.State.DRAFT, None)


def test_S15_6_placing_is_journaled_with_who_and_what(cast: Cast) -> None:
    order = placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk)
    entry = Entry.objects.select_related("beside").get(action="orders.confirm")
    assert (entry.client_id, entry.target_id, entry.actor_id) == (
        cast.company.pk,
        str(order.pk),
        str(cast.anna.person_id),
    )
    assert entry.beside.after["action"] == "connect_service"


def test_S15_6_an_order_is_from_the_persons_number(cast: Cast) -> None:
    order = draft(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk)
    assert order.person_label == "+375 29 100-00-01"


def test_a_draft_that_is_given_up_cannot_be_placed(cast: Cast) -> None:
    order = draft(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk)
    assert order.cancel(cast.anna.actor())
    assert not order.confirm(cast.anna.actor())
    assert order.number is None


def test_an_order_cancelled_before_it_began_does_nothing(cast: Cast) -> None:
    order = placed(cast.anna, [line.pk for line in cast.subscribers[:2]], service=cast.catalog.service.pk)
    assert order.cancel(cast.anna.actor())
    assert not order.cancel(cast.anna.actor())
    work(order)
    assert order.state == Order.State.CANCELLED
    assert results(order) == [(1, "cancelled", "order_cancelled"), (2, "cancelled", "order_cancelled")]
    assert adds_up(order)
    assert not ConnectedService.objects.exists()
    assert not order.cancel(cast.anna.actor())
