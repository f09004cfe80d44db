"""A draft that cannot be placed: another day, or a written application with its list (L11, S15.5)."""

import datetime as dt
import io
from collections.abc import Iterator

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from abonent.appeals.models import Appeal, Attachment
from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.orders.models import Order
from abonent.orders.selection import Source
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import logged_in
from tests.orders.world import draft, placed, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SECOND = dt.timedelta(seconds=1)
# In Minsk the 29th of November begins, and the 1st of December.
CLOSES = dt.datetime(2026, 11, 28, 21, 0, tzinfo=dt.UTC)
OPENS = dt.datetime(2026, 11, 30, 21, 0, tzinfo=dt.UTC)


@pytest.fixture
def closed() -> Iterator[None]:
    with clock.stopped(CLOSES + SECOND):
        yield


def renaming(cast: Cast) -> Order:
    names = {cast.subscribers[0].pk: {"first_name": "Анна"}, cast.subscribers[1].pk: {"last_name": "Бухгалтер"}}
    return draft(cast.anna, Source(ids=tuple(names), data=names), "rename")


@pytest.mark.parametrize(
    ("at", "is_open"),
    [(CLOSES - SECOND, True), (CLOSES, False), (CLOSES + SECOND, False), (OPENS - SECOND, False), (OPENS, True)],
)
def test_L11_a_draft_of_names_is_placed_on_open_days_alone(cast: Cast, at: dt.datetime, is_open: bool) -> None:  # noqa: FBT001  # a table
    with clock.stopped(at):
        order = renaming(cast)
        assert order.confirm(cast.anna.actor()) is is_open
        assert (order.number is not None) is is_open


@pytest.mark.usefixtures("closed")
def test_L11_on_a_closed_day_the_draft_offers_the_first_and_an_application(cast: Cast) -> None:
    order = renaming(cast)
    page = logged_in(cast.anna).get(reverse("order", args=[order.pk])).content.decode()
    assert "It is possible from 01.12.2026." in page
    assert 'name="day" value="2026-12-01"' in page
    assert reverse("order_application", args=[order.pk]) in page
    assert "Ермолаева Анна" in page


@pytest.mark.usefixtures("closed")
def test_L11_dated_for_the_first_it_is_done_then(cast: Cast) -> None:
    order = renaming(cast)
    browser = logged_in(cast.anna)
    browser.post(reverse("order_date", args=[order.pk]), {"day": "2026-12-01"})
    browser.post(reverse("order_confirmation", args=[order.pk]))
    order.refresh_from_db()
    assert (order.state, order.due) == (Order.State.SCHEDULED, OPENS)


@pytest.mark.usefixtures("closed")
def test_L11_one_click_sends_the_application_with_the_list(cast: Cast) -> None:
    order = renaming(cast)
    browser, url = logged_in(cast.anna), reverse("order_application", args=[order.pk])
    answers = {browser.post(url)["Location"] for _ in range(2)}
    appeal = Appeal.objects.get()
    assert answers == {reverse("appeal", args=[appeal.pk])}
    assert (appeal.kind, appeal.topic, appeal.account) == ("application", "Renaming of subscribers", cast.first)
    message = appeal.messages.get()
    assert "for 2 numbers" in message.text
    assert "last 2 days of a month" in message.text
    file = Attachment.objects.get(message=message).file
    with file.open() as stream:
        sheet = openpyxl.load_workbook(io.BytesIO(stream.read())).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [[str(cell) for cell in row] for row in rows] == [
        [cast.subscribers[0].number, cast.first.number, "Ермолаева", "Ермолаева Анна"],
        [cast.subscribers[1].number, cast.first.number, "Ковалёв", "Бухгалтер"],
    ]
    order.refresh_from_db()
    assert (order.state, order.number) == (Order.State.CANCELLED, None)
    assert Entry.objects.filter(action="appeals.open", client_id=cast.company.pk).count() == 1


@pytest.mark.usefixtures("noon")
def test_L11_what_can_be_placed_needs_no_application(cast: Cast, anna_client: Client) -> None:
    for order in (renaming(cast), placed(cast.anna, [cast.subscribers[2].pk], "block")):
        answer = anna_client.post(reverse("order_application", args=[order.pk]))
        assert answer["Location"] == reverse("order", args=[order.pk])
    assert not Appeal.objects.exists()


@pytest.mark.usefixtures("closed")
def test_L11_somebody_elses_draft_is_not_sent(cast: Cast) -> None:
    order = renaming(cast)
    logged_in(cast.sergei).post(reverse("order_application", args=[order.pk]))
    assert logged_in(cast.stas).post(reverse("order_application", args=[order.pk])).status_code == 404
    assert not Appeal.objects.exists()


@pytest.mark.usefixtures("noon")
def test_S15_5_a_whole_account_is_refused_with_what_to_do(cast: Cast, anna_client: Client) -> None:
    order = draft(cast.anna, [line.pk for line in cast.subscribers[:5]], "terminate")
    page = anna_client.get(reverse("order", args=[order.pk])).content.decode()
    assert "an application on the letterhead of the organisation has to be made" in page
    assert cast.first.number in page
    assert "disabled>Terminate service of 5 numbers" in page
    anna_client.post(reverse("order_confirmation", args=[order.pk]))
    work(order)
    assert Subscriber.objects.filter(account=cast.first, status="active").count() == 5
    anna_client.post(reverse("order_application", args=[order.pk]))
    assert Appeal.objects.get().topic == "Termination of service"


@pytest.mark.usefixtures("noon")
def test_S15_5_what_is_promised_is_a_day_and_the_charges_are_one_click_away(cast: Cast, anna_client: Client) -> None:
    order = placed(cast.anna, [cast.subscribers[1].pk], "terminate")
    page = anna_client.get(reverse("order_placed", args=[order.pk])).content.decode()
    assert "within 24 hours" in page
    assert reverse("order_charges", args=[order.pk]) in page
    other = placed(cast.anna, [cast.subscribers[2].pk], "block")
    page = anna_client.get(reverse("order_placed", args=[other.pk])).content.decode()
    assert "carried out shortly" in page
    assert "/charges/" not in page


@pytest.mark.usefixtures("noon")
def test_V8_the_charges_are_of_the_numbers_that_one_still_sees(cast: Cast) -> None:
    stays, goes = cast.subscribers[3], cast.subscribers[4]
    order = draft(cast.pavel, [stays.pk, goes.pk], service=cast.catalog.service.pk)
    Subscriber.objects.filter(pk=goes.pk).update(folder=None)
    page = logged_in(cast.pavel).get(reverse("order_charges", args=[order.pk]))
    assert [cost.subscriber for cost in page.context["costs"]] == [stays]
