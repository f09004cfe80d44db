"""The finance screens: what they show, what they refuse, what they keep (S2, S4, S5, V5, L3, L7)."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from abonent.access.models import Person
from abonent.billing.payments import receive
from abonent.documents.bill import by_kind, by_subscriber
from abonent.documents.links import token
from abonent.documents.making import document_requests_queue
from abonent.documents.models import DocumentRequest, Stage
from abonent.jobs.worker import drain
from abonent.lib import clock
from tests.conftest import NOON, logged_in
from tests.documents.conftest import Company

MAIL = {"format": "pdf", "language": "en", "by": "email"}


@pytest.fixture
def anna(company: Company) -> Client:
    return logged_in(company.cast.anna)


def body(response: object) -> str:
    """The page's text: figures are marked up for reading, so tags are dropped, and blanks are one."""
    content = getattr(response, "content", b"").decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", re.sub("</(td|th|dt|dd)>", " ", content)))


def workbook(*rows: tuple[object, ...]) -> SimpleUploadedFile:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
    book.close()
    return SimpleUploadedFile("numbers.xlsx", stream.getvalue())


def asked(company: Company, **changes: object) -> dict[str, object]:
    """The first form of call details, filled in."""
    values: dict[str, object] = {
        "step": "choose", "account": company.cast.first.pk, "period": "month", "month": "2026-10",
        "directions": "both", "source": "all", **MAIL,
    }  # fmt: skip
    return values | changes


def test_S2_the_page_of_an_invoice_says_what_the_database_says(company: Company, anna: Client) -> None:
    invoice = company.invoice(company.cast.first)
    text = body(anna.get(reverse("invoice", args=[invoice.pk])))
    amounts = [amount for kind in by_kind(invoice) for amount in (kind.net, kind.vat, kind.gross)]
    amounts += [
        amount for one in by_subscriber(invoice) for amount in (one.fees, one.usage, one.net, one.vat, one.gross)
    ]
    assert [amount for amount in [*amounts, invoice.gross] if f"{amount:.2f}" not in text] == []


def test_S2_the_lines_of_one_subscriber(company: Company, anna: Client) -> None:
    invoice = company.invoice(company.cast.first)
    one = by_subscriber(invoice)[1]
    text = body(anna.get(reverse("invoice", args=[invoice.pk]), {"subscriber": one.subscriber_id}))
    assert "Monthly fee of the tariff: Business" in text
    assert "Calls in the country" in text


def test_V7_the_list_has_the_accounts_in_scope_and_what_is_unpaid(company: Company, anna: Client) -> None:
    first, second = company.invoice(company.cast.first), company.invoice(company.cast.second)
    text = body(anna.get(reverse("invoices")))
    assert (first.number in text, second.number in text) == (True, False)
    assert "unpaid" in text
    supervisor = logged_in(company.cast.sergei)
    assert second.number in body(supervisor.get(reverse("invoices")))
    receive(company.cast.first, first.gross, received_at=NOON, reference="p1")
    assert "unpaid" not in body(anna.get(reverse("invoices")))
    with clock.stopped(dt.datetime(2026, 12, 9, 9, tzinfo=dt.UTC)):
        assert "overdue" in body(logged_in(company.cast.sergei).get(reverse("invoices")))


def test_L3_ordering_an_invoice_sends_it_to_the_address_in_force(company: Company, anna: Client) -> None:
    form = anna.get(reverse("invoice_order"), {"account": str(company.cast.first.pk), "month": "2026-10"})
    assert f"invoices-{company.cast.first.number}@example.com" in body(form)
    response = anna.post(
        reverse("invoice_order"), {"account": company.cast.first.pk, "month": "2026-10", **MAIL}, follow=True
    )
    assert "The invoice for this period will be sent to your e-mail." in body(response)
    assert "waiting" in body(response)
    request = DocumentRequest.objects.get()
    assert (request.email, request.seat_id) == (
        f"invoices-{company.cast.first.number}@example.com",
        company.cast.anna.pk,
    )


def test_L7_the_page_says_until_when_invoices_are_formed(company: Company) -> None:
    with clock.stopped(dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)):
        anna = logged_in(company.cast.anna)
        response = anna.post(reverse("invoice_order"), {"account": company.cast.first.pk, "month": "2026-11", **MAIL})
    assert response.status_code == 422
    assert "Possible from 04.12.2026 00:00." in body(response)
    assert not DocumentRequest.objects.exists()


def test_V4_an_account_of_somebody_else_cannot_be_named(company: Company, anna: Client) -> None:
    for foreign in (company.cast.second, company.cast.stranger_account):
        response = anna.post(reverse("invoice_order"), {"account": foreign.pk, "month": "2026-10", **MAIL})
        assert response.status_code == 422
    assert not DocumentRequest.objects.exists()


