"""The main menu, the map and the search: what a role may open, and nothing else (V1, L13, S16)."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Role, Seat
from abonent.access.own_roles import Wish, make
from abonent.access.rights import CLIENT_RIGHTS, Right
from abonent.clients.models import Folder
from abonent.orders import intake
from abonent.orders.models import Order
from abonent.orders.selection import Source
from abonent.portal.sections import TABLE, Entry
from tests.appeals.world import asked
from tests.cast import Cast
from tests.conftest import logged_in
from tests.hierarchy.world import keeper, tree, whole
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


@pytest.mark.parametrize("right", sorted(CLIENT_RIGHTS))
@pytest.mark.usefixtures("noon")
def test_S16_what_is_shown_for_a_right_opens_with_it(cast: Cast, right: Right) -> None:
    role = make(cast.sergei, Wish("One", frozenset({right})))
    browser = logged_in(Seat.objects.give(cast.kolya.person, role, cast.company))
    shown = set(re.findall(r'href="(/[^"?]*)"', body(browser, "site_map")))
    shut = {url for url in shown if not url.startswith("/static/") and browser.get(url).status_code == 403}
    assert shut == set()


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
        "сколько": reverse("appeal", args=[asked(cast.anna, "Сколько стоит роуминг").pk]),
        "kolya": reverse("person", args=[cast.kolya.person_id]),
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
    source, params = Source(ids=(cast.stranger_subscriber.pk,)), {"service": cast.catalog.service.pk}
    order = intake.place(cast.stas, "connect_service", params, source, key=uuid.uuid4())
    Order.objects.filter(pk=order.pk).update(number=418, state=Order.State.DONE)
    assert reverse("order", args=[order.pk]) in body(stas_client, "search", "?q=418")
    assert "Nothing found" in body(anna_client, "search", "?q=418")


@pytest.mark.parametrize("text", ["%00", "%25", "_", "'", "<script>x", "9" * 300, "№", "\\"])
def test_odd_words_are_looked_for_as_any_others(anna_client: Client, text: str) -> None:
    answer = anna_client.get(reverse("search"), {"q": text})
    assert answer.status_code == 200
    assert b"<script>x" not in answer.content


def test_the_search_takes_few_queries(
    cast: Cast, anna_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(16):
        body(anna_client, "search", f"?q={cast.subscribers[0].number[:6]}")


def test_V1_the_search_finds_people_and_appeals_of_the_own_reach_alone(cast: Cast, anna_client: Client) -> None:
    foreign = asked(cast.stas, "Foreign question")
    elsewhere = asked(cast.sergei, "Question of all")
    for text in ("Foreign question", "Stas", "Olga"):
        assert "Nothing found" in body(anna_client, "search", f"?q={text}")
    # Sergei has more accounts than Anna: neither he nor what he asks for all of them is hers.
    for text in ("Sergei", "Question of all"):
        assert "Nothing found" in body(anna_client, "search", f"?q={text}")
        assert "Nothing found" not in body(logged_in(cast.sergei), "search", f"?q={text}")
    staff = body(logged_in(cast.olga), "search", "?q=question")
    for appeal in (foreign, elsewhere):
        assert reverse("operator_appeal", args=[appeal.pk]) in staff


@pytest.mark.parametrize(("right", "text"), [(Right.MANAGE_PEOPLE, "kolya"), (Right.ASK_OPERATOR, "roaming")])
def test_V8_without_the_right_to_see_people_or_to_ask_neither_is_found(cast: Cast, right: Right, text: str) -> None:
    asked(cast.anna, "Roaming")
    seat = whole(cast)
    assert "Nothing found" not in body(logged_in(seat), "search", f"?q={text}")
    role = seat.role
    role.own_rights = [kept.value for kept in Right if kept != right and not kept.is_operators]
    role.save()
    assert "Nothing found" in body(logged_in(seat), "search", f"?q={text}")


def test_V3_a_folder_that_was_found_is_shown_in_its_place(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales", "Minsk/Sales/Night shift", "Brest")
    # Beside it stand more folders than a page of the tree has.
    Folder.objects.bulk_create(
        Folder(client=cast.company, parent=made["Minsk/Sales"], name=f"A {n:03}") for n in range(130)
    )
    night = made["Minsk/Sales/Night shift"]
    browser = logged_in(seat)
    assert "Minsk / Sales" in (found := body(browser, "search", "?q=night"))
    address = f"?folder={night.pk}"
    assert address in found
    shown = body(browser, "folders", address)
    assert f'data-node="folder:{night.pk}" aria-selected="true"' in shown
    assert shown.count('aria-selected="true"') == 1


def test_V3_a_foreign_folder_is_shown_to_nobody(cast: Cast) -> None:
    made = tree(whole(cast), "Minsk", "Minsk/Sales", "Brest")
    bound = logged_in(keeper(cast, made["Minsk"]))
    assert 'aria-selected="true"' in body(bound, "folders", f"?folder={made['Minsk/Sales'].pk}")
    foreign = Folder.objects.create(client=cast.stranger, name="Chuzhaya")
    for asked_for in (made["Brest"].pk, foreign.pk, "x", "9" * 30):
        page = body(bound, "folders", f"?folder={asked_for}")
        assert 'aria-selected="true"' not in page
        assert "Brest" not in page
        assert "Chuzhaya" not in page


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


@pytest.mark.usefixtures("noon")
def test_V1_who_approves_orders_finds_them_too(cast: Cast) -> None:
    line = cast.subscribers[1].pk
    order = intake.place(
        cast.anna, "connect_service", {"service": cast.catalog.service.pk}, Source(ids=(line,)), key=uuid.uuid4()
    )
    Order.objects.filter(pk=order.pk).update(number=417, state=Order.State.DONE)
    role = make(cast.sergei, Wish("Approver", frozenset({Right.APPROVE_ORDERS})))
    browser = logged_in(Seat.objects.give(cast.kolya.person, role, cast.company))
    assert reverse("order", args=[order.pk]) in body(browser, "search", "?q=417")
