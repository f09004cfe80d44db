"""Call details: whose, of when, which way, and sums that are the invoice's (S5, P2, V5)."""

import datetime as dt
import io
from contextlib import AbstractContextManager
from decimal import Decimal

import pytest
from django.utils.translation import override

from abonent.billing.models import InvoiceLine
from abonent.documents import call_details
from abonent.documents.call_params import CallParams, Directions
from abonent.documents.document import Document, Params
from abonent.documents.kinds import KINDS
from abonent.documents.models import DocumentRequest
from abonent.documents.writing import write
from abonent.formats.report import Row
from abonent.lib import clock
from abonent.lib.money import ZERO, round_money
from abonent.usage.layout import Charge
from tests.documents.conftest import Company
from tests.documents.test_invoice import pdf_text

FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 10, 31)
MINSK = dt.timezone(dt.timedelta(hours=3))


def wanted(company: Company, params: Params, language: str = "en") -> DocumentRequest:
    account = company.cast.first
    return DocumentRequest(kind="call_details", params=dict(params), account=account, language=language, format="pdf")


def collected(company: Company, asked: CallParams) -> AbstractContextManager[Document]:
    return KINDS["call_details"].collect(wanted(company, asked.kept()))


def tables(company: Company, asked: CallParams) -> dict[str, tuple[list[Row], Row | None]]:
    """The sections of a report, read as a writer reads them."""
    with override("en"), collected(company, asked) as document:
        found = {section.key: (list(section.rows), section.total_row()) for section in document.report.sections}
        assert document.rows == len(found["calls"][0]) + len(found["subscribers"][0]) + len(found["charges"][0])
        return found


def test_S5_totals_of_a_whole_month_are_the_lines_of_the_invoice(company: Company) -> None:
    invoice = company.invoice(company.cast.first)
    found = tables(company, CallParams(FIRST, LAST))
    people, total = found["subscribers"]
    for row in people:
        lines = [line for line in invoice.lines if line.subscriber_id == subscriber_of(company, str(row[0]))]
        assert row[-3] == sum((line.net for line in lines if line.kind in Charge.values), ZERO)
        assert row[-2] == sum((line.net for line in lines if line.kind not in Charge.values), ZERO)
        assert row[-1] == sum((line.gross for line in lines), ZERO)
    assert total is not None
    assert total[-1] == invoice.gross
    assert total[-3] == sum((line.net for line in usage_lines(company)), ZERO)


def test_S5_the_exact_cost_of_the_calls_rounds_to_what_the_invoice_asks(company: Company) -> None:
    found = tables(company, CallParams(FIRST, LAST))
    asked = {(line.subscriber_id, Charge(line.kind).label): line.net for line in usage_lines(company)}
    calls: dict[tuple[int, object], Decimal] = {}
    for number, _time, _way, _peer, charge, *_more, cost in found["calls"][0]:
        assert isinstance(cost, Decimal)
        key = (subscriber_of(company, str(number)), charge)
        calls[key] = calls.get(key, ZERO) + cost
    with override("en"):
        assert {(key, str(label)): amount for (key, label), amount in asked.items()} == {
            key: round_money(amount) for key, amount in calls.items() if round_money(amount)
        }


def usage_lines(company: Company) -> list[InvoiceLine]:
    return [line for line in company.invoice(company.cast.first).lines if line.kind in Charge.values]


def subscriber_of(company: Company, number: str) -> int:
    return next(line.pk for line in company.cast.subscribers if line.number == number)


def test_S5_calls_stand_by_subscriber_and_time(company: Company) -> None:
    rows = tables(company, CallParams(FIRST, LAST))["calls"][0]
    assert len(rows) == 5 * 20
    assert [row[:2] for row in rows] == sorted(row[:2] for row in rows)


def test_V5_only_the_chosen_subscribers_and_direction(company: Company) -> None:
    chosen = company.cast.subscribers[1]
    found = tables(company, CallParams(FIRST, LAST, Directions.OUT, (chosen.pk,)))
    assert {row[0] for row in found["calls"][0]} == {chosen.number}
    assert {row[2] for row in found["calls"][0]} == {"outgoing"}
    assert [row[0] for row in found["subscribers"][0]] == [chosen.number]
    assert len(found["subscribers"][0][0]) == 7  # no figures of the invoice beside half of its calls


def test_V5_a_stranger_among_the_ids_adds_nothing(company: Company) -> None:
    asked = CallParams(FIRST, LAST, Directions.BOTH, (company.cast.stranger_subscriber.pk,))
    assert tables(company, asked)["calls"][0] == []


def test_P2_days_are_inclusive_in_the_operators_zone(company: Company) -> None:
    """Midnight in Minsk is nine in the evening of the day before in UTC."""
    number = company.cast.subscribers[0].number
    moments = ["2026-11-02T23:59:59", "2026-11-03T00:00:00", "2026-11-04T23:59:59", "2026-11-05T00:00:00"]
    company.load([f"{number};voice;out;{moment}+03:00;77;375330000000;BLRAB" for moment in moments])
    found = tables(company, CallParams(dt.date(2026, 11, 3), dt.date(2026, 11, 4)))
    times = [row[1] for row in found["calls"][0] if row[6] == 77]
    assert times == [dt.datetime.fromisoformat(f"{moment}+03:00") for moment in moments[1:3]]


def test_a_record_that_came_late_stands_in_the_month_that_bills_it(company: Company) -> None:
    number = company.cast.subscribers[0].number
    company.load([f"{number};voice;out;2026-10-30T10:00:00+03:00;88;375330000000;BLRAB"])
    october = tables(company, CallParams(FIRST, LAST))
    assert [row for row in october["calls"][0] if row[6] == 88] == []
    by_day = tables(company, CallParams(dt.date(2026, 10, 30), dt.date(2026, 10, 30)))
    assert [row[1] for row in by_day["calls"][0] if row[6] == 88] == [dt.datetime(2026, 10, 30, 10, tzinfo=MINSK)]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (dt.date(2026, 11, 9), dt.date(2026, 11, 10), "01.12.2023 to 09.11.2026"),
        (dt.date(2023, 11, 30), dt.date(2023, 12, 1), "01.12.2023 to 09.11.2026"),
        (dt.date(2026, 11, 5), dt.date(2026, 11, 4), "ends before it begins"),
    ],
)
def test_P2_a_period_outside_is_refused_with_the_bounds(
    company: Company, first: dt.date, last: dt.date, words: str
) -> None:
    with override("en"):
        answer = call_details.may_order(company.cast.first, CallParams(first, last).kept())
    assert not answer
    assert words in answer.reason


def test_P2_a_sip_account_has_this_month_and_the_last(company: Company) -> None:
    account = company.cast.first
    account.kind = account.Kind.SIP
    asked = CallParams(dt.date(2026, 9, 30), dt.date(2026, 10, 1)).kept()
    with override("en"):
        assert "01.10.2026" in call_details.may_order(account, asked).reason
    with clock.stopped(dt.datetime(2026, 10, 9, 9, tzinfo=dt.UTC)):
        assert call_details.may_order(account, asked)


@pytest.mark.parametrize(("language", "words"), [("en", "Outgoing and incoming"), ("en", "October 2026")])
def test_the_file_speaks_the_language_of_the_request(company: Company, language: str, words: str) -> None:
    stream = io.BytesIO()
    with (
        override(language),
        KINDS["call_details"].collect(wanted(company, CallParams(FIRST, LAST).kept(), language)) as document,
    ):
        write(document, "pdf", stream, lambda _rows: None)
    assert words in pdf_text(stream.getvalue())