def test_S5_the_whole_account_in_two_steps(company: Company, anna: Client) -> None:
    receipt = anna.post(reverse("call_details"), asked(company))
    assert "all of the account" in body(receipt)
    assert "October 2026" in body(receipt)
    refused = anna.post(reverse("call_details"), asked(company, step="order"))
    assert (refused.status_code, "Accept the rules" in body(refused)) == (422, True)
    done = anna.post(reverse("call_details"), asked(company, step="order", accept="1"), follow=True)
    assert "The document will be sent to" in body(done)
    assert DocumentRequest.objects.get().params == {
        "first": "2026-10-01", "last": "2026-10-31", "directions": "both", "subscribers": None, "masked": False,
    }  # fmt: skip


def test_S5_every_row_of_a_file_gets_its_verdict_and_the_rest_is_ordered(company: Company, anna: Client) -> None:
    mine, other = company.cast.subscribers[0].number, company.cast.subscribers[1].number
    file = workbook(
        ("Номер",), (int(mine),), (f"+{other[:3]} {other[3:5]} {other[5:]}",), (mine,), ("12",),
        (company.cast.stranger_subscriber.number,), ("375290000000",), (company.cast.subscribers[5].number,),
    )  # fmt: skip
    text = body(anna.post(reverse("call_details"), asked(company, source="file", file=file)))
    assert "Order call details for 2 numbers" in text
    assert "4 rows of 8 cannot be taken" in text
    foreign = re.findall(r"\b[67] 375\d{9} *([A-Z][a-z ]+\.)", text)
    assert foreign == ["Numbers must belong to your company."] * 2  # a stranger's and nobody's look the same
    assert "12 not a subscriber&#x27;s number" in re.sub(r" +", " ", text)


def test_S5_a_long_list_of_refusals_is_counted_whole_and_listed_in_part(company: Company, anna: Client) -> None:
    typed = ";".join([company.cast.subscribers[0].number, *(f"37529{number:07}" for number in range(700))])
    text = body(anna.post(reverse("call_details"), asked(company, source="typed", typed=typed)))
    assert "Numbers must belong to your company. 700" in text
    assert "500 of 700" in text
    assert "Order call details for 1 number" in text


def test_S5_the_verdict_of_another_account_of_ones_own_says_so(company: Company) -> None:
    supervisor = logged_in(company.cast.sergei)
    typed = f"{company.cast.subscribers[0].number};{company.cast.subscribers[5].number}"
    text = body(supervisor.post(reverse("call_details"), asked(company, source="typed", typed=typed)))
    assert "belongs to another account of yours" in text


def test_L6_typed_numbers_are_separated_by_semicolons_and_kept(company: Company, anna: Client) -> None:
    typed = f"{company.cast.subscribers[0].number}; {company.cast.subscribers[1].number};;abc"
    page = anna.post(reverse("call_details"), asked(company, source="typed", typed=typed))
    assert "Order call details for 2 numbers" in body(page)
    back = anna.post(reverse("call_details"), asked(company, source="typed", typed=typed, step="back"))
    assert typed in back.content.decode()
    nothing = anna.post(reverse("call_details"), asked(company, source="typed", typed="abc;12"))
    assert (nothing.status_code, "None of the numbers can be taken" in body(nothing)) == (422, True)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (workbook(("375291110001", "375291110002")), "Row 1 has more than one column"),
        (workbook(), "first sheet is empty"),
        (SimpleUploadedFile("x.xlsx", b"not a workbook"), "not an Excel file"),
    ],
)
def test_S5_a_file_that_is_no_list_is_refused(
    company: Company, anna: Client, file: SimpleUploadedFile, words: str
) -> None:
    response = anna.post(reverse("call_details"), asked(company, source="file", file=file))
    assert (response.status_code, words in body(response)) == (422, True)


def test_S5_choosing_from_the_list_over_searches(company: Company, anna: Client) -> None:
    lines = company.cast.subscribers
    page = anna.post(reverse("call_details"), asked(company, source="list"))
    assert lines[0].name in body(page)
    second = anna.post(
        reverse("call_details"),
        asked(company, source="list", step="pick", pick=[lines[0].pk], shown=f"{lines[0].pk}", go="search", q="ковал"),
    )
    assert lines[1].name in body(second)
    assert lines[2].name not in body(second)
    third = anna.post(
        reverse("call_details"),
        asked(company, source="list", step="pick", picked=f"{lines[0].pk}", pick=[lines[1].pk], go="continue"),
    )
    assert "Order call details for 2 numbers" in body(third)
    stranger = company.cast.stranger_subscriber.pk
    nobody = anna.post(
        reverse("call_details"), asked(company, source="list", step="pick", picked=f"{stranger}", go="continue")
    )
    assert (nobody.status_code, "Choose at least one subscriber" in body(nobody)) == (422, True)


