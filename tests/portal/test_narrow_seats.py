"""A head of department sees the own numbers, their cost and their use: no other number, no account's money (V8)."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.billing.ledger import correct
from abonent.billing.models import InvoiceLine
from abonent.billing.payments import receive
from abonent.documents.making import document_requests_queue
from abonent.documents.models import DocumentRequest
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.orders.models import Order
from abonent.subscribers.models import FolderStay, Subscriber
from tests.cast import Cast
from tests.conftest import logged_in
from tests.documents.conftest import Company, company
from tests.matrix.row import OK, UNAVAILABLE, location
from tests.matrix.table import TABLE
from tests.matrix.test_walk import body_of
from tests.orders.world import draft, work

__all__ = ["company"]

# Money of the account, which stands nowhere else.
PAID, CORRECTED = Decimal("7777.77"), Decimal("-654.32")
PRIVATE = [name for name, row in TABLE.items() if row.get.anonymous not in {OK, UNAVAILABLE}]
FAILURE = 500


def foreign_words(cast: Cast) -> list[str]:
    """What is none of Pavel's: the other numbers with their SIMs and names, the other account, where invoices go."""
    others = [line for line in cast.subscribers if line not in cast.subscribers[3:5]]
    words = [word for line in others for word in (line.number, line.iccid, line.last_name)]
    return [*words, cast.second.number, "invoices-", cast.stranger.name, cast.stranger_subscriber.number]


def read(browser: Client, address: str) -> tuple[int, str]:
    """The status and the text that came, a workbook's too."""
    response: HttpResponse = getattr(browser, "get")(address)  # noqa: B009  # the test client's own type of answer
    return response.status_code, body_of(response)


def shown(text: str) -> str:
    """The text without markup and blanks, in which a number or an amount stands as its digits."""
    return re.sub(r"[\s\u00a0\u202f\u2009]", "", re.sub(r"<[^>]+>", "", text))


@pytest.mark.parametrize("name", PRIVATE)
def test_V8_no_page_tells_a_head_of_department_of_others(name: str, cast: Cast) -> None:
    receive(cast.first, PAID, received_at=clock.now(), reference="in")
    correct(cast.first, CORRECTED, reference="x", note="x")
    made = TABLE[name].made(cast)
    status, text = read(logged_in(cast.pavel), location(name, made.kwargs))
    assert status < FAILURE
    text = shown(text)
    amounts = [f"{abs(amount):.2f}" for amount in (PAID, CORRECTED, PAID + CORRECTED)]
    amounts += [amount.replace(".", ",") for amount in amounts]
    assert [word for word in (*foreign_words(cast), *amounts) if word.replace(" ", "") in text] == []


@pytest.mark.parametrize("name", ["invoices", "invoice_order", "payments"])
def test_V8_the_money_of_an_account_is_not_for_who_sees_single_numbers(name: str, pavel_client: Client) -> None:
    assert pavel_client.get(reverse(name)).status_code == 403
    assert f'href="{reverse(name)}"' not in pavel_client.get(reverse("home")).content.decode()


def test_V8_home_counts_the_own_numbers_and_what_they_cost(company: Company) -> None:
    """October is billed; November so far is rated when it is asked for."""
    cast = company.cast
    page = logged_in(cast.pavel).get(reverse("home"))
    own = [line.pk for line in cast.subscribers[3:5]]
    lines = InvoiceLine.objects.filter(breakdown=company.invoice(cast.first).breakdown, subscriber_id__in=own)
    october = sum((line.gross for line in lines), ZERO)
    assert page.context["numbers"] == 2
    assert [str(one.month) for one in page.context["spent"]] == ["2026-10", "2026-09", "2026-08"]
    assert [one.gross for one in page.context["spent"]] == [october, ZERO, ZERO]
    assert page.context["so_far"] > ZERO
    text = page.content.decode()
    assert f"{company.invoice(cast.first).gross:.2f}" not in text


def test_V8_the_costs_of_a_seat_over_single_numbers_are_theirs(company: Company) -> None:
    cast = company.cast
    role = Role.objects.get(pk=cast.pavel.role_id)
    line = cast.subscribers[1]
    seat = Seat.objects.give(cast.kolya.person, role, cast.company, subscribers=[line.pk])
    page = logged_in(seat).get(reverse("home"))
    lines = InvoiceLine.objects.filter(breakdown=company.invoice(cast.first).breakdown, subscriber_id=line.pk)
    assert page.context["spent"][0].gross == sum((line.gross for line in lines), ZERO) > 0


