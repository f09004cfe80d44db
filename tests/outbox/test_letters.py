import datetime as dt
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from abonent.files.keeping import store
from abonent.jobs.models import State
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.outbox.models import Letter
from abonent.outbox.posting import post
from abonent.outbox.queues import ATTEMPTS, PATIENCE, QUEUES, letters_queue
from abonent.outbox.transport import MailServer, Security, check_settings, mail_transport
from tests.outbox.mailserver import free_port, mail_server

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}"
    settings.EMAIL_FROM = "Абонент <billing@operator.by>"


def use(settings: Settings, port: int) -> None:
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"


def letter(to: str = "office@client.by", account: str = "") -> Letter:
    return post(
        to,
        "Счёт за октябрь",
        "Добрый день!\n.\nСчёт приложен.",
        purpose="invoice",
        language="ru",
        account_label=account,
    )


def test_a_letter_arrives_with_its_texts_and_files(settings: Settings) -> None:
    content = bytes(range(256)) * 5000
    pdf = store(content, name="x.pdf", mime="application/pdf")
    with mail_server() as box, clock.stopped(NOON):
        use(settings, box.port)
        sent = post(
            "office@client.by",
            "Счёт\r\nBcc: all@client.by",
            "Добрый день!",
            html="<p>Добрый день!</p>",
            purpose="invoice",
            language="ru",
            attachments=[(pdf, "Счёт за октябрь.pdf")],
        )
        drain(QUEUES)
    (got,) = box.letters
    sent.refresh_from_db()
    assert (sent.state, sent.sent_at, sent.refused) == (State.DONE, NOON, "")
    assert box.senders == ["billing@operator.by"]
    assert (got["From"], got["To"]) == ("Абонент <billing@operator.by>", "office@client.by")
    assert (got["Subject"], got["Bcc"]) == ("Счёт Bcc: all@client.by", None)
    assert (got["Message-ID"], got["Date"].datetime) == (sent.message_id, NOON)
    plain, html = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == "Добрый день!"
    assert "<p>Добрый день!</p>" in html.get_content()
    (attached,) = got.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("Счёт за октябрь.pdf", "application/pdf")
    assert attached.get_content() == content


def test_a_letter_waits_for_a_server_that_is_down_and_is_sent_once(settings: Settings) -> None:
    port = free_port()
    use(settings, port)
    with clock.stopped(NOON):
        waiting = letter()
        drain(QUEUES)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.sent_at, waiting.attempts) == (State.WAITING, None, 1)
    assert waiting.error == "The mail server could not be reached."
    with mail_server(port) as box, clock.stopped(NOON + dt.timedelta(minutes=1)):
        drain(QUEUES)
        drain(QUEUES)
    waiting.refresh_from_db()
    assert waiting.state == State.DONE
    assert [got["Message-ID"] for got in box.letters] == [waiting.message_id]


def test_a_crash_after_the_data_repeats_the_letter_with_the_same_id(settings: Settings) -> None:
    with mail_server() as box:
        use(settings, box.port)
        box.hangs_up_after_data = 1
        with clock.stopped(NOON):
            sent = letter()
            drain(QUEUES)
        sent.refresh_from_db()
        assert sent.state == State.WAITING
        with clock.stopped(NOON + dt.timedelta(minutes=1)):
            drain(QUEUES)
    assert [got["Message-ID"] for got in box.letters] == [sent.message_id] * 2
    assert box.letters[0].as_bytes().count(b"=?") == box.letters[1].as_bytes().count(b"=?")


@pytest.mark.parametrize("when", ["recipient", "data"])
def test_a_refused_recipient_is_final_and_shown(settings: Settings, when: str) -> None:
    with mail_server() as box:
        use(settings, box.port)
        answers = box.recipient_answers if when == "recipient" else box.data_answers
        answers.append("550 5.1.1 No such user here")
        refused, taken = letter("nobody@client.by"), letter()
        drain(QUEUES)
    refused.refresh_from_db()
    taken.refresh_from_db()
    assert (refused.state, refused.attempts, refused.sent_at) == (State.DEAD, 1, None)
    assert refused.refused == "550 5.1.1 No such user here"
    assert taken.state == State.DONE


