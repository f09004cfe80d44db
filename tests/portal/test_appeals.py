"""L10, V9 in the browser's eyes of the client: forms that keep what was typed, files that never run, foreign ids."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from abonent.access.models import Seat
from abonent.appeals.conversation import add_note
from abonent.appeals.models import Appeal, Attachment
from tests.appeals import samples
from tests.appeals.world import answered, asked, file_of, said
from tests.cast import Cast

State = Appeal.State


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def form(**changes: object) -> dict[str, object]:
    return {"kind": "bill", "topic": "The invoice", "text": "Why so much?", "key": str(uuid.uuid4()), **changes}


def test_L10_an_appeal_is_opened_about_a_number_with_files(cast: Cast, anna_client: Browser) -> None:
    line = cast.subscribers[0]
    page = anna_client.get(f"{reverse('appeal_new')}?subscriber={line.pk}&kind=application").content.decode()
    assert f'value="{line.number}"' in page
    files = [upload(samples.PDF, "bill.pdf"), upload(samples.TEXT, "list.csv")]
    sent = form(topic="Two\r\nBcc: x@y.by <i>lines</i>", number=f"+{line.number}", attachments=files)
    response = anna_client.post(reverse("appeal_new"), sent)
    appeal = Appeal.objects.get()
    assert response.headers["Location"] == reverse("appeal", args=[appeal.pk])
    assert (appeal.subscriber, appeal.account, appeal.about) == (line, cast.first, line.number)
    assert appeal.topic == "Two Bcc: x@y.by <i>lines</i>"
    assert Attachment.objects.filter(message__appeal=appeal).count() == 2
    shown = anna_client.get(reverse("appeal", args=[appeal.pk])).content.decode()
    assert "&lt;i&gt;lines" in shown
    assert "<i>lines" not in shown


def test_L10_a_bad_file_is_named_and_the_rest_is_kept(cast: Cast, anna_client: Browser) -> None:
    files = [upload(samples.PDF, "good.pdf"), upload(samples.HTML, "bad.pdf"), upload(b"", "empty.txt")]
    response = anna_client.post(reverse("appeal_new"), form(attachments=files, topic="Kept topic"))
    page = response.content.decode()
    assert response.status_code == 422
    for word in ("bad.pdf:", "empty.txt:", "Kept topic", "Why so much?", "good.pdf"):
        assert word in page
    kept = Attachment.objects.pending(cast.anna.person).get()
    assert f'name="kept" value="{kept.pk}" checked' in page
    assert anna_client.post(reverse("appeal_new"), form(kept=[kept.pk])).status_code == 302
    kept.refresh_from_db()
    assert kept.message is not None


def test_L10_no_more_files_than_the_profile_says_and_no_longer_text(cast: Cast, anna_client: Browser) -> None:
    many = [upload(samples.TEXT, f"{place}.txt") for place in range(7)]
    page = anna_client.post(reverse("appeal_new"), form(attachments=many)).content.decode()
    assert Attachment.objects.pending(cast.anna.person).count() == 5
    assert "5.txt:" in page
    response = anna_client.post(reverse("appeal_new"), form(text="x" * 10_001))
    assert response.status_code == 422
    assert anna_client.post(reverse("appeal_new"), form(text="x" * 10 * 1024 * 1024)).status_code == 400
    assert not Appeal.objects.exists()


def test_L10_a_form_sent_twice_opens_one_appeal(cast: Cast, anna_client: Browser) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        anna_client.post(reverse("appeal_new"), form(key=key, attachments=[upload(samples.PDF, "bill.pdf")]))
    assert (Appeal.objects.count(), cast.company.appeals.get().messages.count()) == (1, 1)
    anna_client.post(reverse("appeal_new"), form(key=key, text="Something else"))
    assert Appeal.objects.count() == 2


def test_V9_numbers_of_others_are_refused_alike(cast: Cast, anna_client: Browser) -> None:
    pages = []
    for number in (cast.stranger_subscriber.number, cast.subscribers[-1].number, "375290000000"):
        response = anna_client.post(reverse("appeal_new"), form(number=number))
        assert response.status_code == 422
        pages.append("must belong to your company" in response.content.decode())
    assert (pages, Appeal.objects.count()) == ([True, True, True], 0)
    prefilled = anna_client.get(reverse("appeal_new"), {"subscriber": cast.stranger_subscriber.pk})
    suggested = anna_client.get(reverse("appeal_numbers"), {"number": "375291990001"})
    for page in (prefilled, suggested):
        assert cast.stranger_subscriber.number not in page.content.decode()


@pytest.mark.parametrize("other", ["stas", "elena"])
def test_V9_foreign_ids_lead_nowhere(cast: Cast, other: str, anna_client: Browser, elena_client: Browser) -> None:
    seat: Seat = getattr(cast, other)
    foreign = asked(seat)
    # Anna asks for an appeal of another company; Elena, who sees her own alone, for one of Anna's.
    browser = anna_client if other == "stas" else elena_client
    target = foreign if other == "stas" else asked(cast.anna)
    for name in ("appeal", "appeal_closing", "appeal_rating"):
        assert browser.post(reverse(name, args=[target.pk]), {"text": "x", "rating": "1"}).status_code == 404
    own = asked(cast.anna if other == "stas" else cast.elena)
    file = file_of(seat, samples.PDF, "secret.pdf")
    assert browser.get(reverse("appeal_file", args=[own.pk, file.pk])).status_code == 404
    assert target.messages.count() == 1


def test_L10_a_file_goes_out_as_a_download_that_no_browser_runs(cast: Cast, anna_client: Browser) -> None:
    anna_client.post(reverse("appeal_new"), form(attachments=[upload(samples.TEXT, "../список.txt")]))
    entry = Attachment.objects.get(message__isnull=False)
    appeal = Appeal.objects.get()
    response = anna_client.get(reverse("appeal_file", args=[appeal.pk, entry.pk]))
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    response.close()
    assert cast.anna.pk


def test_L10_going_on_closing_and_rating(cast: Cast, anna_client: Browser) -> None:
    appeal = asked(cast.anna)
    page = reverse("appeal", args=[appeal.pk])
    script = "<script>alert(1)</script>"
    assert anna_client.post(page, {"text": script, "key": str(uuid.uuid4())}).status_code == 302
    shown = anna_client.get(page).content.decode()
    assert "&lt;script&gt;alert(1)" in shown
    assert script not in shown
    assert anna_client.post(page, {"text": ""}).status_code == 422
    answered(appeal, cast.olga)
    rating = reverse("appeal_rating", args=[appeal.pk])
    assert anna_client.post(rating, {"rating": "9", "word": "kept word"}).status_code == 422
    assert anna_client.post(rating, {"rating": "5", "word": "Quick"}).status_code == 302
    anna_client.post(reverse("appeal_closing", args=[appeal.pk]))
    appeal.refresh_from_db()
    assert (appeal.state, appeal.rating) == (State.CLOSED, 5)
    assert "in time" in anna_client.get(page).content.decode()


def test_L10_the_list_is_searched_and_filtered(cast: Cast, anna_client: Browser) -> None:
    asked(cast.anna, "Роуминг", cast.subscribers[0])
    answered(asked(cast.anna, "Second one"), cast.olga)
    page = reverse("appeals")
    for query in (
        {"q": "РОУМ"},
        {"q": cast.subscribers[0].number[-6:]},
        {"q": "1", "state": "open"},
        {"state": "open"},
    ):
        shown = anna_client.get(page, query).content.decode()
        assert ("Роуминг" in shown, "Second one" in shown) == (True, False)
    assert "Nothing found" in anna_client.get(page, {"q": "\0%_'"}).content.decode()


def test_L10_pages_ask_the_database_a_bounded_number_of_times(
    cast: Cast, anna_client: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    appeal = asked(cast.anna, about=cast.subscribers[0])
    for place in range(60):
        asked(cast.anna, str(place))
        answered(appeal, cast.olga, str(place))
    with django_assert_max_num_queries(16):
        anna_client.get(reverse("appeals"))
    with django_assert_max_num_queries(22):
        anna_client.get(reverse("appeal", args=[appeal.pk]))


def test_L10_the_file_of_a_note_of_the_staff_is_not_there_for_the_client(cast: Cast, anna_client: Browser) -> None:
    appeal = asked(cast.anna)
    note = add_note(appeal, cast.olga, said("Secret", file_of(cast.olga, samples.PDF, "secret.pdf")), None)
    address = reverse("appeal_file", args=[appeal.pk, note.attachments.get().pk])
    assert anna_client.get(address).status_code == 404


def test_L10_the_card_of_a_number_that_went_elsewhere_is_not_offered(cast: Cast, anna_client: Browser) -> None:
    line = cast.subscribers[0]
    anna_client.post(reverse("appeal_new"), form(number=line.number))
    shown = reverse("appeal", args=[Appeal.objects.get().pk])
    card = reverse("subscriber", args=[line.pk])
    assert card in anna_client.get(shown).content.decode()
    line.account = cast.stranger_account
    line.save()
    assert card not in anna_client.get(shown).content.decode()
