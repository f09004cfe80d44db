"""The order screens in a browser without scripts: each step is an address of its own."""

import uuid
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from abonent.orders.models import Order
from abonent.subscribers.models import ConnectedService, Subscriber
from tests.cast import Cast
from tests.conftest import logged_in
from tests.orders.world import draft, file_of, placed, results, service, work, workbook

pytestmark = pytest.mark.django_db
SERVICES = "/orders/new/services/"


def form(cast: Cast, **values: object) -> dict[str, object]:
    known = {"action": "connect_service", "service": cast.catalog.service.pk, "by": "list", "key": str(uuid.uuid4())}
    return known | values


def upload(*numbers: object) -> SimpleUploadedFile:
    return SimpleUploadedFile("list.xlsx", workbook([[number] for number in numbers]))


def text(browser: Client, address: str) -> str:
    response = browser.get(address, headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()


def only_order() -> Order:
    return Order.objects.get()


def test_S15_1_category_then_service_then_subscribers(cast: Cast, anna_client: Client) -> None:
    offered = cast.catalog.service
    bare = text(anna_client, SERVICES)
    assert "Choose above first" in bare
    assert offered.category.name in bare
    narrowed = text(anna_client, f"{SERVICES}?category={offered.category_id}")
    assert f'<option value="{offered.pk}">' in narrowed
    whole = text(anna_client, f"{SERVICES}?category={offered.category_id}&service={offered.pk}")
    assert f'value="{cast.subscribers[0].pk}"' in whole
    assert f'value="{cast.subscribers[5].pk}"' not in whole
    assert 'type="file"' in text(anna_client, f"{SERVICES}?service={offered.pk}&by=file")


def test_S15_1_from_the_list_to_the_receipt_to_the_recorded_order(cast: Cast, anna_client: Client) -> None:
    picks = [line.pk for line in cast.subscribers[:2]]
    sent = form(cast, pick=picks, picked=str(cast.subscribers[2].pk))
    response = anna_client.post(SERVICES, sent)
    order = only_order()
    assert response.headers["Location"] == f"/orders/{order.pk}/"
    receipt = text(anna_client, f"/orders/{order.pk}/")
    assert "Connect for 3 numbers" in receipt
    assert "This action cannot be undone" in receipt
    # Three numbers at 2.00 a month, with VAT of 25 %.
    assert "7.50" in receipt
    confirmed = anna_client.post(f"/orders/{order.pk}/confirmation/")
    assert confirmed.headers["Location"] == f"/orders/{order.pk}/placed/"
    assert "Your order is recorded" in text(anna_client, f"/orders/{order.pk}/placed/")
    assert anna_client.post(f"/orders/{order.pk}/confirmation/").headers["Location"] == f"/orders/{order.pk}/placed/"
    work(order)
    assert (order.number, order.done) == (1, 3)
    assert ConnectedService.objects.count() == 3


def test_S15_1_a_form_sent_twice_is_one_draft_and_another_choice_another(cast: Cast, anna_client: Client) -> None:
    sent = form(cast, pick=[cast.subscribers[0].pk])
    first, second = (anna_client.post(SERVICES, sent).headers["Location"] for _ in range(2))
    assert first == second
    assert anna_client.post(SERVICES, sent | {"pick": [cast.subscribers[1].pk]}).headers["Location"] != first


def test_S15_1_all_that_match_the_filter(cast: Cast, anna_client: Client) -> None:
    anna_client.post(SERVICES, form(cast, all="1", q="ковал"))
    work(only_order())
    assert [item.subscriber for item in only_order().items.all()] == [cast.subscribers[1]]


def test_S15_1_a_file_is_checked_with_progress(cast: Cast, anna_client: Client) -> None:
    anna_client.post(SERVICES, form(cast, by="file", file=upload(cast.subscribers[0].number, "x1")))
    order = only_order()
    waiting = text(anna_client, f"/orders/{order.pk}/")
    assert "<progress" in waiting
    assert f'hx-get="/orders/{order.pk}/progress/"' in waiting
    assert "HX-Refresh" not in anna_client.get(f"/orders/{order.pk}/progress/").headers
    work(order)
    assert anna_client.get(f"/orders/{order.pk}/progress/").headers["HX-Refresh"] == "true"
    checked = text(anna_client, f"/orders/{order.pk}/")
    assert "Connect for 1 number<" in checked
    assert "12 digits" in checked
    refused = text(anna_client, f"/orders/{order.pk}/?only=refused")
    assert ("x1" in refused, cast.subscribers[0].last_name in refused) == (True, False)


def test_S15_1_a_file_that_is_refused_says_why_and_where(cast: Cast, anna_client: Client) -> None:
    file = SimpleUploadedFile("x.xlsx", workbook([["375291110001"], ["375291110002", "oops"]]))
    anna_client.post(SERVICES, form(cast, by="file", file=file))
    work(only_order())
    assert "cell B2" in text(anna_client, f"/orders/{only_order().pk}/")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Choose at least one subscriber."),
        ({"by": "file"}, "Choose the file with the numbers."),
        ({"service": ""}, "Choose a service first."),
        ({"service": 999_999, "pick": [1]}, "999999"),
    ],
)
def test_S15_1_what_is_missing_is_said(cast: Cast, anna_client: Client, values: dict[str, object], said: str) -> None:
    response = anna_client.post(SERVICES, form(cast, **values))
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Order.objects.exists()