@pytest.mark.parametrize(("answer", "state"), [("552 5.3.4 Too large", State.DEAD), ("550 Not you", State.WAITING)])
def test_a_letter_that_is_too_large_is_refused_at_once(settings: Settings, answer: str, state: State) -> None:
    """A server that tells the size it takes says so to the sender already; what else it says to the sender may pass."""
    with mail_server() as box:
        use(settings, box.port)
        box.sender_answers.append(answer)
        sent = letter()
        drain(QUEUES)
    sent.refresh_from_db()
    assert (sent.state, sent.refused) == (state, answer if state == State.DEAD else "")


@pytest.mark.parametrize("when", ["recipient", "data"])
def test_a_server_that_is_busy_is_asked_again(settings: Settings, when: str) -> None:
    with mail_server() as box:
        use(settings, box.port)
        (box.recipient_answers if when == "recipient" else box.data_answers).append("451 4.7.1 Greylisted")
        with clock.stopped(NOON):
            sent = letter()
            drain(QUEUES)
        sent.refresh_from_db()
        assert (sent.state, sent.error, sent.refused) == (State.WAITING, "The mail server answered 451.", "")
        with clock.stopped(NOON + dt.timedelta(minutes=1)):
            drain(QUEUES)
    assert len(box.letters) == 1


def test_a_server_that_is_down_for_more_than_a_day_loses_nothing() -> None:
    patience = sum((PATIENCE.pause(attempt) for attempt in range(1, ATTEMPTS)), dt.timedelta(0))
    assert patience > dt.timedelta(days=2)
    assert letters_queue.max_attempts == ATTEMPTS


def test_an_address_of_another_alphabet_goes_by_its_domain_or_is_refused(settings: Settings) -> None:
    with mail_server() as box:
        use(settings, box.port)
        taken, refused = letter("office@почта.бел"), letter("офис@client.by")
        drain(QUEUES)
    assert [got["To"] for got in box.letters] == ["office@xn--80a1acny.xn--90ais"]
    taken.refresh_from_db()
    refused.refresh_from_db()
    assert (taken.state, refused.state) == (State.DONE, State.DEAD)
    assert refused.refused != ""


def test_an_urgent_letter_overtakes(settings: Settings) -> None:
    with mail_server() as box, clock.stopped(NOON):
        use(settings, box.port)
        for _ in range(3):
            letter()
        post("urgent@client.by", "Код", "123456", purpose="code", language="ru", urgent=True)
        drain(QUEUES, limit=1)
    assert box.letters[0]["To"] == "urgent@client.by"


def test_in_the_demo_the_row_is_the_delivered_letter(settings: Settings) -> None:
    settings.EMAIL_URL = "inbox:"
    with clock.stopped(NOON):
        sent = letter(account="00020000001")
        drain(QUEUES)
    sent.refresh_from_db()
    assert (sent.state, sent.sent_at, sent.account_label) == (State.DONE, NOON, "00020000001")


def test_the_address_of_the_server_is_read_from_the_environment(settings: Settings) -> None:
    settings.EMAIL_URL = "submission://me%40x:p%3Aw@mail.operator.by"
    assert mail_transport() == MailServer("mail.operator.by", 587, Security.STARTTLS, "me@x", "p:w")
    settings.EMAIL_URL = "smtps://mail.operator.by:4465"
    assert mail_transport() == MailServer("mail.operator.by", 4465, Security.TLS)


@pytest.mark.parametrize("url", ["", "http://mail", "smtp://", "inbox"])
def test_a_mail_address_that_means_nothing_is_an_error_at_start(settings: Settings, url: str) -> None:
    settings.EMAIL_URL = url
    with pytest.raises(ImproperlyConfigured, match="ABONENT_EMAIL_URL"):
        check_settings()


def test_the_inbox_is_for_the_demo_alone(settings: Settings) -> None:
    settings.EMAIL_URL, settings.DEMO = "inbox:", False
    with pytest.raises(ImproperlyConfigured, match="demo"):
        check_settings()
    settings.EMAIL_URL, settings.SMS_URL = "smtp://localhost", ""
    check_settings()
