"""The page of an order: its day, the same list ordered before, another try, and who may do what there (S17)."""

import datetime as dt
import uuid

import pytest
from django.test import Client

from abonent.access.models import Person, Role, Seat
from abonent.access.rights import Right
from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.orders import approval, intake
from abonent.orders.models import Order
from abonent.orders.selection import Source
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import NOON, logged_in
from tests.orders.world import draft, placed, results, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

CLOSED = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
FRESH = "account_authentication_methods"


def page(browser: Client, order: Order) -> str:
    response = browser.get(f"/orders/{order.pk}/", headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def of_two(cast: Cast) -> Order:
    return draft(cast.anna, [line.pk for line in cast.subscribers[:2]], service=cast.catalog.service.pk)


def terminating(cast: Cast, seat: Seat) -> Order:
    return draft(seat, [cast.subscribers[0].pk], "terminate")


def seat_with(cast: Cast, *rights: Right) -> Seat:
    role = Role.objects.create(client=cast.company, key="some", own_name="Some", own_rights=[*rights])
    return Seat.objects.give(Person.objects.create_person("Petr"), role, cast.company)


def stale(browser: Client) -> Client:
    """The last proof of who it is, is old."""
    session = browser.session
    del session[FRESH]
    session.save()
    return browser


def test_S17_the_draft_says_when_and_lets_one_choose_a_day(cast: Cast, anna_client: Client) -> None:
    order = of_two(cast)
    assert "<dd>at once</dd>" in page(anna_client, order)
    anna_client.post(f"/orders/{order.pk}/date/", {"day": "2026-11-12"})
    shown = page(anna_client, order)
    assert "The order is for 12.11.2026." in shown
    assert "12 Nov 2026" in shown
    assert Entry.objects.filter(action="orders.plan").count() == 1
    response = anna_client.post(f"/orders/{order.pk}/confirmation/")
    assert "It begins on" in anna_client.get(response.headers["Location"]).content.decode()
    order.refresh_from_db()
    assert (order.state, order.due) == (Order.State.SCHEDULED, dt.datetime(2026, 11, 11, 21, 0, tzinfo=dt.UTC))


def test_S17_a_scheduled_order_is_moved_and_cancelled_on_its_page(cast: Cast, anna_client: Client) -> None:
    order = of_two(cast)
    anna_client.post(f"/orders/{order.pk}/date/", {"day": "2026-11-12"})
    anna_client.post(f"/orders/{order.pk}/confirmation/")
    assert "Choose another day" in page(anna_client, order)
    anna_client.post(f"/orders/{order.pk}/date/", {"day": "2026-11-13"})
    assert "13 Nov 2026" in page(anna_client, order)
    assert f'href="/orders/{order.pk}/"' in anna_client.get("/orders/").content.decode()
    anna_client.post(f"/orders/{order.pk}/cancellation/")
    assert results(work(order))[0] == (1, "cancelled", "order_cancelled")
    assert "too late to choose" in page_after(anna_client, f"/orders/{order.pk}/date/", {"day": "2026-11-14"})


def page_after(browser: Client, address: str, data: dict[str, str]) -> str:
    return browser.post(address, data, follow=True, headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    "day", ["2026-11-09", "2026-11-01", "2028-01-01", "tomorrow", "9999-12-31", "0001-01-01", "1" * 30]
)
def test_S17_a_day_that_cannot_be_is_said_at_the_form(cast: Cast, anna_client: Client, day: str) -> None:
    order = of_two(cast)
    response = anna_client.post(f"/orders/{order.pk}/date/", {"day": day})
    assert response.status_code == 422
    assert "confirmation" in response.content.decode()
    order.refresh_from_db()
    assert order.due is None


def test_L11_the_draft_says_why_a_closed_day_is_closed_and_from_when_it_is_possible(cast: Cast) -> None:
    source = Source(ids=(cast.subscribers[0].pk,), data={cast.subscribers[0].pk: {"last_name": "Sokol"}})
    with clock.stopped(CLOSED):
        browser = logged_in(cast.anna)
        order = intake.place(cast.anna, "rename", {}, source, key=uuid.uuid4())
        shown = page(browser, order)
        assert "Names cannot be changed on the last 2 days of a month. It is possible from 01.12.2026." in shown
        assert 'type="submit" disabled' in shown
        assert browser.post(f"/orders/{order.pk}/confirmation/").headers["Location"] == f"/orders/{order.pk}/"
        browser.post(f"/orders/{order.pk}/date/", {"day": "2026-12-01"})
        assert 'type="submit" disabled' not in page(browser, order)
        browser.post(f"/orders/{order.pk}/confirmation/")
        order.refresh_from_db()
        assert order.state == Order.State.SCHEDULED


def test_the_draft_of_the_same_list_links_the_first(cast: Cast, anna_client: Client) -> None:
    typed = Source(typed=cast.subscribers[0].number)
    first = placed(cast.anna, typed, service=cast.catalog.service.pk)
    again = draft(cast.anna, typed, service=cast.catalog.service.pk)
    shown = page(anna_client, again)
    assert "The same list was ordered on" in shown
    assert f'href="/orders/{first.pk}/"' in shown
    assert "The same list" not in page(anna_client, first)


def test_what_failed_is_tried_again_by_a_button_and_both_pages_lead_to_each_other(
    cast: Cast, anna_client: Client
) -> None:
    order = placed(cast.anna, [line.pk for line in cast.subscribers[:2]], service=cast.catalog.service.pk)
    order.items.filter(row=1).update(attempts=99)
    assert results(work(order))[0] == (1, "failed", "stopped")
    shown = page(anna_client, order)
    assert 'Try <span class="n">1</span> row again' in shown
    key = shown.split('name="key" value="')[1].split('"')[0]
    first, second = (anna_client.post(f"/orders/{order.pk}/retry/", {"key": key}).headers["Location"] for _ in "12")
    assert first == second
    again = Order.objects.get(retry_of=order)
    assert f'href="/orders/{order.pk}/"' in page(anna_client, again)
    assert f'href="/orders/{again.pk}/"' in page(anna_client, order)


def test_V8_an_order_that_tries_it_again_is_named_to_those_who_see_it(cast: Cast) -> None:
    first = placed(cast.pavel, [cast.subscribers[3].pk], service=cast.catalog.service.pk)
    again = placed(cast.anna, [cast.subscribers[3].pk], service=cast.catalog.service.pk)
    Order.objects.filter(pk=again.pk).update(retry_of=first)
    link = f'href="/orders/{again.pk}/"'
    assert link in page(logged_in(cast.anna), first)
    assert link not in page(logged_in(cast.pavel), first)


def test_of_an_order_that_is_wholly_done_nothing_is_tried_again(cast: Cast, anna_client: Client) -> None:
    order = work(placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk))
    assert "retry/" not in page(anna_client, order)
    assert "can be tried again" in page_after(anna_client, f"/orders/{order.pk}/retry/", {"key": "x"})


