"""The main menu, the map and the search: what a role may open, and nothing else (V1, L13, S16)."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.clients.models import Folder
from abonent.orders import intake
from abonent.orders.models import Order
from abonent.orders.selection import Source
from abonent.portal.sections import TABLE, Entry
from tests.cast import Cast
from tests.matrix.finance import issued


def body(browser: Client, name: str, query: str = "") -> str:
    return browser.get(reverse(name) + query).content.decode()


def test_L13_each_section_has_a_line_on_what_it_is_for(anna_client: Client) -> None:
    menu = body(anna_client, "menu")
    for words in ("Invoices of past months", "What was asked for, and what became of each row", "Log out", "Site map"):
        assert words in menu


@pytest.mark.parametrize("entry", [leaf for entry in TABLE for leaf in entry.children or (entry,)], ids=str)
def test_L13_no_section_is_without_such_a_line(entry: Entry) -> None:
    assert str(entry.about)


def test_S16_a_section_that_the_role_may_not_open_is_not_shown(kolya_client: Client) -> None:
    for name in ("menu", "site_map"):
        shown = body(kolya_client, name)
        for hidden in ("invoices", "subscribers", "orders", "history", "dead_jobs"):
            assert f'href="{reverse(hidden)}"' not in shown


def test_V1_the_map_leads_to_every_section_of_the_role(anna_client: Client) -> None:
    shown = body(anna_client, "site_map")
    for name in ("home", "invoices", "payments", "subscribers", "orders", "history", "seats", "menu"):
        assert f'href="{reverse(name)}"' in shown


@pytest.mark.usefixtures("noon")
def test_V1_the_search_finds_numbers_names_invoices_orders_folders_and_sections(
    cast: Cast, anna_client: Client
) -> None:
    invoice = issued(cast)
    line = cast.subscribers[1]
    order = intake.place(
        cast.anna, "connect_service", {"service": cast.catalog.service.pk}, Source(ids=(line.pk,)), key=uuid.uuid4()
    )
    Order.objects.filter(pk=order.pk).update(number=417, state=Order.State.DONE)
    Folder.objects.create(client=cast.company, name="Отдел закупок")
    expected = {
        line.number[-6:]: reverse("subscriber", args=[line.pk]),
        "ковалев": reverse("subscriber", args=[line.pk]),
        invoice.number: reverse("invoice", args=[invoice.pk]),
        "417": reverse("order", args=[order.pk]),
        "ЗАКУП": "?folder=",
        "payments": reverse("payments"),
    }
    for text, address in expected.items():
        assert address in body(anna_client, "search", f"?q={text}"), text


@pytest.mark.usefixtures("noon")
def test_V1_the_search_finds_nothing_of_others_nor_without_the_right(
    cast: Cast, anna_client: Client, stas_client: Client, kolya_client: Client
) -> None:
    issued(cast)
    Folder.objects.create(client=cast.company, name="Отдел закупок")
    for text in (cast.subscribers[1].number, "Ковалёв", cast.first.number, "закуп"):
        for browser in (stas_client, kolya_client):
            assert "Nothing found" in body(browser, "search", f"?q={text}")
    assert "Nothing found" in body(anna_client, "search", f"?q={cast.stranger_subscriber.number}")
    assert "Nothing found" in body(anna_client, "search", "?q=Second account")


@pytest.mark.parametrize("text", ["%00", "%25", "_", "'", "<script>x", "9" * 300, "№", "\\"])
def test_odd_words_are_looked_for_as_any_others(anna_client: Client, text: str) -> None:
    answer = anna_client.get(reverse("search"), {"q": text})
    assert answer.status_code == 200
    assert b"<script>x" not in answer.content


def test_the_search_takes_few_queries(
    cast: Cast, anna_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(14):
        body(anna_client, "search", f"?q={cast.subscribers[0].number[:6]}")


def test_whoever_may_do_nothing_yet_is_led_to_the_menu(kolya_client: Client) -> None:
    assert kolya_client.get("/").headers["Location"] == reverse("menu")


def test_somebody_without_a_role_in_force_chooses_one_first(cast: Cast, kolya_client: Client) -> None:
    Seat.objects.filter(pk=cast.kolya.pk).update(blocked=True)
    for name in ("menu", "site_map", "search"):
        assert reverse("seats") in kolya_client.get(reverse(name)).headers["Location"]


def test_a_right_that_was_taken_away_takes_its_hits_along(cast: Cast, kolya_client: Client) -> None:
    role = Role.objects.get(pk=cast.kolya.role_id)
    role.own_rights = [Right.SEE_SUBSCRIBERS]
    role.save()
    text = f"?q={cast.subscribers[0].number}"
    assert reverse("subscriber", args=[cast.subscribers[0].pk]) in body(kolya_client, "search", text)
    role.own_rights = []
    role.save()
    assert "Nothing found" in body(kolya_client, "search", text)
