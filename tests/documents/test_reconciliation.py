"""The reconciliation statement: figures that chain, and what the file says (S6)."""

import datetime as dt
import io
import itertools
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from abonent.billing.balance import state_of
from abonent.billing.ledger import correct
from abonent.billing.payments import receive
from abonent.billing.statement import Statement, statement_of
from abonent.documents.making import document_requests_queue
from abonent.documents.models import DocumentRequest
from abonent.jobs.worker import drain
from abonent.lib.periods import midnight
from abonent.profile import current
from tests.conftest import NOON, logged_in
from tests.documents.conftest import Company

pytestmark = pytest.mark.usefixtures("english")
ASKED = {"first": "2026-10-01", "last": "2026-11-09", "format": "xlsx", "language": "en", "by": "link"}


def over(company: Company, first: dt.date, last: dt.date) -> Statement:
    return statement_of(company.cast.first, first, last, current().zone)


def make_entries(company: Company) -> None:
    account, gross = company.cast.first, company.invoice(company.cast.first).gross
    receive(account, gross - 1, received_at=NOON - dt.timedelta(days=3), reference="p1")
    receive(account, Decimal("5.55"), received_at=NOON, reference="p2")
    correct(account, Decimal("0.45"), reference="c1", note="a wrong fee", at=NOON - dt.timedelta(days=1))


def test_S6_each_period_opens_with_what_the_one_before_closed_with(company: Company) -> None:
    make_entries(company)
    days = [dt.date(2026, 9, 1) + dt.timedelta(days=step) for step in range(75)]
    parts = [over(company, day, day) for day in days]
    assert all(one.closing == next_one.opening for one, next_one in itertools.pairwise(parts))
    whole = over(company, days[0], days[-1])
    assert (whole.opening, whole.closing) == (parts[0].opening, parts[-1].closing)
    assert sum(len(one.bookings) for one in parts) == len(whole.bookings) == 4
    assert whole.closing == state_of(company.cast.first).balance


def test_S6_a_booking_belongs_to_the_day_of_the_operators_zone(company: Company) -> None:
    zone, day = current().zone, dt.date(2026, 11, 8)
    start = midnight(day, zone)
    for name, at in {"before": start - dt.timedelta(seconds=1), "at": start}.items():
        receive(company.cast.first, Decimal(1), received_at=at, reference=name)
    statement = over(company, day, day)
    assert [booking.entry.source for booking in statement.bookings] == ["payment:at"]
    assert [(booking.day, booking.charged, booking.paid) for booking in statement.bookings] == [
        (day, Decimal(0), Decimal(1))
    ]


def test_S6_the_file_adds_up(company: Company) -> None:
    make_entries(company)
    anna = logged_in(company.cast.anna)
    answer = anna.post(reverse("reconciliation"), {**ASKED, "account": company.cast.first.pk})
    assert answer.status_code == 302
    drain([document_requests_queue])
    request = DocumentRequest.objects.get()
    assert request.file is not None
    with request.file.open() as stream:
        book = openpyxl.load_workbook(io.BytesIO(stream.read()))
    rows = [list(row) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    start = next(place for place, row in enumerate(rows) if row[:2] == ["Date", "Document"])
    end = next(place for place, row in enumerate(rows) if row[1] == "Total")
    lines, total = rows[start + 1 : end], rows[end]
    gross = company.invoice(company.cast.first).gross
    assert [str(row[1]).split()[0] for row in lines] == ["Invoice", "Payment", "Correction:", "Payment"]
    assert [Decimal(str(total[2])), Decimal(str(total[3]))] == [gross, gross - 1 + Decimal("5.55") + Decimal("0.45")]
    assert {tuple(row[:2]) for row in rows} >= {
        ("Balance on 2026-10-01", "0.00"),
        ("Balance after 2026-11-09", "5.00"),
    }


def test_S6_a_supervisor_gets_one_for_each_account(company: Company) -> None:
    sergei = logged_in(company.cast.sergei)
    assert sergei.post(reverse("reconciliation"), ASKED).status_code == 302
    found = DocumentRequest.objects.values_list("account__number", flat=True)
    assert set(found) == {company.cast.first.number, company.cast.second.number}


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-09", "2026-11-08", "The period ends before it begins."),
        ("2023-10-31", "2026-11-09", "A statement can be ordered from 01.11.2023 to 09.11.2026."),
        ("2026-11-01", "2026-11-10", "A statement can be ordered from 01.11.2023 to 09.11.2026."),
        ("2026-11-01", "", "Choose a day."),
    ],
)
def test_S6_a_period_outside_is_refused_with_its_bounds(company: Company, first: str, last: str, words: str) -> None:
    anna = logged_in(company.cast.anna)
    asked = {**ASKED, "account": company.cast.first.pk, "first": first, "last": last}
    answer = anna.post(reverse("reconciliation"), asked)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{first}"' in answer.content.decode()
    assert not DocumentRequest.objects.exists()


def test_S6_three_years_back_to_the_day(company: Company) -> None:
    anna: Client = logged_in(company.cast.anna)
    asked = {**ASKED, "account": company.cast.first.pk, "first": "2023-11-01"}
    assert anna.post(reverse("reconciliation"), asked).status_code == 302
    assert DocumentRequest.objects.count() == 1