@pytest.mark.parametrize("verb", ["confirmation", "cancellation", "dropped-rows", "date", "retry"])
def test_each_verb_takes_the_right_of_the_orders_own_action(cast: Cast, verb: str) -> None:
    order = of_two(cast)
    seat = seat_with(cast, Right.SEE_SUBSCRIBERS, Right.CHANGE_NAMES)
    browser = logged_in(seat)
    assert "confirmation" not in page(browser, order)
    assert browser.post(f"/orders/{order.pk}/{verb}/", {"day": "2026-11-12"}).status_code == 403
    order.refresh_from_db()
    assert (order.state, order.due, order.left) == (Order.State.DRAFT, None, 2)
    assert Entry.objects.filter(action="access.refused").count() == 1
    assert logged_in(cast.stas).post(f"/orders/{order.pk}/{verb}/").status_code == 404


@pytest.mark.parametrize("right", [Right.SEE_HISTORY, Right.APPROVE_ORDERS, Right.CHANGE_NAMES])
def test_whoever_reads_the_history_or_approves_may_look_at_an_order(cast: Cast, right: Right) -> None:
    order = placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk)
    browser = logged_in(seat_with(cast, right))
    assert "cancellation" not in page(browser, order)
    book = browser.get(f"/orders/{order.pk}/export/")
    assert book.status_code == 200
    book.close()


@pytest.mark.parametrize("verb", ["confirmation", "date", "retry"])
def test_V8_a_termination_asks_for_a_new_proof(cast: Cast, verb: str) -> None:
    order = terminating(cast, cast.anna)
    response = stale(logged_in(cast.anna)).post(f"/orders/{order.pk}/{verb}/", {"day": "2026-11-12"})
    assert response.headers["Location"].startswith("/login/again/?")
    order.refresh_from_db()
    assert (order.state, order.due) == (Order.State.DRAFT, None)


def test_V8_what_stops_a_termination_asks_for_no_proof(cast: Cast) -> None:
    order = terminating(cast, cast.anna)
    assert stale(logged_in(cast.anna)).post(f"/orders/{order.pk}/cancellation/").status_code == 302
    order.refresh_from_db()
    assert order.state == Order.State.CANCELLED


def test_V8_approving_a_termination_asks_for_a_new_proof(cast: Cast) -> None:
    seat = seat_with(cast, Right.SEE_SUBSCRIBERS, Right.TERMINATE)
    Role.objects.filter(pk=seat.role_id).update(max_rows=0)
    order = terminating(cast, seat)
    assert order.confirm(seat.actor())
    assert approval.why_not(order, cast.anna) is None
    response = stale(logged_in(cast.anna)).post(f"/orders/{order.pk}/approval/")
    assert response.headers["Location"].startswith("/login/again/?")
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING


def test_a_session_that_ends_in_the_middle_loses_neither_the_draft_nor_what_was_asked(cast: Cast) -> None:
    order = of_two(cast)
    browser = logged_in(cast.anna)
    session = browser.session
    session.set_expiry(NOON - dt.timedelta(days=1))
    session.save()
    response = browser.post(f"/orders/{order.pk}/confirmation/")
    assert response.headers["Location"].startswith("/login/")
    order.refresh_from_db()
    assert order.state == Order.State.DRAFT
    back = logged_in(cast.anna)
    assert "confirmation" in page(back, order)
    assert back.post(f"/orders/{order.pk}/confirmation/").headers["Location"].endswith("/placed/")
    assert Subscriber.objects.filter(pk=cast.subscribers[0].pk).exists()