def test_S15_1_a_draft_of_which_nothing_is_fine_has_no_button(cast: Cast, anna_client: Client) -> None:
    order = draft(cast.anna, file_of("375299999999"), service=cast.catalog.service.pk)
    page = text(anna_client, f"/orders/{order.pk}/")
    assert "confirmation" not in page
    assert anna_client.post(f"/orders/{order.pk}/confirmation/").headers["Location"] == f"/orders/{order.pk}/"


def test_S15_1_rows_are_taken_out_of_a_draft(cast: Cast, anna_client: Client) -> None:
    order = draft(cast.anna, [line.pk for line in cast.subscribers[:2]], service=cast.catalog.service.pk)
    anna_client.post(f"/orders/{order.pk}/dropped-rows/", {"pick": [order.items.get(row=1).pk]})
    assert "Connect for 1 number<" in text(anna_client, f"/orders/{order.pk}/")
    anna_client.post(f"/orders/{order.pk}/confirmation/")
    assert results(work(order)) == [(1, "cancelled", "taken_out"), (2, "done", "")]


def test_S15_6_an_order_shows_how_it_goes_and_what_became_of_it(cast: Cast, anna_client: Client) -> None:
    order = placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk)
    running = text(anna_client, f"/orders/{order.pk}/")
    assert "<progress" in running
    assert "Cancel what has not begun" in running
    work(order)
    done = text(anna_client, f"/orders/{order.pk}/?only=done")
    assert "<progress" not in done
    assert cast.subscribers[0].last_name in done


def test_an_order_is_cancelled_from_its_page(cast: Cast, anna_client: Client) -> None:
    order = placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk)
    assert anna_client.post(f"/orders/{order.pk}/cancellation/").status_code == 302
    assert "Being cancelled" in text(anna_client, f"/orders/{order.pk}/")
    work(order)
    anna_client.post(f"/orders/{order.pk}/cancellation/")
    assert "too late" in text(anna_client, f"/orders/{order.pk}/")


def test_S15_6_the_history_has_two_tabs(cast: Cast, anna_client: Client) -> None:
    old = work(placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk))
    new = placed(cast.anna, [cast.subscribers[1].pk], service=cast.catalog.service.pk)
    draft(cast.anna, [cast.subscribers[2].pk], service=cast.catalog.service.pk)
    now, before = text(anna_client, "/orders/"), text(anna_client, "/orders/?tab=before")
    assert (f"/orders/{new.pk}/" in now, f"/orders/{old.pk}/" in now) == (True, False)
    assert (f"/orders/{new.pk}/" in before, f"/orders/{old.pk}/" in before) == (False, True)
    assert "+375 29 100-00-01" in before
    assert "Connection of Caller ID" in before


def test_L12_the_history_is_of_this_month_and_two_before_and_the_rest_on_request(
    cast: Cast, anna_client: Client
) -> None:
    order = work(placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk))
    Order.objects.filter(pk=order.pk).update(confirmed_at="2025-01-15T10:00:00Z")
    assert f"/orders/{order.pk}/" not in text(anna_client, "/orders/?tab=before")
    assert f"/orders/{order.pk}/" in text(anna_client, "/orders/?tab=before&all=1")


