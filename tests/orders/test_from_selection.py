"""An order of the current selection: the lines as they were selected, each with its verdict."""

import pytest
from django.test import Client

from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from abonent.orders import intake, reading
from abonent.orders.models import ChosenLines, Order
from abonent.orders.selection import Source
from abonent.subscribers.models import ConnectedService, Subscriber
from tests.cast import Cast, subscriber
from tests.orders.world import draft, verdicts, work

pytestmark = pytest.mark.django_db
SERVICES = "/orders/new/services/"


def select(cast: Cast) -> None:
    selection.add(cast.anna, Wanted((Ref(Kind.ACCOUNT, cast.first.pk),)))


def send(cast: Cast, browser: Client, key: str = "6a8ab7ea-1b8a-4b4e-9d5c-111111111111") -> str:
    sent = {
        "action": "connect_service",
        "service": cast.catalog.service.pk,
        "by": "selection",
        "key": key,
        # What a list would send is not looked at.
        "pick": [cast.stranger_subscriber.pk],
        "all": "1",
    }
    return browser.post(SERVICES, sent).headers["Location"]


def test_V2_an_order_starts_from_the_current_selection(cast: Cast, anna_client: Client) -> None:
    select(cast)
    offered = anna_client.get(
        f"{SERVICES}?by=selection&service={cast.catalog.service.pk}", headers={"accept-language": "en"}
    ).content.decode()
    assert "Current selection (5)" in offered.replace('<span class="n">5</span>', "5")
    where = send(cast, anna_client)
    order = Order.objects.get()
    assert where == f"/orders/{order.pk}/"
    assert order.chosen == {"selected": 5}
    assert [row for _number, row, _reason in verdicts(order)] == ["fine"] * 5
    assert order.confirm(cast.anna.actor())
    work(order)
    assert ConnectedService.objects.count() == 5


def test_V2_what_is_selected_later_does_not_change_the_order(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 1)
    monkeypatch.setattr(reading, "CHUNK", 2)
    select(cast)
    source = Source(selected=tuple(selection.lines(cast.anna).values_list("pk", flat=True)))
    selection.clear(cast.anna)
    order = draft(cast.anna, source, service=cast.catalog.service.pk)
    assert list(order.items.order_by("row").values_list("number", flat=True)) == [
        line.number for line in cast.subscribers[:5]
    ]


def test_V8_a_line_that_left_the_seat_meanwhile_is_not_ordered_for(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "AT_ONCE", 1)
    select(cast)
    ids = (*selection.lines(cast.anna).values_list("pk", flat=True), cast.stranger_subscriber.pk)
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(account=cast.second)
    order = draft(cast.anna, Source(selected=ids), service=cast.catalog.service.pk)
    assert set(order.items.values_list("subscriber", flat=True)) == {line.pk for line in cast.subscribers[1:5]}


def test_S15_1_a_terminated_line_of_the_selection_is_refused_and_not_lost(cast: Cast, anna_client: Client) -> None:
    select(cast)
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(status=Subscriber.Status.TERMINATED)
    send(cast, anna_client)
    assert verdicts(Order.objects.get())[0][1:] == ("refused", "terminated")


def test_S15_6_sent_twice_it_is_one_draft_and_another_after_the_selection_changed(
    cast: Cast, anna_client: Client
) -> None:
    select(cast)
    assert send(cast, anna_client) == send(cast, anna_client)
    selection.take_out(cast.anna, Wanted((Ref(Kind.NUMBER, cast.subscribers[0].pk),)))
    send(cast, anna_client)
    assert Order.objects.count() == 2
    assert ChosenLines.objects.count() == 2


def test_V2_an_empty_selection_is_said_to_be_empty(cast: Cast, anna_client: Client) -> None:
    sent = {"action": "connect_service", "service": cast.catalog.service.pk, "by": "selection"}
    response = anna_client.post(SERVICES, sent, headers={"accept-language": "en"})
    assert response.status_code == 422
    assert "The current selection is empty." in response.content.decode()
    assert not Order.objects.exists()


def test_S15_1_a_selected_line_is_not_mistaken_for_who_holds_its_number_now(cast: Cast, anna_client: Client) -> None:
    gone = cast.subscribers[0]
    Subscriber.objects.filter(pk=gone.pk).update(status=Subscriber.Status.TERMINATED)
    heir = subscriber(cast.first, "375291110099", "Heir", cast.catalog)
    Subscriber.objects.filter(pk=heir.pk).update(number=gone.number)
    selection.add(cast.anna, Wanted((Ref(Kind.NUMBER, gone.pk),)))
    send(cast, anna_client)
    item = Order.objects.get().items.get()
    assert (item.subscriber_id, item.verdict, item.reason) == (gone.pk, "refused", "terminated")
    assert item.subscriber_id != heir.pk
