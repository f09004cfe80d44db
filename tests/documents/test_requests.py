"""A request from the order to the letter: one letter, the right address, the link that dies (S2, L3, L7, V5)."""

import datetime as dt
import io
from collections.abc import Iterator

import pypdfium2
import pytest
from django.db import connection
from django.utils.translation import override
from pytest_django.fixtures import Settings

from abonent.access.models import Seat
from abonent.audit.models import Entry
from abonent.billing import guards
from abonent.billing.models import Invoice
from abonent.clients.models import Account, Delivery
from abonent.documents import making
from abonent.documents.kinds import KINDS
from abonent.documents.links import LinkIsDead, opened, token
from abonent.documents.making import document_requests_queue, make
from abonent.documents.models import DocumentRequest, Stage
from abonent.documents.ordering import By, NotNow, Wish, address_now, cancel, place, repeat
from abonent.documents.regular import deliver_issued
from abonent.jobs.errors import LeaseLost
from abonent.jobs.models import State
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.outbox.models import Letter
from abonent.outbox.queues import QUEUES
from tests.conftest import NOON
from tests.documents.conftest import FORMED, OCTOBER, Company
from tests.documents.test_invoice import pdf_text, shown
from tests.outbox.mailserver import mail_server

MAIL = Wish("pdf", "en", By.EMAIL)
PARAMS = {"month": str(OCTOBER)}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def order(company: Company, wish: Wish = MAIL, seat: Seat | None = None) -> DocumentRequest:
    return place(KINDS["invoice"], company.cast.first, PARAMS, wish, seat or company.cast.anna)


def worked(request: DocumentRequest) -> DocumentRequest:
    drain([document_requests_queue])
    request.refresh_from_db()
    return request


def move(account: Account, address: str, moment: dt.datetime, method: str = "email") -> None:
    """From `moment` the account's documents go elsewhere."""
    account.deliveries.filter(end=None).update(end=moment)
    Delivery.objects.create(account=account, method=method, address=address, start=moment)


def test_S2_the_letter_arrives_over_smtp_with_the_invoice(company: Company, settings: Settings) -> None:
    with mail_server() as box:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{box.port}"
        request = worked(order(company))
        assert request.stage == Stage.SENDING
        drain(QUEUES)
    (letter,) = box.letters
    (attached,) = letter.iter_attachments()
    assert letter["To"] == f"invoices-{company.cast.first.number}@example.com"
    assert attached.get_filename() == f"invoice-{company.cast.first.number}-2026-10.pdf"
    invoice = company.invoice(company.cast.first)
    assert f"{invoice.gross:.2f}" in pdf_text(attached.get_content())
    assert DocumentRequest.objects.get().stage == Stage.SENT


def test_L3_a_repeat_goes_to_the_address_in_force_now_the_regular_one_to_that_of_the_forming(company: Company) -> None:
    move(company.cast.first, "new@example.com", FORMED + dt.timedelta(hours=1))
    assert deliver_issued() == 3
    assert deliver_issued() == 0
    repeated = order(company)
    drain([document_requests_queue])
    regular = Letter.objects.get(account_label=company.cast.first.number, to__startswith="invoices-")
    assert regular.attachments.count() == 1
    assert repeated.email == "new@example.com"
    assert Letter.objects.filter(to="new@example.com").count() == 1


def test_L3_a_repeat_of_a_request_is_a_new_one_to_the_address_of_that_time(company: Company) -> None:
    request = worked(order(company))
    move(company.cast.first, "later@example.com", NOON - dt.timedelta(minutes=1))
    again = repeat(request, company.cast.anna)
    assert (again.pk != request.pk, again.email) == (True, "later@example.com")


def test_L5_what_is_collected_in_person_is_not_mailed(company: Company) -> None:
    move(company.cast.first, "", NOON - dt.timedelta(minutes=1), method="hand")
    assert address_now(company.cast.first) == ""
    with pytest.raises(NotNow, match="in person"):
        order(company)
    request = worked(order(company, Wish("pdf", "en", By.LINK)))
    assert (request.stage, request.letters) == (Stage.READY, [])


@pytest.mark.parametrize(
    ("moment", "words", "until"),
    [
        ("2026-12-01T00:00:00+03:00", "being formed (1st to 3rd", "2026-12-04T00:00:00+03:00"),
        ("2026-12-03T23:59:59+03:00", "being formed (1st to 3rd", "2026-12-04T00:00:00+03:00"),
        ("2026-12-04T00:00:00+03:00", "although it should be by now", None),
        ("2026-11-30T23:59:59+03:00", "has not ended yet", "2026-12-01T00:00:00+03:00"),
    ],
)
def test_L7_no_invoice_while_it_is_formed(company: Company, moment: str, words: str, until: str | None) -> None:
    with clock.stopped(dt.datetime.fromisoformat(moment)), pytest.raises(NotNow) as refused:
        place(KINDS["invoice"], company.cast.first, {"month": "2026-11"}, MAIL, company.cast.anna)
    assert words.replace("1st to 3rd", "1st to 3") in str(refused.value)
    assert refused.value.answer.possible_from == (dt.datetime.fromisoformat(until) if until else None)
    assert not DocumentRequest.objects.exists()


