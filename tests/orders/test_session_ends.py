"""The session ends in the middle of an order: nothing is lost, and nothing is ordered twice (S15.1)."""

import re
import uuid

import pytest
from django.test import Client
from django.utils.html import escape

from abonent.access.models import LoginSession
from abonent.lib import clock
from abonent.orders.models import Order
from abonent.subscribers.models import ConnectedService, PoolNumber
from tests.cast import PASSWORD, Cast
from tests.orders.world import draft, work
from tests.subscribers.drum import category, fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PHONE = "375291000001"


def end_session() -> None:
    LoginSession.objects.update(expire_date=clock.now())


def log_in_again(browser: Client) -> str:
    """By password; the page that one is led to."""
    answer = browser.post("/login/password/", {"value": PHONE, "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/login/resume/"
    return answer.content.decode()


def send_again(browser: Client, page: str) -> str:
    """Press the button of the page that offers what was typed; where it leads."""
    form = re.search(r'<form[^>]* action="(/orders/[^"]*)"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form is not None
    names = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form[2])
    typed: dict[str, list[str]] = {}
    for name, value in names:
        typed.setdefault(name, []).append(value)
    return browser.post(form[1], typed).headers["Location"]


def test_S15_1_what_was_chosen_is_sent_again_after_the_log_in(cast: Cast, anna_client: Client) -> None:
    picks = [line.pk for line in cast.subscribers[:2]]
    sent = {"action": "connect_service", "service": cast.catalog.service.pk, "by": "list", "pick": picks}
    end_session()
    answer = anna_client.post("/orders/new/services/", {**sent, "key": str(uuid.uuid4())})
    assert answer.headers["Location"].startswith("/login/")
    assert not Order.objects.exists()
    there = send_again(anna_client, log_in_again(anna_client))
    order = Order.objects.get()
    assert there == f"/orders/{order.pk}/"
    assert order.left == 2


def test_S15_1_a_draft_waits_with_its_verdicts_and_is_placed_once(cast: Cast, anna_client: Client) -> None:
    order = draft(cast.anna, [line.pk for line in cast.subscribers[:2]], service=cast.catalog.service.pk)
    end_session()
    anna_client.post(f"/orders/{order.pk}/confirmation/")
    order.refresh_from_db()
    assert order.state == Order.State.DRAFT
    page = log_in_again(anna_client)
    shown = anna_client.get(f"/orders/{order.pk}/").content.decode()
    assert escape("Connect for 2 numbers") in shown
    assert send_again(anna_client, page) == f"/orders/{order.pk}/placed/"
    anna_client.post(f"/orders/{order.pk}/confirmation/")
    work(order)
    assert (order.state, ConnectedService.objects.count()) == (Order.State.DONE, 2)


def test_S13_the_numbers_of_a_draft_stay_reserved_while_one_logs_in(cast: Cast, anna_client: Client) -> None:
    made = category()
    fill(made, 5)
    order = draft(cast.anna, [line.pk for line in cast.subscribers[:2]], "change_numbers", category=made.pk)
    kept = set(PoolNumber.objects.filter(wanted_by__isnull=False).values_list("number", flat=True))
    end_session()
    anna_client.post(f"/orders/{order.pk}/confirmation/")
    assert send_again(anna_client, log_in_again(anna_client)) == f"/orders/{order.pk}/placed/"
    assert {item.data["number"] for item in order.items.all()} == kept