def test_V3_a_number_that_left_the_folder_is_out_of_sight_and_its_past_cost_stays(company: Company) -> None:
    cast, gone = company.cast, company.cast.subscribers[4]
    before = logged_in(cast.pavel).get(reverse("home")).context["spent"][0].gross
    moment = clock.now() - dt.timedelta(hours=1)
    Subscriber.objects.filter(pk=gone.pk).update(folder=None)
    FolderStay.objects.filter(subscriber=gone).update(end=moment)
    browser = logged_in(cast.pavel)
    page = browser.get(reverse("home"))
    assert page.context["numbers"] == 1
    assert page.context["spent"][0].gross == before
    assert browser.get(reverse("subscriber", args=[gone.pk])).status_code == 404
    assert gone.number not in browser.get(reverse("subscribers")).content.decode()
    assert gone.iccid not in read(browser, reverse("subscribers_export"))[1]


def test_V8_call_details_are_ordered_for_all_own_numbers_by_link(company: Company) -> None:
    browser, cast = logged_in(company.cast.pavel), company.cast
    form = browser.get(reverse("call_details")).content.decode()
    assert "for you alone" in form
    assert 'value="email"' not in form
    asked = {
        "step": "order", "accept": "1", "account": cast.first.pk, "period": "month", "month": "2026-10",
        "directions": "both", "source": "all", "format": "xlsx", "language": "en", "by": "link",
    }  # fmt: skip
    for wrong in ({"by": "email"}, {"account": cast.second.pk}, {"account": cast.stranger_account.pk}):
        assert browser.post(reverse("call_details"), asked | wrong).status_code == 422
    assert browser.post(reverse("call_details"), asked).status_code == 302
    drain([document_requests_queue])
    request = DocumentRequest.objects.get()
    assert request.params["subscribers"] == [line.pk for line in cast.subscribers[3:5]]
    listed = browser.get(reverse("documents")).content.decode()
    link = re.search(r'href="(/documents/[^"]*file[^"]*|/[^"]*' + re.escape("file") + r'[^"]*)"', listed)
    assert link is not None
    content = read(browser, link.group(1))[1]
    assert [word for word in foreign_words(cast) if word in content] == []
    assert cast.subscribers[3].number in content
    # A colleague with another narrow role has none of it.
    other = Seat.objects.give(cast.kolya.person, cast.pavel.role, cast.company, subscribers=[cast.subscribers[3].pk])
    assert logged_in(other).get(link.group(1)).status_code == 404


def test_V8_foreign_numbers_cannot_be_picked_for_call_details(company: Company) -> None:
    cast = company.cast
    asked = {
        "step": "order", "accept": "1", "account": cast.first.pk, "period": "month", "month": "2026-10",
        "directions": "both", "source": "list", "go": "continue", "picked": f"{cast.subscribers[0].pk}",
        "format": "xlsx", "language": "en", "by": "link",
    }  # fmt: skip
    assert logged_in(cast.pavel).post(reverse("call_details"), asked).status_code in {200, 422}
    assert not DocumentRequest.objects.exists()


def test_V8_orders_are_for_the_own_numbers_and_the_own_orders_are_seen(cast: Cast) -> None:
    mine = draft(cast.pavel, [line.pk for line in cast.subscribers], service=cast.catalog.service.pk)
    assert [item.subscriber for item in mine.items.order_by("row")] == cast.subscribers[3:5]
    assert mine.confirm(cast.pavel.actor())
    theirs = draft(cast.anna, [cast.subscribers[3].pk], service=cast.catalog.service.pk)
    browser = logged_in(cast.pavel)
    assert browser.get(reverse("order", args=[theirs.pk])).status_code == 404
    assert list(Order.objects.within(cast.pavel)) == [work(mine)]


def test_V8_a_head_without_the_right_to_see_costs_has_no_home_of_costs(cast: Cast) -> None:
    rights = [right for right in cast.pavel.role.own_rights if right != Right.SEE_FINANCE]
    Role.objects.filter(pk=cast.pavel.role_id).update(own_rights=rights)
    assert logged_in(cast.pavel).get(reverse("home")).status_code == 403
