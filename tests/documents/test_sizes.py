"""What is likely too large for mail is told before it is ordered (V5)."""

import datetime as dt
import io

import pytest
from django.db import connection
from django.urls import reverse

from abonent.billing import guards
from abonent.billing.models import InvoiceLine
from abonent.documents import sizes
from abonent.documents.call_params import CallParams
from abonent.documents.sizes import BYTES, large_invoices, likely_calls, too_large_for_mail
from abonent.formats.report import MEGABYTE
from abonent.formats.writers import WRITERS
from abonent.lib.periods import Month
from abonent.profile import current
from abonent.usage.layout import Charge
from bench.calls import calls, report
from tests.cast import Cast
from tests.conftest import logged_in
from tests.matrix.finance import issued

OCTOBER = CallParams(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
RECORDS = 400_000
BOUND = "What is larger than 20 MB goes as a link."


def billed(cast: Cast, records: int = RECORDS, lines: int = 1) -> None:
    """The last invoice of the first account tells of so many calls."""
    invoice = issued(cast)
    period = Month(2026, 10).period(current().zone)
    assert period.end is not None
    line = {
        "breakdown": invoice.breakdown, "subscriber_id": cast.subscribers[0].pk, "kind": Charge.values[0],
        "period_start": period.start, "period_end": period.end, "net": 0, "vat_rate": 0, "vat": 0, "gross": 0,
    }  # fmt: skip
    with guards.lifted(connection):
        InvoiceLine.objects.bulk_create(InvoiceLine(**line, records=records) for _ in range(lines))


@pytest.mark.parametrize("form", list(WRITERS))
def test_V5_a_row_takes_what_was_measured(form: str) -> None:
    measured = []
    for count in (200, 1000):
        stream = io.BytesIO()
        WRITERS[form].write(report(calls(count)), stream, lambda _rows: None)
        measured.append(len(stream.getvalue()))
    assert (measured[1] - measured[0]) / 800 == pytest.approx(BYTES[form], rel=0.25)


def test_V5_the_bound_is_that_of_the_letter() -> None:
    limit = current().documents.mail_limit_mb * MEGABYTE * 3 // 4
    assert too_large_for_mail(limit // BYTES["xml"], "xml") == 0
    assert too_large_for_mail(limit // BYTES["xml"] + 1, "xml") == 15
    assert too_large_for_mail(0, "pdf") == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_V5_as_many_calls_are_likely_as_the_last_invoice_tells(cast: Cast) -> None:
    assert likely_calls(cast.first, OCTOBER) == 0
    billed(cast)
    assert likely_calls(cast.first, OCTOBER) == pytest.approx(RECORDS, rel=0.05)
    year = CallParams(dt.date(2025, 11, 1), dt.date(2026, 10, 31))
    assert likely_calls(cast.first, year) == pytest.approx(12 * RECORDS, rel=0.05)
    somebody_else = CallParams(OCTOBER.first, OCTOBER.last, subscribers=(cast.subscribers[1].pk,))
    assert likely_calls(cast.first, somebody_else) == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "english")
def test_V5_the_receipt_says_so_before_it_is_ordered(cast: Cast) -> None:
    billed(cast)
    data = {
        "step": "choose", "account": cast.first.pk, "period": "month", "month": "2026-10", "directions": "both",
        "source": "all", "language": "en", "by": "email",
    }  # fmt: skip
    browser = logged_in(cast.anna)
    words = "MB, too much for a letter"
    told = {
        form: words in browser.post(reverse("call_details"), {**data, "format": form}).content.decode()
        for form in BYTES
    }
    assert told == {"pdf": True, "xlsx": True, "xml": True, "html": True, "txt": True, "csv": True}
    by_link = browser.post(reverse("call_details"), {**data, "format": "xml", "by": "link"}).content.decode()
    assert words not in by_link


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "english")
def test_V5_an_invoice_with_many_lines_is_told_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    billed(cast, lines=5)
    assert large_invoices([cast.first, cast.second]) == []
    monkeypatch.setattr(sizes, "BYTES", {"pdf": 69, "xml": 5 * MEGABYTE, "csv": 1})
    assert large_invoices([cast.first, cast.second]) == [(cast.first.number, "XML")]
    page = logged_in(cast.anna).get(reverse("invoice_order")).content.decode()
    assert "as XML the invoice is likely to be too large for a letter" in page


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "english")
@pytest.mark.parametrize(
    "page", ["invoice_order", "call_details", "payments_order", "reconciliation", "subscribers_order"]
)
def test_V5_each_page_that_orders_says_the_bound(cast: Cast, page: str) -> None:
    assert BOUND in logged_in(cast.anna).get(reverse(page)).content.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("noon", "english")
def test_V5_so_do_the_charges_that_may_be_had_as_a_document(cast: Cast) -> None:
    chosen = {"step": "choose", "account": cast.first.pk, "source": "all"}
    assert BOUND in logged_in(cast.anna).post(reverse("current_charges"), chosen).content.decode()
