"""L10: an answer to the letter, read over IMAP, becomes a message of the appeal; nobody else's does."""

import datetime as dt
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from pytest_django.fixtures import Settings

from abonent import profile
from abonent.access.models import Seat
from abonent.appeals.models import Appeal, Attachment
from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.main.work import LETTER_HANDLERS
from abonent.outbox.mailbox import read_mailbox
from abonent.outbox.models import Letter, ReceivedLetter
from tests.appeals import samples
from tests.appeals.world import answered, asked, latest_letter
from tests.cast import Cast
from tests.outbox.imapserver import ImapServer, imap_server

State = Appeal.State


@pytest.fixture
def box(settings: Settings) -> Iterator[ImapServer]:
    with imap_server() as server:
        settings.MAILBOX_URL = server.url
        settings.MAILBOX_ADDRESS = "answers@operator.example"
        yield server


@pytest.fixture
def appeal(cast: Cast, box: ImapServer) -> Appeal:
    assert box.port
    made = asked(cast.anna)
    answered(made, cast.olga, "Which month?", State.ASKED)
    return made


def reply_to(letter: Letter, text: str = "October", sender: str = "") -> EmailMessage:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = sender or letter.to
    made["To"] = letter.reply_to
    made["Subject"] = f"Re: {letter.subject}"
    made["Message-ID"] = "<reply@client.by>"
    made["In-Reply-To"] = letter.message_id
    quoted = "\n".join(f"> {line}" for line in letter.text.split("\n"))
    made.set_content(f"{text}\n\nOn Monday Olga <answers@operator.example> wrote:\n{quoted}\n")
    return made


def told(appeal: Appeal) -> list[str]:
    return list(appeal.messages.filter(author="client").order_by("pk").values_list("text", flat=True))[1:]


def remark() -> str:
    return ReceivedLetter.objects.latest("pk").remark


def test_L10_the_answer_is_added_with_its_files_and_without_the_quotation(appeal: Appeal, box: ImapServer) -> None:
    letter = reply_to(latest_letter(), "October, <b>see</b> the files")
    letter.add_attachment(samples.PDF, maintype="application", subtype="pdf", filename="../bill.pdf")
    letter.add_attachment(samples.EXE, maintype="application", subtype="pdf", filename="virus.pdf")
    box.deliver(letter)
    assert read_mailbox(LETTER_HANDLERS) == 1
    appeal.refresh_from_db()
    assert (told(appeal), appeal.state) == (["October, <b>see</b> the files"], State.OPEN)
    message = appeal.messages.get(mail_id="<reply@client.by>")
    assert [entry.file.name for entry in Attachment.objects.filter(message=message)] == ["bill.pdf"]
    (lost,) = appeal.messages.get(event="files").refused_files
    assert lost.startswith("virus.pdf:")
    entry = Entry.objects.get(action="appeals.write")
    assert (entry.client_id, entry.beside.after["by_letter"]) == (appeal.client_id, True)
    # Delivered once more, it stands once.
    box.deliver(letter)
    read_mailbox(LETTER_HANDLERS)
    assert len(told(appeal)) == 1


@pytest.mark.parametrize("sender", ["stas@example.org", "sergei@example.com", "anna@evil.example"])
def test_L10_a_stranger_who_knows_the_id_is_refused_and_noted(appeal: Appeal, box: ImapServer, sender: str) -> None:
    box.deliver(reply_to(latest_letter(), sender=sender))
    read_mailbox(LETTER_HANDLERS)
    assert told(appeal) == []
    entry = Entry.objects.get(action="appeals.letter", client_id=appeal.client_id)
    assert (entry.result, entry.beside.after) == ("refused", {"sender": sender})
    assert remark().startswith("refused")


def test_L10_a_right_taken_away_holds_for_letters_too(appeal: Appeal, cast: Cast, box: ImapServer) -> None:
    Seat.objects.filter(pk=cast.anna.pk).update(blocked=True)
    box.deliver(reply_to(latest_letter()))
    read_mailbox(LETTER_HANDLERS)
    assert told(appeal) == []
    assert Entry.objects.filter(action="appeals.letter", result="refused").exists()


def test_L10_robots_and_guessed_ids_change_nothing(appeal: Appeal, box: ImapServer) -> None:
    away = reply_to(latest_letter(), "I am away")
    away["Auto-Submitted"] = "auto-replied"
    guessed = reply_to(latest_letter())
    guessed.replace_header("In-Reply-To", f"<letter-{latest_letter().pk}-20261109@localhost>")
    guessed.replace_header("Message-ID", "<guess@client.by>")
    box.deliver(away)
    box.deliver(guessed)
    read_mailbox(LETTER_HANDLERS)
    assert told(appeal) == []
    assert set(ReceivedLetter.objects.values_list("outcome", flat=True)) == {"unclaimed"}


def test_L10_an_answer_with_nothing_new_is_no_message_and_a_long_one_is_cut(appeal: Appeal, box: ImapServer) -> None:
    box.deliver(reply_to(latest_letter(), ""))
    long = reply_to(latest_letter(), "word " * 5_000)
    long.replace_header("Message-ID", "<long@client.by>")
    box.deliver(long)
    read_mailbox(LETTER_HANDLERS)
    (text,) = told(appeal)
    assert (len(text), text[-1]) == (profile.current().appeals.text_length, "…")


def test_L10_an_answer_that_comes_too_late_is_answered_once(appeal: Appeal, cast: Cast, box: ImapServer) -> None:
    letter = latest_letter()
    answered(appeal, cast.olga, "Settled", State.CLOSED)
    before = Letter.objects.count()
    box.deliver(reply_to(letter))
    with clock.stopped(clock.now() + dt.timedelta(days=60)):
        read_mailbox(LETTER_HANDLERS)
    assert told(appeal) == []
    assert (Letter.objects.count(), latest_letter().to) == (before + 1, letter.to)
