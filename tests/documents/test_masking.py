"""Whom people call is hidden from a role that must not see it, and from a seat that sees other numbers (V8)."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.documents.call_params import CallParams
from abonent.documents.kinds import KINDS
from abonent.documents.links import LinkIsDead, opened, token
from abonent.documents.making import document_requests_queue
from abonent.documents.masking import masked
from abonent.documents.models import DocumentRequest
from abonent.documents.ordering import By, NotNow, Wish, accounts_for, place, repeat
from abonent.jobs.worker import drain
from abonent.lib.phones import pretty
from abonent.subscribers.models import Subscriber
from tests.documents.conftest import Company
from tests.documents.test_invoice import pdf_text

pytestmark = pytest.mark.usefixtures("english")

OCTOBER = CallParams(dt.date(2026, 10, 1), dt.date(2026, 10, 31))
DETAILS = KINDS["call_details"]
# What `call_lines` makes its calls to.
PEERS = [f"37533{call:07}" for call in range(20)]


def discreet(company: Company) -> Seat:
    """Anna's account, for a role that sees calls, but not whom they were to."""
    rights = [Right.SEE_CALLS, Right.ORDER_DOCUMENTS, Right.SEE_SUBSCRIBERS]
    role = Role.objects.create(client=company.cast.company, key="discreet", own_name="Discreet", own_rights=rights)
    return Seat.objects.give(company.cast.kolya.person, role, company.cast.company, accounts=[company.cast.first.pk])


def ordered(company: Company, seat: Seat, form: str = "xlsx", asked: CallParams = OCTOBER) -> DocumentRequest:
    """A document by link, made."""
    wish = Wish(form, "en", By.LINK)
    request = place(DETAILS, company.cast.first, asked.kept(), wish, seat)
    drain([document_requests_queue])
    return DocumentRequest.objects.get(pk=request.pk)


