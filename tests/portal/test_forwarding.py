"""The page of forwarding: four kinds of one number, each set, changed and switched off (S12)."""

import uuid

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from abonent.lib import clock
from abonent.orders.models import Order
from abonent.portal.forwarding import forwarding_facts
from abonent.portal.ordering import again_url
from abonent.subscribers import forwarding
from abonent.subscribers.forwarding import Divert
from abonent.subscribers.models import Forwarding, Subscriber
from tests.cast import BEGAN, Cast
from tests.orders.world import draft, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "english")]

Kind = Forwarding.Kind
OUTSIDE = "375296660000"


def page(line: Subscriber) -> str:
    return f"/subscribers/{line.pk}/forwarding/"


def text(content: bytes) -> str:
    return " ".join(content.decode().split())


def test_S12_a_kind_is_set_by_an_order_of_one_line(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    sent = {"kind": "no_answer", "target": "+375 29 666-00-00", "seconds": "20", "key": str(uuid.uuid4())}
    there = anna_client.post(page(line), sent).headers["Location"]
    assert anna_client.post(page(line), sent).headers["Location"] == there, "sent twice, one order"
    order = Order.objects.get()
    assert there == f"/orders/{order.pk}/"
    assert "Forward calls of 1 number" in text(anna_client.get(there).content)
    anna_client.post(f"{there}confirmation/")
    work(order)
    row = Forwarding.objects.get(subscriber=line, end=None)
    assert (row.kind, row.target, row.seconds) == ("no_answer", OUTSIDE, 20)
    shown = text(anna_client.get(page(line)).content)
    assert 'value="+375 29 666-00-00"' in shown
    assert "after 20 seconds" in shown


def test_S12_it_is_switched_off_without_a_number(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    forwarding.forward([line.pk], Kind.BUSY, Divert(OUTSIDE), BEGAN)
    there = anna_client.post(page(line), {"kind": "busy", "off": "1"}).headers["Location"]
    anna_client.post(f"{there}confirmation/")
    work(Order.objects.get())
    assert not Forwarding.objects.filter(end=None).exists()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"kind": "busy", "target": ""}, "Type the number to forward calls to."),
        ({"kind": "busy", "target": "103"}, "This is no whole phone number."),
        ({"kind": "busy", "target": "375291110001"}, "A number cannot be forwarded to itself."),
        ({"kind": "busy", "target": "375291110002"}, "The calls would come back to this number"),
        ({"kind": "busy", "target": "+49 30 901820"}, "Calls cannot be forwarded to this country."),
        ({"kind": "no_answer", "target": OUTSIDE, "seconds": "7"}, "Select a valid choice."),
        ({"kind": "unreachable", "off": "1"}, "Its calls are not forwarded."),
    ],
)
def test_S12_what_cannot_be_is_told_at_once_beside_what_was_typed(
    cast: Cast, anna_client: Client, sent: dict[str, str], told: str
) -> None:
    forwarding.forward([cast.subscribers[1].pk], Kind.BUSY, Divert(cast.subscribers[0].number), BEGAN)
    answer = anna_client.post(page(cast.subscribers[0]), sent)
    assert answer.status_code == 422
    assert told in text(answer.content)
    assert f'value="{sent.get("target") or ""}"' in text(answer.content)
    assert not Order.objects.exists()


def test_S12_a_kind_that_there_is_not_orders_nothing(cast: Cast, anna_client: Client) -> None:
    for kind in ("", "sometimes", "1' OR '1'='1"):
        assert anna_client.post(page(cast.subscribers[0]), {"kind": kind, "target": OUTSIDE}).status_code == 422
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("status", "forms"), [("active", True), ("blocked", False), ("pending", False), ("terminated", False)]
)
def test_S12_only_an_active_number_offers_to_set_it(
    cast: Cast, anna_client: Client, status: str, *, forms: bool
) -> None:
    line = cast.subscribers[0]
    Subscriber.objects.filter(pk=line.pk).update(status=status)
    assert ('name="target"' in text(anna_client.get(page(line)).content)) is forms
    assert anna_client.post(page(line), {"kind": "busy", "target": OUTSIDE}).status_code == (302 if forms else 422)


