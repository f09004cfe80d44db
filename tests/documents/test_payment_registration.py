"""The page of registered payments: what it offers, what it keeps (S4)."""

import datetime as dt

import pytest
from django.urls import reverse

from abonent.billing.models import PaymentPromise
from abonent.lib import clock
from tests.conftest import NOON, logged_in
from tests.documents.conftest import Company

pytestmark = pytest.mark.usefixtures("english")
ASKED = {"paid_on": "2026-11-09", "number": "17", "amount": "5.00"}


def test_S4_the_page_offers_what_is_due_and_shows_what_was_registered(company: Company) -> None:
    anna, account = logged_in(company.cast.anna), company.cast.first
    page = anna.get(reverse("payment_registration")).content.decode()
    assert f'value="{company.invoice(account).gross}"' in page
    assert anna.post(reverse("payment_registration"), {**ASKED, "account": account.pk}).status_code == 302
    shown = anna.get(reverse("payments")).content.decode()
    assert "waited for" in shown
    assert 'until <time class="n" datetime="2026-11-19">' in shown
    again = anna.post(reverse("payment_registration"), {**ASKED, "account": account.pk}, follow=True)
    assert "This payment is registered already." in again.content.decode()
    assert PaymentPromise.objects.count() == 1
    with clock.stopped(NOON + dt.timedelta(days=11)):
        assert "did not come" in logged_in(company.cast.anna).get(reverse("payments")).content.decode()


def test_S4_what_is_waited_for_is_shown_also_when_it_was_paid_last_month(company: Company) -> None:
    anna = logged_in(company.cast.anna)
    asked = {**ASKED, "account": company.cast.first.pk, "paid_on": "2026-10-29"}
    shown = anna.post(reverse("payment_registration"), asked, follow=True).content.decode()
    assert "waited for" in shown
    with clock.stopped(NOON + dt.timedelta(days=11)):
        assert "did not come" not in logged_in(company.cast.anna).get(reverse("payments")).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("amount", "0", "The amount is more than zero."),
        ("amount", "1.005", "2 decimal places"),
        ("paid_on", "2026-11-10", "This day has not come yet."),
        ("paid_on", "2026-10-01", "This was too long ago"),
        ("number", " ", "Type the number of the payment order."),
    ],
)
def test_S4_what_cannot_be_is_said_and_the_rest_is_kept(company: Company, field: str, value: str, words: str) -> None:
    anna = logged_in(company.cast.anna)
    asked = {**ASKED, "account": company.cast.first.pk, field: value}
    answer = anna.post(reverse("payment_registration"), asked)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not PaymentPromise.objects.exists()


def test_S4_after_the_10th_the_page_says_from_when_it_is_possible(company: Company) -> None:
    with clock.stopped(dt.datetime(2026, 11, 12, 9, tzinfo=dt.UTC)):
        page = logged_in(company.cast.anna).get(reverse("payment_registration")).content.decode()
    assert "Possible from 01.12.2026 00:00." in page
    assert '<form class="form"' not in page


def test_S4_an_account_of_somebody_else_is_no_choice(company: Company) -> None:
    anna = logged_in(company.cast.anna)
    for foreign in (company.cast.second, company.cast.stranger_account):
        answer = anna.post(reverse("payment_registration"), {**ASKED, "account": foreign.pk})
        assert answer.status_code == 422
    assert not PaymentPromise.objects.exists()