def text_of(request: DocumentRequest) -> str:
    assert request.file is not None
    with request.file.open() as stream:
        content = stream.read()
    if content.startswith(b"%PDF"):
        return pdf_text(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    return content.decode("utf-8-sig")


def told(text: str, numbers: list[str]) -> list[str]:
    """Which of the numbers the text has, in whatever writing."""
    bare = text.replace("\u00a0", " ").replace("\u202f", " ")
    return [number for number in numbers if number in bare or pretty(number) in bare or number[3:] in bare]


@pytest.mark.parametrize("form", DETAILS.formats)
def test_V8_no_format_tells_a_masked_role_whom_people_call(company: Company, form: str) -> None:
    text = text_of(ordered(company, discreet(company), form))
    assert told(text, PEERS) == []
    assert "37533*******" in text
    # Whose calls they are is no secret.
    assert told(text, [company.cast.subscribers[0].number])
    open_text = text_of(ordered(company, company.cast.anna, form))
    assert len(told(open_text, PEERS)) > 1


@pytest.mark.parametrize(
    ("peer", "shown"),
    [
        ("375291234567", "37529*******"),
        ("74951234567", "7**********"),
        ("442071234567", "44**********"),
        ("101", "***"),
        ("7733", "***"),
        ("BANK", "***"),
        ("anna.office", "***"),
        ("٣٧٥٢٩١٢٣٤٥٦٧", "***"),
        ("80291234567", "***"),
    ],
)
def test_V8_a_mask_says_where_and_not_whom(peer: str, shown: str) -> None:
    assert masked(peer) == shown


def test_V8_the_server_masks_whatever_the_form_says(company: Company) -> None:
    sent = OCTOBER.kept() | {"masked": False}
    request = place(DETAILS, company.cast.first, sent, Wish("pdf", "en", By.LINK), discreet(company))
    assert request.params["masked"] is True
    with override("en"):
        assert "the other side is hidden" in request.description


def test_V8_what_tells_of_calls_is_not_for_a_role_without_the_right_to_calls(company: Company) -> None:
    request = ordered(company, company.cast.anna)
    rights = [Right.SEE_FINANCE, Right.SEE_PEERS, Right.ORDER_DOCUMENTS]
    role = Role.objects.create(client=company.cast.company, key="money", own_name="Money", own_rights=rights)
    seat = Seat.objects.give(company.cast.kolya.person, role, company.cast.company, accounts=[company.cast.first.pk])
    assert list(DocumentRequest.objects.within(company.cast.anna)) == [request]
    assert not DocumentRequest.objects.within(seat).exists()


def test_V8_what_somebody_else_ordered_openly_is_not_for_a_masked_role(company: Company) -> None:
    seat = discreet(company)
    plain, hidden = ordered(company, company.cast.anna), ordered(company, seat)
    assert list(DocumentRequest.objects.within(seat)) == [hidden]
    assert opened(token(plain), seat) is None
    # The other way round it is the same document, and a repeat is as open as who repeats it.
    assert opened(token(hidden), company.cast.anna) == hidden
    assert repeat(hidden, company.cast.anna).params["masked"] is False
    assert repeat(hidden, seat).params["masked"] is True


def test_V8_what_was_ordered_openly_is_gone_with_the_right(company: Company) -> None:
    seat = discreet(company)
    Role.objects.filter(pk=seat.role_id).update(own_rights=[*seat.role.own_rights, Right.SEE_PEERS])
    trusted = Seat.objects.get(pk=seat.pk)
    request = ordered(company, trusted)
    assert opened(token(request), trusted) == request
    assert opened(token(request), seat) is None


def test_V8_a_request_of_the_time_before_masks_counts_as_open(company: Company) -> None:
    request = ordered(company, company.cast.anna)
    DocumentRequest.objects.filter(pk=request.pk).update(params={"first": "2026-10-01"})
    assert not DocumentRequest.objects.within(discreet(company)).exists()


def test_V8_a_head_of_department_orders_for_the_own_numbers_and_all_means_those(company: Company) -> None:
    pavel, lines = company.cast.pavel, company.cast.subscribers
    assert list(accounts_for(DETAILS, pavel)) == [company.cast.first]
    request = ordered(company, pavel)
    assert request.params["subscribers"] == [line.pk for line in lines[3:5]]
    text = text_of(request)
    assert sorted(told(text, [line.number for line in lines])) == [line.number for line in lines[3:5]]
    # It is a document about the account, and nobody's but his among the narrow.
    assert list(DocumentRequest.objects.within(pavel)) == [request]
    assert list(DocumentRequest.objects.within(company.cast.elena)) == []
    assert opened(token(request), pavel) == request


def test_V8_a_head_of_department_sees_no_request_of_others(company: Company) -> None:
    ordered(company, company.cast.anna)
    assert not DocumentRequest.objects.within(company.cast.pavel).exists()


def test_V8_numbers_of_others_and_whole_accounts_are_refused(company: Company) -> None:
    pavel = company.cast.pavel
    foreign = CallParams(OCTOBER.first, OCTOBER.last, subscribers=(company.cast.subscribers[0].pk,))
    with pytest.raises(NotNow, match="not yours"):
        ordered(company, pavel, asked=foreign)
    with pytest.raises(PermissionDenied):
        place(KINDS["invoice"], company.cast.first, {"month": "2026-10"}, Wish("pdf", "en", By.LINK), pavel)
    with pytest.raises(PermissionDenied):
        place(KINDS["subscriber_list"], company.cast.first, {}, Wish("pdf", "en", By.LINK), pavel)
    with pytest.raises(NotNow, match="choose the link"):
        place(DETAILS, company.cast.first, OCTOBER.kept(), Wish("pdf", "en", By.EMAIL), pavel)
    assert not DocumentRequest.objects.exists()


def test_V8_a_number_that_left_the_folder_takes_its_calls_along(company: Company) -> None:
    pavel = company.cast.pavel
    request = ordered(company, pavel)
    Subscriber.objects.filter(pk=company.cast.subscribers[4].pk).update(folder=None)
    with pytest.raises(LinkIsDead, match="not yours any more"):
        opened(token(request), pavel)
    with pytest.raises(NotNow, match="not yours any more"):
        repeat(request, pavel)
