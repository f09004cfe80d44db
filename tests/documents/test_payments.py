"""Payment history: the filter of the page, what it hands out, what is ordered (S4)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from abonent.access.models import Seat
from abonent.billing.payments import Payer, receive
from abonent.documents.models import DocumentRequest
from tests.cast import Cast
from tests.conftest import NOON, logged_in

pytestmark = pytest.mark.usefixtures("english", "noon")
DAY = dt.timedelta(days=1)


@pytest.fixture
def anna(cast: Cast) -> Client:
    """Four payments of her account, one of another account of the company, one of another company."""
    first, second = cast.first, cast.second
    receive(first, Decimal("10.00"), received_at=NOON, reference="p-now", payer=Payer("ОАО «Ёлка»"))
    receive(first, Decimal("20.50"), received_at=NOON - DAY * 8, reference="p-first-day", payer=Payer("OOO Beta"))
    receive(first, Decimal("30.00"), received_at=NOON - DAY * 9, reference="p-october")
    receive(first, Decimal("40.00"), received_at=NOON - DAY * 400, reference="p-old")
    receive(second, Decimal("50.00"), received_at=NOON, reference="p-second")
    receive(cast.stranger_account, Decimal("60.00"), received_at=NOON, reference="p-foreign")
    return logged_in(cast.anna)


def found(browser: Client, query: str = "", where: str = "payments") -> list[str]:
    """Which of the payments an answer names."""
    answer = browser.get(reverse(where) + query)
    assert answer.status_code == 200
    text = answer.content.decode() if isinstance(answer, HttpResponse) else b"".join(answer).decode()
    names = ("p-now", "p-first-day", "p-october", "p-old", "p-second", "p-foreign")
    return [name for name in names if name in text]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["p-now", "p-first-day"]),
        ("?months=3", ["p-now", "p-first-day", "p-october"]),
        ("?first=2026-10-31&last=2026-11-01", ["p-first-day", "p-october"]),
        ("?q=ёлка", ["p-now"]),
        ("?q=ЕЛКА", ["p-now"]),
        ("?q=P-FIRST", ["p-first-day"]),
        ("?months=3&least=20.50&most=30", ["p-first-day", "p-october"]),
        # What cannot be a filter narrows nothing, and the rest holds.
        ("?months=3&least=abc&q=beta", ["p-first-day"]),
    ],
)
def test_S4_the_page_and_its_file_have_what_the_filter_says(anna: Client, query: str, names: list[str]) -> None:
    assert found(anna, query) == names
    assert found(anna, f"{query}&format=csv" if query else "?format=csv", "payments_export") == names


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-09", "2026-11-08", "The period ends before it begins."),
        ("2025-11-30", "2026-11-09", "Payments are shown from 01.12.2025 to 09.11.2026."),
        ("2026-11-01", "2026-11-10", "Payments are shown from 01.12.2025 to 09.11.2026."),
        ("2026-13-01", "2026-11-09", "Enter a valid date."),
    ],
)
def test_S4_a_period_that_cannot_be_is_said_and_kept(anna: Client, first: str, last: str, words: str) -> None:
    page = anna.get(reverse("payments"), {"first": first, "last": last}).content.decode()
    assert words in page
    assert f'value="{first}"' in page
    assert "p-old" not in page
    order = anna.post(reverse("payments_order"), {"first": first, "last": last, "format": "pdf", "by": "link"})
    assert order.status_code == 422
    assert not DocumentRequest.objects.exists()


def test_S4_a_supervisor_narrows_to_an_account_and_orders_for_each(cast: Cast, anna: Client) -> None:
    assert found(anna, f"?account={cast.second.pk}") == ["p-now", "p-first-day"], "she has one account: no choice"
    sergei = logged_in(cast.sergei)
    assert found(sergei, f"?account={cast.second.pk}") == ["p-second"]
    assert found(sergei, f"?account={cast.stranger_account.pk}") == ["p-now", "p-first-day", "p-second"]
    days = {"first": "2026-10-01", "last": "2026-11-09", "format": "xlsx", "language": "en", "by": "link"}
    assert sergei.post(reverse("payments_order"), days).status_code == 302
    made = DocumentRequest.objects.order_by("account__number")
    assert [one.account for one in made] == [cast.first, cast.second]
    assert made[0].description == "Payments for 2026-10-01 – 2026-11-09"


def test_S4_no_file_in_a_format_that_there_is_not(anna: Client) -> None:
    assert anna.get(reverse("payments_export"), {"format": "exe"}).status_code == 404


def test_V8_payments_of_an_account_are_not_for_single_numbers(cast: Cast) -> None:
    narrow: Seat = cast.pavel
    for name in ("payments", "payments_export", "payments_order"):
        assert logged_in(narrow).get(reverse(name)).status_code == 403