def test_S12_the_number_of_another_seat_is_none(cast: Cast, pavel_client: Client, elena_client: Client) -> None:
    for browser, known, other in (
        (pavel_client, cast.subscribers[3], cast.subscribers[0]),
        (elena_client, cast.subscribers[0], cast.subscribers[1]),
    ):
        assert browser.get(page(known)).status_code == 200
        assert browser.get(page(other)).status_code == 404
        assert browser.post(page(other), {"kind": "busy", "target": OUTSIDE}).status_code == 404


def test_S12_the_card_says_what_is_set_and_leads_on(cast: Cast) -> None:
    line = cast.subscribers[0]
    forwarding.forward([line.pk], Kind.UNREACHABLE, Divert(OUTSIDE), clock.now())
    facts = forwarding_facts(line, cast.anna)
    assert [row.target for row in facts["forwarding"]] == [OUTSIDE]  # type: ignore[attr-defined]  # a list of rows
    assert facts["forwarding_url"] == page(line)
    assert forwarding_facts(line, cast.kolya)["forwarding_url"] == ""


def test_the_page_asks_seldom(
    cast: Cast, anna_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    line = cast.subscribers[0]
    for kind in Kind:
        forwarding.forward([line.pk], kind, Divert(OUTSIDE, 5 if kind == Kind.NO_ANSWER else None), BEGAN)
    anna_client.get(page(line))
    with django_assert_max_num_queries(12):
        anna_client.get(page(line))


NEW = "/orders/new/forwarding/"


def test_S12_over_a_list_the_kind_decides_what_else_is_asked(anna_client: Client) -> None:
    bare = text(anna_client.get(f"{NEW}?divert=busy&switch=on").content)
    assert 'name="seconds"' not in bare
    assert 'name="pick"' not in bare
    assert "aria-invalid" not in bare, "nothing is wrong yet"
    assert 'name="seconds"' in text(anna_client.get(f"{NEW}?divert=no_answer&switch=on").content)
    off = text(anna_client.get(f"{NEW}?divert=no_answer&switch=off").content)
    assert 'name="target"' not in off
    assert 'name="pick"' in off, "nothing more is to be chosen"


@pytest.mark.parametrize(
    ("target", "told"),
    [("103", "This is no whole phone number."), ("+49 30 901820", "Calls cannot be forwarded to this country.")],
)
def test_S12_over_a_list_a_number_that_cannot_be_is_told_before(anna_client: Client, target: str, told: str) -> None:
    answer = anna_client.get(NEW, {"divert": "busy", "switch": "on", "target": target})
    assert told in text(answer.content)
    assert 'name="pick"' not in text(answer.content)


def test_S12_over_a_list_of_numbers_it_is_one_order(cast: Cast, anna_client: Client) -> None:
    lines = [line.pk for line in cast.subscribers[:3]]
    sent = {"divert": "no_answer", "switch": "on", "target": OUTSIDE, "seconds": "10", "by": "list", "pick": lines}
    there = anna_client.post(NEW, {**sent, "key": str(uuid.uuid4())}).headers["Location"]
    order = Order.objects.get()
    assert "Forward calls of 3 numbers" in text(anna_client.get(there).content)
    anna_client.post(f"{there}confirmation/")
    work(order)
    assert Forwarding.objects.filter(end=None, target=OUTSIDE, seconds=10).count() == 3
    again = anna_client.get(NEW, {"divert": "no_answer", "switch": "off"})
    assert again.status_code == 200


def test_S12_the_same_is_asked_for_again_as_it_was(cast: Cast) -> None:
    order = draft(cast.anna, [cast.subscribers[0].pk], "forwarding", kind="busy", on=True, target=OUTSIDE)
    assert again_url(order) == f"{NEW}?action=forwarding&divert=busy&switch=on&target={OUTSIDE}&by=file"
