"""Documents of the current selection: its numbers as they are when ordered, a document for each account (V4, V5)."""

import re

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from abonent.access.models import Seat
from abonent.documents.models import DocumentRequest
from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from tests.conftest import logged_in
from tests.documents.conftest import Company
from tests.documents.test_screens import MAIL, body

DETAILS, INVOICES = "call_details", "invoice_order"


@pytest.fixture
def sergei(company: Company) -> Client:
    return logged_in(company.cast.sergei)


def select(seat: Seat, *refs: Ref) -> None:
    selection.add(seat, Wanted(refs))


def everything(company: Company) -> Ref:
    return Ref(Kind.CLIENT, company.cast.company.pk)


def asked(**values: object) -> dict[str, object]:
    known = {"account": "", "period": "month", "month": "2026-10", "directions": "both", "source": "selection"}
    return known | MAIL | values


def stamp_in(page: HttpResponseBase) -> str:
    assert isinstance(page, HttpResponse)
    found = re.search(r'name="stamp" value="(\w+)"', page.content.decode())
    assert found is not None
    return found.group(1)


def order(browser: Client, **values: object) -> str:
    """Through the receipt; what is said in the end."""
    receipt = browser.post(reverse(DETAILS), asked(**values))
    sent = asked(step="order", accept="1", stamp=stamp_in(receipt), **values)
    return body(browser.post(reverse(DETAILS), sent, follow=True))


def subscribers_of(request: DocumentRequest) -> object:
    return request.params["subscribers"]


def test_V5_a_selection_over_two_accounts_says_so_and_makes_a_document_for_each(
    company: Company, sergei: Client
) -> None:
    select(company.cast.sergei, everything(company))
    form = sergei.get(reverse(DETAILS), {"source": "selection"}).content.decode()
    assert '<option value="" selected>Each of 2 accounts of the selection</option>' in form
    receipt = body(sergei.post(reverse(DETAILS), asked()))
    assert "each gets a document of its own" in receipt
    assert "2 documents are ordered." in order(sergei)
    made = DocumentRequest.objects.order_by("account__number")
    assert [one.account for one in made] == [company.cast.first, company.cast.second]
    lines = selection.lines(company.cast.sergei)
    for one in made:
        assert subscribers_of(one) == list(
            lines.filter(account=one.account).order_by("pk").values_list("pk", flat=True)
        )


def test_V5_one_account_of_the_selection_can_be_chosen(company: Company, sergei: Client) -> None:
    select(company.cast.sergei, everything(company))
    order(sergei, account=company.cast.second.pk)
    assert subscribers_of(DocumentRequest.objects.get()) == [company.cast.subscribers[5].pk]


def test_V5_a_selection_that_changed_after_the_receipt_is_shown_anew(company: Company, sergei: Client) -> None:
    line, other = (Ref(Kind.NUMBER, company.cast.subscribers[place].pk) for place in (0, 1))
    select(company.cast.sergei, line)
    stamp = stamp_in(sergei.post(reverse(DETAILS), asked()))
    select(company.cast.sergei, other)
    response = sergei.post(reverse(DETAILS), asked(step="order", accept="1", stamp=stamp))
    assert (response.status_code, "The selection has changed meanwhile" in body(response)) == (422, True)
    assert not DocumentRequest.objects.exists()
    again = stamp_in(response)
    assert again != stamp
    sergei.post(reverse(DETAILS), asked(step="order", accept="1", stamp=again))
    assert subscribers_of(DocumentRequest.objects.get()) == [line.pk, other.pk]


def test_V5_ids_in_the_form_are_not_looked_at(company: Company, sergei: Client) -> None:
    line = company.cast.subscribers[0].pk
    select(company.cast.sergei, Ref(Kind.NUMBER, line))
    order(sergei, picked=str(company.cast.stranger_subscriber.pk), pick=[company.cast.subscribers[1].pk])
    assert subscribers_of(DocumentRequest.objects.get()) == [line]


def test_V5_nothing_of_the_selection_on_the_chosen_account_is_said(company: Company, sergei: Client) -> None:
    for chosen in ("", company.cast.second.pk):
        response = sergei.post(reverse(DETAILS), asked(account=chosen))
        assert response.status_code == 422
        assert "Nothing of the current selection belongs here" in body(response)
        select(company.cast.sergei, Ref(Kind.ACCOUNT, company.cast.first.pk))
    foreign = sergei.post(reverse(DETAILS), asked(account=company.cast.stranger_account.pk))
    assert foreign.status_code == 422


def test_V5_the_rules_are_accepted_first(company: Company, sergei: Client) -> None:
    select(company.cast.sergei, Ref(Kind.ACCOUNT, company.cast.first.pk))
    stamp = stamp_in(sergei.post(reverse(DETAILS), asked()))
    response = sergei.post(reverse(DETAILS), asked(step="order", stamp=stamp))
    assert (response.status_code, "Accept the rules" in body(response)) == (422, True)


def test_V4_invoices_of_each_account_of_the_selection(company: Company, sergei: Client) -> None:
    select(company.cast.sergei, everything(company))
    form = body(sergei.get(reverse(INVOICES), {"source": "selection"}))
    assert "Each of 2 accounts of the selection" in form
    sent = {"account": "", "month": "2026-10", "source": "selection", **MAIL}
    assert "2 documents are ordered." in body(sergei.post(reverse(INVOICES), sent, follow=True))
    assert DocumentRequest.objects.filter(kind="invoice").count() == 2
    # Without the selection, an account has to be named; and what was put in is all that can be chosen.
    assert sergei.post(reverse(INVOICES), sent | {"source": ""}).status_code == 422
    selection.clear(company.cast.sergei)
    response = sergei.post(reverse(INVOICES), sent)
    assert (response.status_code, "The current selection is empty." in body(response)) == (422, True)
