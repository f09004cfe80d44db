"""Charts: the same figures as the invoices and the ledger, drawn and as tables, for who sees whole accounts."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.urls import reverse

from abonent.access.models import Seat
from abonent.billing.figures import balance_by_month, by_kind, dearest
from abonent.billing.models import Breakdown, InvoiceLine, InvoiceSubscriber
from abonent.billing.payments import receive
from abonent.clients.models import Account
from abonent.portal.chart import shares, swings
from tests.billing import test_ledger
from tests.billing.world import local
from tests.cast import Cast
from tests.conftest import logged_in

pytestmark = pytest.mark.usefixtures("english", "noon")
WHEN = {"period_start": local(2026, 10, 1), "period_end": local(2026, 11, 1)}


def billed(account: Account, month: str, kinds: dict[str, str], number: str = "375291234567") -> None:
    """An invoice whose breakdown has a line of each kind, all of one subscriber."""
    whole = sum(Decimal(amount) for amount in kinds.values())
    part = Breakdown.objects.create(account=account, month=month)
    lines = {"breakdown": part, "subscriber_id": 1, **WHEN, "vat_rate": 0, "vat": 0}
    for kind, amount in kinds.items():
        InvoiceLine.objects.create(**lines, kind=kind, net=Decimal(amount), gross=Decimal(amount))
    InvoiceSubscriber.objects.create(
        breakdown=part, subscriber_id=1, number=number, name="Ivanov", net=whole, vat=0, gross=whole
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Breakdown.objects, "create", lambda **_values: part)
        test_ledger.issued(account, month, str(whole))


def page(seat: Seat, **query: str) -> str:
    response = logged_in(seat).get(reverse("charts"), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.postgres
def test_the_figures_are_those_of_the_invoices_and_the_ledger(cast: Cast) -> None:
    billed(cast.first, "2026-10", {"tariff_fee": "10.00", "voice_home": "30.50"})
    billed(cast.second, "2026-10", {"tariff_fee": "40.00"}, "375297654321")
    billed(cast.first, "2026-09", {"tariff_fee": "7.00"})
    receive(cast.first, Decimal("5.00"), received_at=local(2026, 9, 30, 23, 59, 59), reference="a")
    both = [cast.first, cast.second]
    assert by_kind(both, "2026-10") == [("tariff_fee", Decimal("50.00")), ("voice_home", Decimal("30.50"))]
    assert [(one.number, one.gross) for one in dearest(both, "2026-10", 1)] == [("375291234567", Decimal("40.50"))]
    assert balance_by_month([cast.first], 3) == [
        ("2026-09", Decimal("5.00")),
        ("2026-10", Decimal("5.00")),
        ("2026-11", Decimal("-42.50")),
    ]
    text = page(cast.sergei)
    assert all(amount in text for amount in ("50.00", "30.50", "80.50", "Ivanov"))
    narrowed = page(cast.sergei, account=cast.second.number, month="2026-10")
    assert ("40.00" in narrowed, "30.50" in narrowed) == (True, False)
    older = page(cast.sergei, month="2026-09")
    assert ("Monthly fee of the tariff" in older, "30.50" in older) == (True, False)


def test_each_sees_the_figures_of_its_accounts_alone(cast: Cast) -> None:
    billed(cast.first, "2026-10", {"tariff_fee": "11.11"})
    billed(cast.second, "2026-10", {"tariff_fee": "22.22"})
    billed(cast.stranger_account, "2026-10", {"tariff_fee": "77.77"})
    seen = {}
    for name in ("anna", "sergei", "stas"):
        text = page(getattr(cast, name), account=cast.stranger_account.number, month="2026-10")
        seen[name] = [amount in text for amount in ("11.11", "22.22", "77.77")]
    assert seen == {"anna": [True, False, False], "sergei": [True, True, False], "stas": [False, False, True]}
    for seat in (cast.kolya, cast.elena, cast.pavel):
        assert logged_in(seat).get(reverse("charts")).status_code == 403


def test_without_an_invoice_the_page_says_so(cast: Cast) -> None:
    assert "Charts begin with the first invoice" in page(cast.anna, month="x", account="\0")


def test_the_page_asks_few_questions(cast: Cast, django_assert_max_num_queries: Callable[[int], object]) -> None:
    for month in ("2026-08", "2026-09", "2026-10"):
        billed(cast.first, month, {"tariff_fee": "1.00", "voice_home": "2.00"})
    browser = logged_in(cast.sergei)
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]  # a context manager of pytest-django
        browser.get(reverse("charts"))


def test_bars_of_a_balance_stand_on_zero_and_hang_from_it() -> None:
    first, second = dt.date(2026, 9, 1), dt.date(2026, 10, 1)
    drawn, zero = swings([(first, Decimal(30)), (second, Decimal(-10))])
    assert (zero, [(bar.y, bar.height) for bar in drawn]) == (72, [(0, 72), (72, 24)])
    assert swings([(first, Decimal(0))])[0][0].height == 0


def test_shares_are_told_in_per_cent_of_the_whole() -> None:
    found = shares([("a", "", Decimal(3)), ("b", "", Decimal(1)), ("c", "", Decimal(-1))])
    assert [(one.length, one.percent) for one in found] == [
        (100, Decimal("100.0")),
        (33, Decimal("33.3")),
        (0, Decimal("-33.3")),
    ]
