"""L10 for the operator's staff: the queue by deadline, answers, notes, taking."""

import datetime as dt
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse

from abonent.appeals.conversation import last_of_client, write
from abonent.appeals.models import Appeal, Attachment
from abonent.lib import clock
from tests.appeals import samples
from tests.appeals.world import answered, asked, said
from tests.cast import Cast

State = Appeal.State


def sent(text: str, then: str = "", **more: object) -> dict[str, object]:
    return {"text": text, "then": then, "key": str(uuid.uuid4()), **more}


def test_L10_the_queue_has_what_waits_overdue_first(cast: Cast, noon: dt.datetime, olga_client: Browser) -> None:
    answered(asked(cast.stas, "Finished"), cast.olga)
    with clock.stopped(noon - dt.timedelta(days=10)):
        asked(cast.stas, "Old one")
    asked(cast.anna, "New one")
    page = olga_client.get(reverse("operator_appeals")).content.decode()
    assert page.index("Old one") < page.index("New one")
    assert page.count("overdue") == 1
    assert "Finished" not in page
    everything = olga_client.get(reverse("operator_appeals"), {"whose": "every"}).content.decode()
    assert "Finished" in everything
    late = olga_client.get(reverse("operator_appeals"), {"whose": "late"}).content.decode()
    assert ("Old one" in late, "New one" in late) == (True, False)


def test_L10_it_is_taken_and_given_back(cast: Cast, olga_client: Browser) -> None:
    appeal = asked(cast.anna, "Roaming")
    taking = reverse("operator_appeal_taking", args=[appeal.pk])

    def shown(whose: str) -> bool:
        return "Roaming</a>" in olga_client.get(reverse("operator_appeals"), {"whose": whose}).content.decode()

    assert (shown("mine"), shown("free")) == (False, True)
    olga_client.post(taking)
    assert (shown("mine"), shown("free")) == (True, False)
    olga_client.post(taking, {"give_back": "1"})
    assert (shown("mine"), shown("free")) == (False, True)


def test_L10_an_answer_a_question_a_note_and_closing(cast: Cast, olga_client: Browser, anna_client: Browser) -> None:
    appeal = asked(cast.anna)
    page = reverse("operator_appeal", args=[appeal.pk])
    file = SimpleUploadedFile("answer.pdf", samples.PDF)
    olga_client.post(page, sent("Secret note", "note"))
    olga_client.post(page, sent("Which month?", "ask", attachments=[file]))
    appeal.refresh_from_db()
    assert appeal.state == State.ASKED
    assert "Secret note" in olga_client.get(page).content.decode()
    client_page = anna_client.get(reverse("appeal", args=[appeal.pk])).content.decode()
    assert ("Secret note" in client_page, "Which month?" in client_page, "answer.pdf" in client_page) == (
        False,
        True,
        True,
    )
    entry = Attachment.objects.get()
    response = olga_client.get(reverse("operator_appeal_file", args=[appeal.pk, entry.pk]))
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    olga_client.post(page, sent("Settled", "close"))
    appeal.refresh_from_db()
    assert (appeal.state, appeal.assignee) == (State.CLOSED, cast.olga.person)
    response.close()


def test_L10_what_the_client_wrote_meanwhile_is_shown_first(cast: Cast, olga_client: Browser) -> None:
    appeal = asked(cast.anna)
    page = reverse("operator_appeal", args=[appeal.pk])
    seen = last_of_client(appeal)
    write(appeal, cast.anna, said("Wait, it is another number"), None)
    response = olga_client.post(page, sent("Kept answer", seen=seen))
    shown = response.content.decode()
    assert response.status_code == 422
    for words in ("Kept answer", "Wait, it is another number", "The client has written meanwhile"):
        assert words in shown
    assert f'name="seen" value="{last_of_client(appeal)}"' in shown
    olga_client.post(page, sent("Kept answer", seen=last_of_client(appeal)))
    assert appeal.messages.filter(text="Kept answer").count() == 1
