"""How often each page asks the database: as often with many rows as with a few, and seldom."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from abonent.access.models import Seat
from tests.cast import Cast
from tests.conftest import logged_in
from tests.portal.growing import Growing

FEW, MANY = 3, 30
# The rows of a page and one more.
FULL = 51

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def growing(cast: Cast, tmp_path: Path) -> Iterator[Growing]:
    with override_settings(STORAGE_URL=f"file://{tmp_path}/files"):
        yield Growing.plant(cast)


def anna(world: Growing) -> Seat:
    return world.cast.anna


def vera(world: Growing) -> Seat:
    return world.whole


def ordering(slug: str) -> str:
    return reverse("order_new", args=[slug])


def sold(world: Growing) -> int:
    return int(world.cast.catalog.service.pk)


def plan(world: Growing) -> str:
    return f"{world.cast.catalog.tariff.pk}&option_set={world.cast.catalog.option_set.pk}"


def number(world: Growing) -> int:
    return int(world.cast.subscribers[0].pk)


@dataclass(frozen=True, slots=True)
class Page:
    """Whose it is, where, and how many statements it may need with `rows` of everything."""

    who: Callable[[Growing], Seat]
    where: Callable[[Growing], str]
    most: int = 12
    rows: int = MANY


PAGES = {
    # The charges so far are worked out at the moment; what changed this month lies in nine tables.
    "home of an administrator": Page(anna, lambda _: reverse("home"), most=33),
    "home of a supervisor": Page(vera, lambda _: reverse("home"), most=32),
    "invoices of an administrator": Page(anna, lambda _: reverse("invoices")),
    "invoices of a supervisor": Page(vera, lambda _: reverse("invoices")),
    "an invoice": Page(vera, lambda world: reverse("invoice", args=[world.invoice.pk]), most=13, rows=FULL),
    # The whole invoice, and within it the lines of one subscriber.
    "a subscriber's lines": Page(vera, lambda world: f"{reverse('invoice', args=[world.invoice.pk])}?subscriber=1", 15),
    "ordering an invoice": Page(vera, lambda _: reverse("invoice_order")),
    "payments": Page(vera, lambda _: reverse("payments")),
    "ordering the history of payments": Page(vera, lambda _: reverse("payments_order")),
    "ordering the list of subscribers": Page(vera, lambda _: reverse("subscribers_order")),
    "charges of the current period": Page(vera, lambda _: reverse("current_charges")),
    "call details": Page(vera, lambda _: reverse("call_details")),
    "documents": Page(vera, lambda _: reverse("documents")),
    "loading an invoice by link": Page(vera, lambda _: reverse("invoice_link")),
    "delivery": Page(vera, lambda _: reverse("delivery")),
    "confirmed addresses": Page(vera, lambda _: reverse("confirmed_addresses")),
    "orders in progress": Page(anna, lambda _: reverse("orders")),
    "previous orders": Page(anna, lambda _: f"{reverse('orders')}?tab=before"),
    # One of them reads what the action is about, to say what each row becomes.
    "an order": Page(anna, lambda world: reverse("order", args=[world.order.pk]), most=13, rows=FULL),
    "ordering a service": Page(anna, lambda _: reverse("order_new", args=["services"])),
    "choosing subscribers for a service": Page(anna, lambda world: f"{ordering('services')}?service={sold(world)}", 23),
    "ordering a tariff": Page(anna, lambda _: ordering("plans")),
    "choosing subscribers for a tariff": Page(anna, lambda world: f"{ordering('plans')}?plan={plan(world)}", 23),
    "ordering a tariff for one number": Page(anna, lambda world: f"{ordering('plans')}?for={number(world)}", 12),
    "blocking": Page(anna, lambda _: ordering("blocking"), 15),
    "the charges of the numbers of an order": Page(
        anna, lambda world: reverse("order_charges", args=[world.order.pk]), most=30, rows=FULL
    ),
    # The fees so far are worked out from what was held this month; the rest is a part of the card each.
    "a subscriber": Page(anna, lambda world: reverse("subscriber", args=[world.cast.subscribers[0].pk]), most=40),
}


def asked(client: Client, address: str) -> list[str]:
    """The statements that a page needed."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, response
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_no_more_often_for_many_rows_than_for_a_few(growing: Growing, name: str) -> None:
    page = PAGES[name]
    client = logged_in(page.who(growing))
    growing.grow(FEW)
    few = asked(client, page.where(growing))
    growing.grow(page.rows)
    found = asked(client, page.where(growing))
    assert len(found) == len(few), "\n".join(found)
    assert len(found) <= page.most, "\n".join(found)
