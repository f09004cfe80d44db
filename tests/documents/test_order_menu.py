"""«Заказать документ»: each kind to whom it is for, and the list of subscribers (V4, S7)."""

import re

import pytest
from django.urls import reverse

from abonent.access.models import Seat
from abonent.documents.kinds import KINDS
from abonent.documents.models import DocumentRequest
from tests.cast import Cast
from tests.conftest import logged_in

pytestmark = pytest.mark.usefixtures("english", "noon")
PAGES = {
    "invoice": "invoice_order",
    "call_details": "call_details",
    "current_charges": "current_charges",
    "reconciliation": "reconciliation",
    "payments": "payments_order",
    "subscriber_list": "subscribers_order",
}


def offered(seat: Seat) -> set[str]:
    """The kinds in the menu of the page of documents."""
    text = logged_in(seat).get(reverse("documents")).content.decode()
    menu = text[text.index("page-actions") :].partition("</details>")[0]
    links = set(re.findall(r'href="([^"]+)"', menu))
    return {kind for kind, name in PAGES.items() if reverse(name) in links}


def test_V4_every_kind_can_be_ordered_and_is_offered_to_whom_it_is_for(cast: Cast) -> None:
    assert PAGES.keys() == KINDS.keys()
    assert offered(cast.anna) == KINDS.keys()
    assert offered(cast.pavel) == {kind.key for kind in KINDS.values() if kind.by_number}


def test_S7_the_list_of_subscribers_for_each_account(cast: Cast) -> None:
    asked = {"format": "xlsx", "language": "en", "by": "link"}
    assert logged_in(cast.sergei).post(reverse("subscribers_order"), asked).status_code == 302
    made = DocumentRequest.objects.order_by("account__number")
    assert [(one.kind, one.account) for one in made] == [
        ("subscriber_list", cast.first),
        ("subscriber_list", cast.second),
    ]
    assert logged_in(cast.pavel).get(reverse("subscribers_order")).status_code == 403
    foreign = {**asked, "account": cast.stranger_account.pk}
    assert logged_in(cast.anna).post(reverse("subscribers_order"), foreign).status_code == 422
