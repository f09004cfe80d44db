"""The same file once more, the page of a request, and «Загрузить счет по ссылке» (S2, L4)."""

import datetime as dt
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from abonent.access.bounds import TooOften
from abonent.access.models import Seat
from abonent.audit.journal import Origin
from abonent.audit.models import Entry
from abonent.documents.kinds import KINDS
from abonent.documents.models import DocumentRequest, Stage
from abonent.documents.ordering import By, NotNow, Wish, place
from abonent.documents.resending import A_DAY, resend
from abonent.jobs.models import State
from abonent.lib import clock
from abonent.outbox.models import Attachment, Letter
from tests.cast import Cast
from tests.conftest import NOON, logged_in
from tests.documents.test_delivery import TXT, by_mail, ordered
from tests.matrix.finance import issued

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("english", "noon")]


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}"


def all_sent() -> None:
    Letter.objects.update(state=State.DONE, next_try=None, sent_at=NOON)


def test_S2_the_same_file_goes_to_the_address_in_force_now(cast: Cast) -> None:
    request = ordered(cast)
    with pytest.raises(NotNow, match="being sent already"):
        resend(request, cast.anna, Origin())
    all_sent()
    old = request.email
    with clock.stopped(NOON + dt.timedelta(hours=1)):
        by_mail(cast, cast.first, "new@example.com")
        resend(request, cast.anna, Origin())
    assert DocumentRequest.objects.get().email == "new@example.com"
    files = Attachment.objects.order_by("pk").values_list("letter__to", "file_id")
    assert list(files) == [(old, request.file_id), ("new@example.com", request.file_id)]
    assert DocumentRequest.objects.get().stage == Stage.SENDING
    entry = Entry.objects.get(action="documents.resend")
    assert (entry.beside.before, entry.beside.after) == ({"email": old}, {"email": "new@example.com"})


def test_S2_a_letter_that_came_back_is_forgotten_once_it_is_sent_again(cast: Cast) -> None:
    request = ordered(cast)
    all_sent()
    Letter.objects.update(returned="550 mailbox is full")
    assert DocumentRequest.objects.get().stage == Stage.RETURNED
    resend(request, cast.anna, Origin())
    all_sent()
    assert (DocumentRequest.objects.get().stage, DocumentRequest.objects.get().reason) == (Stage.SENT, "")


def test_S2_it_is_sent_again_a_few_times_a_day(cast: Cast) -> None:
    request = ordered(cast)
    for _ in range(A_DAY):
        all_sent()
        resend(request, cast.anna, Origin())
    all_sent()
    with pytest.raises(TooOften):
        resend(request, cast.anna, Origin())
    assert Letter.objects.count() == 1 + A_DAY


def test_S2_what_went_by_link_or_is_not_made_is_not_sent_again(cast: Cast) -> None:
    by_link = ordered(cast, Wish("txt", "en", By.LINK))
    waiting = place(KINDS["subscriber_list"], cast.first, {}, TXT, cast.anna)
    for request in (waiting, by_link):
        with pytest.raises(NotNow, match="no letter"):
            resend(request, cast.anna, Origin())


def test_S2_the_page_of_a_request_tells_of_each_address(cast: Cast, anna_client: Client) -> None:
    by_mail(cast, cast.first, "a@example.com", "b@example.com")
    request = ordered(cast)
    all_sent()
    Letter.objects.filter(to="b@example.com").update(returned="550 5.1.1 User unknown")
    page = anna_client.get(reverse("document", args=[request.pk])).content.decode()
    for words in ("a@example.com", "sent", "b@example.com", "returned", "550 5.1.1 User unknown", "Anna", "TXT"):
        assert words in page
    assert "every 2s" not in page
    assert anna_client.post(reverse("document_resend", args=[request.pk])).status_code == 302
    assert "every 2s" in anna_client.get(reverse("document", args=[request.pk])).content.decode()
    assert Letter.objects.count() == 4


def loaded(browser: Client, cast: Cast, month: str) -> tuple[int, str]:
    data = {"account": cast.first.pk, "month": month, "format": "txt", "language": "en", "by": "link"}
    answer = browser.post(reverse("invoice_link"), data)
    return answer.status_code, answer.headers.get("Location", "")


def test_L4_an_invoice_of_the_two_last_months_is_formed_and_offered(cast: Cast, anna_client: Client) -> None:
    issued(cast)
    status, page = loaded(anna_client, cast, "2026-10")
    assert (status, page) == (302, reverse("document", args=[DocumentRequest.objects.get().pk]))
    assert "every 2s" in anna_client.get(page).content.decode()
    DocumentRequest.objects.all().delete()
    # September is offered, and there was none; August is no choice.
    assert [loaded(anna_client, cast, month)[0] for month in ("2026-09", "2026-08")] == [422, 422]
    assert not DocumentRequest.objects.exists()


def test_L4_an_older_invoice_goes_by_mail_alone(cast: Cast) -> None:
    issued(cast)
    with clock.stopped(dt.datetime(2027, 1, 15, tzinfo=dt.UTC)):
        with pytest.raises(NotNow, match="last 2 months can be had by link"):
            place(KINDS["invoice"], cast.first, {"month": "2026-10"}, Wish("txt", "en", By.LINK), cast.anna)
        assert place(KINDS["invoice"], cast.first, {"month": "2026-10"}, TXT, cast.anna).by == By.EMAIL


def test_L4_the_file_is_offered_to_the_company_alone_and_dies_with_the_role(cast: Cast, anna_client: Client) -> None:
    request = ordered(cast, Wish("txt", "en", By.LINK))
    page = anna_client.get(reverse("document", args=[request.pk])).content.decode()
    address = page.split("/finance/documents/file/")[1].split('"')[0]
    link = f"/finance/documents/file/{address}"
    assert b"375291110001" in anna_client.get(link).getvalue()
    assert logged_in(cast.stas).get(link).status_code == 404
    Seat.objects.filter(pk=cast.anna.pk).update(blocked=True)
    assert logged_in(cast.sergei).get(link).status_code == 410


def test_P3_a_sip_account_orders_the_two_last_months_to_its_address_of_now(cast: Cast) -> None:
    issued(cast)
    cast.first.kind = "sip"
    cast.first.save()
    by_mail(cast, cast.first, "changed@example.com")
    made = place(KINDS["invoice"], cast.first, {"month": "2026-10"}, TXT, cast.anna)
    assert made.email == "changed@example.com"
    with clock.stopped(dt.datetime(2027, 1, 15, tzinfo=dt.UTC)), pytest.raises(NotNow, match="last 2 months"):
        place(KINDS["invoice"], cast.first, {"month": "2026-10"}, TXT, cast.anna)
