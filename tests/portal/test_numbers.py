"""«Операции с номерами»: the page, its fragments, and what they refuse (V2)."""

import io

import openpyxl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Role
from abonent.access.rights import Right
from abonent.clients.models import Folder
from abonent.hierarchy import selection
from abonent.hierarchy.models import Selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from abonent.orders.actions import ACTIONS
from abonent.portal.ordering import begin_url, screens_for
from abonent.portal.starting import documents_for, orders_for
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import logged_in

pytestmark = pytest.mark.django_db
PAGE, TREE, ADD, REMOVE, SAVED = (
    *("/numbers/", "/numbers/tree/", "/numbers/selection/", "/numbers/selection/removal/"),
    "/numbers/saved/",
)
HTMX = {"HX-Request": "true"}


def text(browser: Client, address: str, **headers: str) -> str:
    response = browser.get(address, headers={"accept-language": "en", **headers})
    assert response.status_code == 200
    return response.content.decode()


def held(cast: Cast) -> set[int]:
    return set(selection.lines(cast.anna).values_list("pk", flat=True))


def select(cast: Cast, *places: int) -> None:
    selection.add(cast.anna, Wanted(tuple(Ref(Kind.NUMBER, cast.subscribers[place].pk) for place in places)))


def test_V2_the_tree_stands_beside_the_selection(cast: Cast, anna_client: Client) -> None:
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(folder=Folder.objects.get(client=cast.company))
    select(cast, 0)
    page = text(anna_client, PAGE)
    assert f'data-node="client:{cast.company.pk}"' in page
    assert f'data-node="contract:{cast.first.contract_id}"' in page
    assert 'Current selection (<span class="n">1</span>): one contract, one type' in page
    for column in ("Type", "Subscriber number", "Folder", "Full name", "Tariff", "Status"):
        assert f">{column}</th>" in page
    assert Folder.objects.get(client=cast.company).name in page
    assert cast.subscribers[0].last_name in page


def test_V2_levels_are_fetched_one_at_a_time(cast: Cast, anna_client: Client) -> None:
    level = text(anna_client, f"{TREE}?node=account:{cast.first.pk}", **HTMX)
    assert level.count("data-node=") == 5
    assert "<html" not in level
    for missing in (
        f"account:{cast.second.pk}",
        f"account:{cast.stranger_account.pk}",
        f"number:{cast.subscribers[0].pk}",
        "nonsense",
    ):
        assert anna_client.get(f"{TREE}?node={missing}").status_code == 404


def test_V2_filter_over_the_tree(cast: Cast, anna_client: Client) -> None:
    found = text(anna_client, f"{TREE}?find=ковал", **HTMX)
    assert found.count("data-node=") == 1
    assert f'data-node="number:{cast.subscribers[1].pk}"' in found
    assert "Nothing fits" in text(anna_client, f"{TREE}?find=nobody-has-this", **HTMX)


def test_V2_the_tree_narrowed_to_what_is_selected(cast: Cast, anna_client: Client) -> None:
    select(cast, 2)
    level = text(anna_client, f"{TREE}?only=selected&node=account:{cast.first.pk}", **HTMX)
    assert level.count("data-node=") == 1
    assert 'hx-trigger="selection-changed from:body"' in text(anna_client, f"{PAGE}?only=selected")


def test_V2_nodes_are_added_and_what_happened_is_said(cast: Cast, anna_client: Client) -> None:
    sent = {"nodes": f"account:{cast.first.pk},number:{cast.subscribers[0].pk},x:1,,"}
    response = anna_client.post(ADD, sent, headers={**HTMX, "accept-language": "en"})
    answer = response.content.decode()
    assert '<p id="news" hx-swap-oob="innerHTML">5 numbers added</p>' in answer
    assert 'Current selection (<span class="n">5</span>)' in answer
    assert response.headers["HX-Trigger"] == "selection-changed"
    again = anna_client.post(ADD, sent, headers={**HTMX, "accept-language": "en"})
    assert "Nothing was added" in again.content.decode()


def test_V2_all_that_match_the_filter_are_added(cast: Cast, anna_client: Client) -> None:
    anna_client.post(ADD, {"all": "1", "find": "ковал", "nodes": f"account:{cast.first.pk}"})
    assert held(cast) == {cast.subscribers[1].pk}


def test_V2_ticked_lines_those_that_match_and_all_are_taken_out(cast: Cast, anna_client: Client) -> None:
    select(cast, 0, 1, 2, 3, 4)
    anna_client.post(REMOVE, {"pick": cast.subscribers[0].pk, "picked": str(cast.subscribers[1].pk)})
    assert held(cast) == {line.pk for line in cast.subscribers[2:5]}
    anna_client.post(REMOVE, {"all": "1", "q": "жук", "status": ""})
    assert held(cast) == {cast.subscribers[2].pk, cast.subscribers[4].pk}
    anna_client.post(REMOVE, {"nodes": f"number:{cast.subscribers[2].pk}"})
    assert held(cast) == {cast.subscribers[4].pk}
    anna_client.post(REMOVE, {"clear": "1"})
    assert held(cast) == set()


def test_V2_an_empty_form_changes_nothing(cast: Cast, anna_client: Client) -> None:
    select(cast, 0)
    anna_client.post(ADD, {})
    anna_client.post(REMOVE, {})
    anna_client.post(REMOVE, {"pick": ["x", "-1", "9" * 40], "picked": "1;2"})
    assert held(cast) == {cast.subscribers[0].pk}