def test_S15_6_the_excel_of_an_order(cast: Cast, anna_client: Client) -> None:
    order = work(placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk))
    response = anna_client.get(f"/orders/{order.pk}/export/")
    book = openpyxl.load_workbook(BytesIO(response.getvalue()))
    assert book.worksheets[0].max_row == 2
    assert response.headers["Content-Disposition"] == 'attachment; filename="order-1.xlsx"'


def test_the_ring_counts_the_orders_in_progress(cast: Cast, anna_client: Client) -> None:
    assert anna_client.get("/orders/running/").content.decode().strip() == ""
    placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk)
    assert "in progress" in text(anna_client, "/orders/running/")


def test_S0_4_an_employee_orders_for_the_own_number_alone(cast: Cast) -> None:
    browser = logged_in(cast.elena)
    browser.post(SERVICES, form(cast, pick=[cast.subscribers[0].pk, cast.subscribers[1].pk]))
    order = only_order()
    assert [item.subscriber for item in order.items.all()] == [cast.subscribers[0]]
    assert "Connect for 1 number<" in text(browser, f"/orders/{order.pk}/")


def test_S7_a_card_orders_for_its_number(cast: Cast, anna_client: Client) -> None:
    line, offered = cast.subscribers[0], cast.catalog.service
    assert 'name="action" value="connect_service"' in text(anna_client, f"/subscribers/{line.pk}/")
    anna_client.post(SERVICES, {"by": "one", "for": line.pk, "service": offered.pk, "action": "connect_service"})
    order = only_order()
    anna_client.post(f"/orders/{order.pk}/confirmation/")
    work(order)
    assert 'name="action" value="disconnect_service"' in text(anna_client, f"/subscribers/{line.pk}/")


def test_S15_1_the_list_of_subscribers_leads_to_its_operations_with_its_filter(anna_client: Client) -> None:
    start = f"{SERVICES}?action=connect_service"
    assert f'formaction="{SERVICES}' in text(anna_client, "/subscribers/")
    response = anna_client.post(start, {"q": "Дым", "pick": "1", "all": "", "service": "7"})
    assert response.headers["Location"] == f"{SERVICES}?q=%D0%94%D1%8B%D0%BC&action=connect_service"


def test_S7_what_is_no_longer_sold_can_still_be_disconnected(cast: Cast, anna_client: Client) -> None:
    old = service(cast, "old", on_sale=False)
    assert f'value="{old.pk}"' not in text(anna_client, f"{SERVICES}?category={old.category_id}")
    page = text(anna_client, f"{SERVICES}?category={old.category_id}&action=disconnect_service")
    assert f'value="{old.pk}"' in page


def test_the_lines_are_paged_and_the_choice_stays(cast: Cast, anna_client: Client) -> None:
    for place in range(60):
        Subscriber.objects.create(
            account=cast.first,
            number=f"37533{place:07}",
            iccid=f"89{place}",
            tariff=cast.catalog.tariff,
            status="active",
        )
    page = text(anna_client, f"{SERVICES}?service={cast.catalog.service.pk}&q=37533")
    assert "60 subscribers" in page
    assert f"service={cast.catalog.service.pk}" in page.split('rel="next"')[0].rsplit("<a ", 1)[1]


def test_S15_6_a_draft_is_not_said_to_be_recorded(cast: Cast, anna_client: Client) -> None:
    anna_client.post(SERVICES, form(cast, pick=[cast.subscribers[0].pk]))
    found = only_order()
    response = anna_client.get(f"/orders/{found.pk}/placed/")
    assert response.headers["Location"] == f"/orders/{found.pk}/"


def test_S15_6_home_is_the_page_that_the_role_may_open(cast: Cast, elena_client: Client) -> None:
    assert elena_client.get("/home/").status_code == 403
    assert 'href="/home/"' not in elena_client.get("/home/").content.decode()
    elena_client.post(SERVICES, form(cast, pick=[line.pk for line in cast.subscribers]))
    order = only_order()
    elena_client.post(f"/orders/{order.pk}/confirmation/")
    page = text(elena_client, f"/orders/{order.pk}/placed/")
    assert 'class="button" href="/"' in page
