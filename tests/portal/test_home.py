"""Home (S1): the figures are the ledger's and the invoices', with one sign everywhere."""

from decimal import Decimal

import pytest
from django.urls import reverse

from abonent.billing.ledger import correct
from abonent.billing.payments import receive
from tests.cast import Cast
from tests.conftest import NOON, logged_in

pytestmark = pytest.mark.usefixtures("noon")


def test_S1_money_on_one_account_does_not_pay_for_another(cast: Cast) -> None:
    """The amount due is what invoices ask for, not the balance with its sign turned."""
    receive(cast.first, Decimal("70.00"), received_at=NOON, reference="one")
    correct(cast.second, Decimal("-164.15"), reference="two", note="as in the seeds")
    page = logged_in(cast.sergei).get(reverse("home"))
    assert (page.context["balance"], page.context["due"]) == (Decimal("-94.15"), Decimal("0.00"))
    assert page.context["formed_at"] == NOON


def test_S1_a_supervisor_sees_each_account_and_an_administrator_one(cast: Cast) -> None:
    everything = logged_in(cast.sergei).get(reverse("home"))
    assert [card.account for card in everything.context["cards"]] == [cast.first, cast.second]
    assert everything.content.decode().count(str(cast.first.get_payment_form_display())) == 2
    one = logged_in(cast.anna).get(reverse("home"))
    assert one.context["only"].account == cast.first
    assert cast.second.number not in one.content.decode()


def test_L1_the_client_s_ids_and_the_delivery_stand_on_home(cast: Cast) -> None:
    body = logged_in(cast.anna).get(reverse("home")).content.decode()
    delivery = cast.first.deliveries.get()
    for text in (cast.company.tax_id, cast.first.number, cast.first.contract.number, delivery.address):
        assert text in body


def test_the_front_page_leads_each_seat_to_its_own(cast: Cast) -> None:
    assert logged_in(cast.anna).get("/").headers["Location"] == reverse("home")
    own = reverse("subscriber", args=[cast.subscribers[0].pk])
    assert logged_in(cast.elena).get("/").headers["Location"] == own
