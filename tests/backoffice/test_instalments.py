"""L8 for the operator's staff: a plan is made once, seen by its client alone, and ended early."""

import datetime as dt
import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse

from abonent.access.models import Seat
from abonent.audit.journal import SYSTEM
from abonent.audit.models import Entry
from abonent.billing.instalments import agree, first_months
from abonent.billing.models import InstalmentPlan
from abonent.catalog.models import InstalmentOffer
from tests.cast import Cast
from tests.conftest import logged_in

pytestmark = pytest.mark.usefixtures("english", "noon")


@pytest.fixture
def phone(db: None) -> InstalmentOffer:  # noqa: ARG001  # it stands in the database
    return InstalmentOffer.objects.create(code="phone", names={"en": "Good phone"}, price=Decimal("100.00"), months=3)


def sent(cast: Cast, offer: InstalmentOffer, changed: dict[str, object] | None = None) -> dict[str, object]:
    number = cast.subscribers[0].number
    usual = {"number": f"+{number}", "offer": offer.pk, "first": "2026-11", "key": str(uuid.uuid4())}
    return {**usual, **(changed or {})}


def test_L8_a_plan_is_made_once_and_journaled(cast: Cast, phone: InstalmentOffer, olga_client: Browser) -> None:
    data = sent(cast, phone)
    page = reverse("operator_instalments")
    for _ in range(2):
        assert olga_client.post(page, data).status_code == 302
    plan = InstalmentPlan.objects.get()
    assert (plan.account, plan.subscriber, plan.first_month, plan.last_month) == (
        cast.first,
        cast.subscribers[0],
        "2026-11",
        "2027-01",
    )
    entry = Entry.objects.get(action="billing.instalments")
    assert (entry.client_id, entry.actor_id) == (cast.company.pk, str(cast.olga.person_id))
    listed = olga_client.get(page, {"q": cast.first.number}).content.decode()
    assert ("Good phone: 100.00 in 3 payments" in listed, cast.company.name in listed) == (True, True)
    assert cast.company.name not in olga_client.get(page, {"q": "888888"}).content.decode()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"number": "375290000000"}, "Nobody has this number now"),
        ({"number": "x"}, "Nobody has this number now"),
        ({"offer": "999"}, "This is not on sale"),
        ({"first": "2026-10"}, "Choose one of the months"),
        ({"first": "2027-05"}, "Choose one of the months"),
    ],
)
def test_L8_a_plan_that_cannot_be_is_told_why(
    cast: Cast, phone: InstalmentOffer, olga_client: Browser, changed: dict[str, object], told: str
) -> None:
    page = olga_client.post(reverse("operator_instalments"), sent(cast, phone, changed))
    assert (page.status_code, told in page.content.decode()) == (422, True)
    assert not InstalmentPlan.objects.exists()


def test_L8_it_is_ended_early_once(cast: Cast, phone: InstalmentOffer, olga_client: Browser) -> None:
    plan = agree(cast.subscribers[0], phone, first=first_months()[0], actor=SYSTEM)
    page = olga_client.get(reverse("operator_instalments")).content.decode()
    assert "All that no invoice has yet" in page
    ending = reverse("operator_instalments_end", args=[plan.pk])
    told = [olga_client.post(ending, follow=True).content.decode() for _ in range(2)]
    assert ("100.00" in told[0], "it ends by itself" in told[1]) == (True, True)
    plan.refresh_from_db()
    assert plan.last_month == "2026-11"
    assert Entry.objects.filter(action="billing.instalments-end").count() == 1


def test_L8_a_client_sees_its_plans_payment_by_payment(
    cast: Cast, phone: InstalmentOffer, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    anna = logged_in(cast.anna)
    assert "Nothing is paid for in parts" in anna.get(reverse("instalments")).content.decode()
    plans = [agree(cast.subscribers[0], phone, first=first_months()[0], actor=SYSTEM) for _ in range(4)]
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]  # a context manager of pytest-django
        page = anna.get(reverse("instalments")).content.decode()
    assert page.count("Good phone</a>") == 4
    assert "400.00" in page
    one = anna.get(reverse("instalment_plan", args=[plans[0].pk])).content.decode()
    assert [one.count(amount) for amount in ("33.34", "33.33")] == [2, 2]
    assert dt.date(2027, 1, 31).strftime("%B") in one


def test_L8_nobody_else_sees_them(cast: Cast, phone: InstalmentOffer) -> None:
    plan = agree(cast.subscribers[0], phone, first=first_months()[0], actor=SYSTEM)
    one = reverse("instalment_plan", args=[plan.pk])
    seats: list[tuple[Seat, int, int]] = [
        (cast.sergei, 200, 200),
        (cast.stas, 200, 404),
        (cast.kolya, 403, 403),
        (cast.elena, 403, 403),
        (cast.pavel, 403, 403),
        (cast.olga, 403, 403),
    ]
    for seat, listed, alone in seats:
        browser = logged_in(seat)
        page = browser.get(reverse("instalments"))
        assert (page.status_code, browser.get(one).status_code) == (listed, alone)
        assert ("Good phone" in page.content.decode()) == (seat == cast.sergei)