def test_V2_filter_over_the_selection_gives_the_lines_alone(cast: Cast, anna_client: Client) -> None:
    select(cast, 0, 1)
    lines = text(anna_client, f"{PAGE}?q=ковал", **HTMX, **{"HX-Target": "selected-lines"})
    assert (cast.subscribers[1].number in lines, cast.subscribers[0].number in lines) == (True, False)
    assert 'role="tree"' not in lines
    assert "Nothing of the selection fits" in text(anna_client, f"{PAGE}?q=zzz", **{"HX-Target": "selected-lines"})


def test_V8_foreign_nodes_in_every_form_add_nothing(cast: Cast, anna_client: Client) -> None:
    strange = Folder.objects.create(client=cast.stranger, name="Strange")
    Subscriber.objects.filter(pk=cast.stranger_subscriber.pk).update(folder=strange)
    nodes = [
        f"client:{cast.stranger.pk}",
        f"contract:{cast.stranger_account.contract_id}",
        f"account:{cast.stranger_account.pk}",
        f"account:{cast.second.pk}",
        f"folder:{strange.pk}",
        f"number:{cast.stranger_subscriber.pk}",
    ]
    anna_client.post(ADD, {"nodes": ",".join(nodes)})
    anna_client.post(ADD, {"all": "1", "find": cast.stranger_subscriber.number})
    assert held(cast) == set()
    select(cast, 0)
    assert "Strange" not in text(anna_client, PAGE)


def test_V2_the_selection_outlives_the_session_and_is_of_this_seat(cast: Cast, anna_client: Client) -> None:
    anna_client.post(ADD, {"nodes": f"account:{cast.first.pk}"})
    anna_client.post("/logout/")
    assert len(held(cast)) == 5
    assert cast.subscribers[0].last_name in text(logged_in(cast.anna), PAGE)
    assert "Nothing is selected yet" in text(logged_in(cast.sergei), PAGE)


def test_V2_selections_are_kept_by_name(cast: Cast, anna_client: Client) -> None:
    select(cast, 0, 1)
    anna_client.post(SAVED, {"name": "Drivers"})
    kept = Selection.objects.get(name="Drivers")
    anna_client.post(REMOVE, {"clear": "1"})
    assert "Drivers" in text(anna_client, PAGE)
    anna_client.post(f"{SAVED}{kept.pk}/opening/")
    assert len(held(cast)) == 2
    anna_client.post(f"{SAVED}{kept.pk}/name/", {"name": "Couriers"})
    kept.refresh_from_db()
    assert kept.name == "Couriers"
    anna_client.post(f"{SAVED}{kept.pk}/deletion/")
    assert not Selection.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("name", ["", "Drivers", "x" * 81])
def test_V2_a_name_that_does_not_do_keeps_what_was_typed(cast: Cast, anna_client: Client, name: str) -> None:
    other = selection.save(cast.anna, "Other")
    selection.save(cast.anna, "Drivers")
    for address in (SAVED, f"{SAVED}{other.pk}/name/"):
        response = anna_client.post(address, {"name": name})
        assert response.status_code == 422
        page = response.content.decode()
        assert f'value="{name}"' in page or not name
        assert "data-opened" in page
    assert set(Selection.objects.values_list("name", flat=True)) == {"Other", "Drivers"}


@pytest.mark.parametrize("step", ["opening", "name", "deletion"])
def test_V8_a_selection_of_another_seat_does_not_exist(cast: Cast, anna_client: Client, step: str) -> None:
    theirs = selection.save(cast.sergei, "Theirs")
    current = Selection.objects.create(seat=cast.anna, name="")
    for pk in (theirs.pk, current.pk):
        assert anna_client.post(f"{SAVED}{pk}/{step}/", {"name": "Mine"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"


def test_V8_a_right_taken_away_while_the_page_is_open_works_at_once(cast: Cast, anna_client: Client) -> None:
    select(cast, 0)
    text(anna_client, PAGE)
    role = Role.objects.create(client=cast.company, key="less", own_name="Less")
    cast.anna.role = role
    cast.anna.save()
    assert anna_client.post(ADD, {"nodes": f"account:{cast.first.pk}"}, headers=HTMX).status_code == 403
    assert held(cast) == {cast.subscribers[0].pk}


def test_V2_the_selection_as_excel(cast: Cast, anna_client: Client) -> None:
    select(cast, 0, 3)
    response = anna_client.get("/numbers/selection/export/")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response))).active
    assert sheet is not None
    cells = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {cast.subscribers[0].number, cast.subscribers[3].number} <= {cell.lstrip("+") for cell in cells}
    assert cast.subscribers[1].number not in cells


def test_V2_every_order_and_document_starts_here_for_whom_may_place_it(cast: Cast, anna_client: Client) -> None:
    # A number is chosen for one line at a time; new SIMs, and new numbers of many lines, come in a file.
    assert {action for action in ACTIONS if not begin_url(action)} == {"change_number", "give_numbers", "replace_sim"}
    select(cast, 0)
    page = text(anna_client, PAGE)
    begun = [start.url for start in orders_for(cast.anna, by="selection")]
    for url in [*begun, *(start.url for start in documents_for(cast.anna))]:
        assert url.replace("&", "&amp;") in page
        assert "selection" in text(anna_client, url)
    # A subscriber sees the own number's calls and services, and no account's invoices.
    assert documents_for(cast.elena) == []
    assert {screen.right for screen in screens_for(cast.elena)} == {Right.CHANGE_SERVICES}
    assert orders_for(cast.kolya) == []


def test_V2_the_page_costs_few_queries_however_much_is_selected(
    cast: Cast, anna_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    select(cast, 0, 1, 2, 3, 4)
    with django_assert_max_num_queries(26):
        text(anna_client, PAGE)
    with django_assert_max_num_queries(14):
        text(anna_client, f"{TREE}?tree=folders&node=client:{cast.company.pk}", **HTMX)