def test_a_killed_worker_leaves_one_letter(company: Company) -> None:
    """The first worker is gone with the file written; the second does it again; the first comes back too late."""
    request = order(company)
    lost = document_requests_queue.claim()
    assert lost is not None
    with clock.stopped(NOON + dt.timedelta(minutes=1)):
        drain([document_requests_queue])
        with pytest.raises(LeaseLost):
            make(next(iter(lost.open.values())), lost)
    request.refresh_from_db()
    assert (request.state, Letter.objects.count()) == (State.DONE, 1)
    assert list(Entry.objects.filter(target_kind="document").order_by("pk").values_list("action", flat=True)) == [
        "documents.order",
        "documents.make",
    ]


def test_V5_too_large_for_mail_goes_as_a_link(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "is_too_large", lambda _size: True)
    request = worked(order(company))
    (letter,) = request.letters
    assert letter.attachments.count() == 0
    assert token(request) in letter.text
    assert request.stage == Stage.SENDING
    Letter.objects.update(state=State.DONE)
    assert DocumentRequest.objects.get().stage == Stage.READY


def test_V5_the_bound_is_the_profiles() -> None:
    assert not making.is_too_large(15 * 1024 * 1024)
    assert making.is_too_large(15 * 1024 * 1024 + 1)


def test_L4_a_link_opens_for_its_account_alone_and_dies(company: Company) -> None:
    request = worked(order(company, Wish("pdf", "en", By.LINK)))
    key, cast = token(request), company.cast
    assert opened(key, cast.anna) == opened(key, cast.sergei) == request
    assert opened(key, cast.stas) is None
    assert opened(key, cast.elena) is None
    assert opened(key[:-1] + ("A" if key[-1] != "A" else "B"), cast.anna) is None
    with clock.stopped(NOON + dt.timedelta(days=7)), pytest.raises(LinkIsDead, match="expired"):
        opened(key, cast.anna)
    Seat.objects.filter(pk=cast.anna.pk).update(blocked=True)
    with pytest.raises(LinkIsDead, match="no access"):
        opened(key, cast.sergei)


def test_what_waits_can_be_cancelled_and_what_is_made_cannot(company: Company) -> None:
    request = order(company)
    assert cancel(request, company.cast.anna)
    assert (worked(request).stage, Letter.objects.count()) == (Stage.CANCELLED, 0)
    done = worked(order(company))
    assert not cancel(done, company.cast.anna)


def test_the_progress_is_that_of_the_rows(company: Company) -> None:
    request = worked(order(company, Wish("xml", "en", By.LINK)))
    assert request.progress_done == request.progress_total > company.invoice(company.cast.first).lines.count()


def test_nobody_gets_a_format_that_the_kind_does_not_have(company: Company) -> None:
    with pytest.raises(ValueError, match="exe"):
        order(company, Wish("exe", "en", By.LINK))


def test_S2_the_same_request_in_three_languages(company: Company) -> None:
    gross = company.invoice(company.cast.first).gross
    for language, amount in (("ru", shown(gross)), ("be", shown(gross)), ("en", f"{gross:.2f}")):
        request = worked(order(company, Wish("pdf", language, By.LINK)))
        assert request.file is not None
        with request.file.open() as stream:
            content = stream.read()
        assert amount in pdf_text(content)
        assert pypdfium2.PdfDocument(io.BytesIO(content)).get_metadata_value("Title")


@pytest.mark.usefixtures("company")
def test_regular_delivery_leaves_alone_what_was_formed_long_ago() -> None:
    with clock.stopped(dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)):
        assert deliver_issued() == 0


def test_L3_an_invoice_that_is_formed_late_is_delivered_all_the_same_once(company: Company) -> None:
    late = dt.datetime(2026, 12, 2, 9, tzinfo=dt.UTC)
    invoice = company.invoice(company.cast.first)
    with guards.lifted(connection):
        Invoice.objects.as_system().filter(pk=invoice.pk).update(issued_at=late)
    with clock.stopped(late + dt.timedelta(days=1)):
        assert (deliver_issued(), deliver_issued()) == (1, 0)
    assert DocumentRequest.objects.as_system().get().regular_invoice_id == invoice.pk