def test_S5_select_all_that_match(company: Company, anna: Client) -> None:
    page = anna.post(reverse("call_details"), asked(company, source="list", step="pick", go="all", q=""))
    assert "Subscribers selected: 5" in body(page)


def test_P2_a_period_outside_is_refused_with_its_bounds(company: Company, anna: Client) -> None:
    response = anna.post(reverse("call_details"), asked(company, period="days", first="2020-01-01", last="2020-01-31"))
    assert (response.status_code, "from 01.12.2023 to 09.11.2026" in body(response)) == (422, True)
    empty = anna.post(reverse("call_details"), asked(company, period="days"))
    assert (empty.status_code, body(empty).count("Choose a day.") >= 2) == (422, True)


def test_S4_payments_of_this_month_by_default_and_further_back(company: Company, anna: Client) -> None:
    for amount, days in ((Decimal("11.11"), 1), (Decimal("22.22"), 40), (Decimal("55.55"), 400)):
        receive(company.cast.first, amount, received_at=NOON - dt.timedelta(days=days), reference=f"p{days}")
    receive(company.cast.second, Decimal("44.44"), received_at=NOON, reference="second")
    pages = [body(anna.get(reverse("payments"), {"months": months})) for months in ("", "12", "999", "x")]
    found = [[amount for amount in ("11.11", "22.22", "55.55", "44.44") if amount in page] for page in pages]
    assert found == [["11.11"], ["11.11", "22.22"], ["11.11"], ["11.11"]]
    assert "33.33" in pages[1]  # the sum of what is shown


def test_L4_the_file_behind_the_link(company: Company, anna: Client) -> None:
    values = {"account": company.cast.first.pk, "month": "2026-10", **MAIL, "by": "link"}
    anna.post(reverse("invoice_order"), values)
    drain([document_requests_queue])
    request = DocumentRequest.objects.get()
    assert request.stage == Stage.READY
    address = reverse("document_file", args=[token(request)])
    assert address in anna.get(reverse("documents")).content.decode()
    response = anna.get(address)
    assert b"".join(response).startswith(b"%PDF")
    assert response.headers["Content-Disposition"] == (
        f'attachment; filename="invoice-{company.cast.first.number}-2026-10.pdf"'
    )
    assert logged_in(company.cast.stas).get(address).status_code == 404
    with clock.stopped(NOON + dt.timedelta(days=8)):
        dead = logged_in(company.cast.anna).get(address)
    assert (dead.status_code, "Order the document again" in body(dead)) == (410, True)


def test_S2_repeat_and_cancel_from_the_page(company: Company, anna: Client) -> None:
    anna.post(reverse("invoice_order"), {"account": company.cast.first.pk, "month": "2026-10", **MAIL})
    first = DocumentRequest.objects.get()
    anna.post(reverse("document_cancel", args=[first.pk]))
    first.refresh_from_db()
    assert first.stage == Stage.CANCELLED
    page = anna.post(reverse("document_repeat", args=[first.pk]), follow=True)
    assert "cancelled" in body(page)
    assert DocumentRequest.objects.count() == 2


def test_a_line_under_way_asks_for_itself_and_shows_true_progress(company: Company, anna: Client) -> None:
    anna.post(reverse("invoice_order"), {"account": company.cast.first.pk, "month": "2026-10", **MAIL})
    request = DocumentRequest.objects.get()
    DocumentRequest.objects.update(state="running", progress_done=40, progress_total=100)
    row = anna.get(reverse("document_row", args=[request.pk]))
    assert 'hx-trigger="every 2s"' in row.content.decode()
    assert 'value="40" max="100"' in row.content.decode()
    DocumentRequest.objects.update(state="dead", error="The disk is full.")
    row = anna.get(reverse("document_row", args=[request.pk]))
    assert "hx-trigger" not in row.content.decode()
    assert "The disk is full." in body(row)


def test_the_pages_speak_russian(company: Company, anna: Client) -> None:
    Person.objects.filter(pk=company.cast.anna.person_id).update(language="ru")
    assert 'lang="ru"' in anna.get(reverse("call_details")).content.decode()


@pytest.mark.parametrize("text", ["9" * 20, "9" * 5000, "-1", "x", "\0"])
def test_S2_an_account_that_cannot_be_has_no_invoices(anna: Client, text: str) -> None:
    assert anna.get(reverse("invoices"), {"account": text}).status_code == 200


@pytest.mark.parametrize("text", ["13", "0", "012", "0012999999", "9" * 5000, "-3", "x"])
def test_S4_a_span_that_cannot_be_is_this_month(anna: Client, text: str) -> None:
    response = anna.get(reverse("payments"), {"months": text})
    assert response.status_code == 200
    assert response.context["chips"][0].current
