"""«История заявок»: filters, the periods, the list as Excel (S15.6, L12)."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.utils.html import strip_tags

from abonent.orders.actions import ACTIONS
from abonent.orders.listing import NAMES
from abonent.orders.models import Order
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import logged_in
from tests.orders.world import placed, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def orders(cast: Cast) -> dict[str, Order]:
    """Anna connects a service and blocks; Sergei renames nobody, but unblocks; one of them is long ago."""
    line = cast.subscribers
    found = {
        "connect": work(placed(cast.anna, [line[0].pk], service=cast.catalog.service.pk)),
        "block": work(placed(cast.anna, [line[1].pk], "block")),
        "unblock": work(placed(cast.sergei, [line[1].pk], "unblock")),
        "old": work(placed(cast.anna, [line[2].pk], "block")),
    }
    Order.objects.filter(pk=found["old"].pk).update(confirmed_at="2025-01-15T10:00:00Z")
    return found


def shown(browser: Client, orders: dict[str, Order], query: str) -> list[str]:
    response = browser.get(f"/orders/?tab=before&{query}", headers={"accept-language": "en"})
    assert response.status_code == 200
    body = response.content.decode()
    return [name for name, order in orders.items() if f'href="/orders/{order.pk}/"' in body]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["connect", "block", "unblock"]),
        ("all=1", ["connect", "block", "unblock", "old"]),
        ("action=block", ["block"]),
        ("action=block&all=1", ["block", "old"]),
        ("state=done", ["connect", "block", "unblock"]),
        ("state=failed", []),
        ("since=2025-01-15&until=2025-01-15", ["old"]),
        ("since=2025-01-16", ["connect", "block", "unblock"]),
        ("until=2025-01-14", []),
        ("q=1", ["connect"]),
        ("q=2", ["block"]),
        ("q=375291110002", ["block", "unblock"]),
        ("q=%2B375+29+111-00-02", ["block", "unblock"]),
        ("q=ковал", ["block", "unblock"]),
        ("q=nobody", []),
        ("person=%2B375+29+100-00-01", ["connect", "block"]),
    ],
)
def test_S15_6_the_history_is_narrowed(
    cast: Cast, anna_client: Client, orders: dict[str, Order], query: str, expected: list[str]
) -> None:
    assert cast.anna.person.identifiers.filter(value="375291000001").exists()
    assert shown(anna_client, orders, query) == expected


def test_S15_6_a_filter_that_is_none_is_said_and_the_rest_holds(anna_client: Client, orders: dict[str, Order]) -> None:
    assert shown(anna_client, orders, "since=soon&action=block") == ["block"]
    assert shown(anna_client, orders, "action=%00&state=x&until=9999-12-31&since=0001-01-01") == [*orders][:3]


def test_S15_6_nobody_finds_by_a_foreign_number(cast: Cast, anna_client: Client, orders: dict[str, Order]) -> None:
    assert shown(anna_client, orders, f"q={cast.stranger_subscriber.number}") == []


def test_S15_6_the_list_as_excel_is_what_is_shown(cast: Cast, anna_client: Client, orders: dict[str, Order]) -> None:
    response = anna_client.get("/orders/export/?tab=before&action=block&all=1", headers={"accept-language": "en"})
    rows = list(openpyxl.load_workbook(BytesIO(response.getvalue())).worksheets[0].values)
    assert rows[0][:4] == ("Order number", "Order from", "Action", "Date of the order")
    assert [row[0] for row in rows[1:]] == [orders["old"].number, orders["block"].number]
    assert rows[2][6:8] == (1, 1)
    assert cast.subscribers[0].number not in str(rows)


def test_S15_6_every_action_has_a_name_to_filter_by() -> None:
    assert set(NAMES) == set(ACTIONS)


def test_S15_6_an_empty_search_says_so(anna_client: Client, orders: dict[str, Order]) -> None:
    assert orders
    body = anna_client.get("/orders/?tab=before&state=failed", headers={"accept-language": "en"}).content.decode()
    assert "No order matches these filters." in body


@pytest.mark.parametrize(("page", "part"), [("/orders/", "order-rows"), ("/home/", "under-way"), ("card", "orders")])
def test_S15_6_what_shows_an_order_comes_anew_while_it_runs(cast: Cast, page: str, part: str) -> None:
    line = cast.subscribers[0]
    order, browser = placed(cast.anna, [line.pk], service=cast.catalog.service.pk), logged_in(cast.anna)
    address = f"/subscribers/{line.pk}/" if page == "card" else page
    live = f'hx-trigger="every 5s" hx-select="#{part}"'
    running = browser.get(address).content.decode()
    assert f'id="{part}" hx-get="{address}" {live}' in running
    work(order)
    ended = browser.get(address).content.decode()
    assert live not in ended
    # What takes its place is there: only home has no such part where nothing runs.
    assert (f'id="{part}"' in ended) is (page != "/home/")


def test_S15_6_a_row_of_the_history_counts_what_was_confirmed(cast: Cast, anna_client: Client) -> None:
    """What the check refused was not ordered: the count comes to its end."""
    blocked = cast.subscribers[1]
    Subscriber.objects.filter(pk=blocked.pk).update(status="blocked")
    work(placed(cast.anna, [cast.subscribers[0].pk, blocked.pk], "block"))
    assert "1 / 1" in strip_tags(anna_client.get("/orders/?tab=before").content.decode())
