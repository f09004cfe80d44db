"""Reports of mail servers: what came back, or is late, stands on the letter; nobody else's words do (S2)."""

import email.policy
from email.message import EmailMessage

import pytest
from pytest_django.fixtures import Settings

from abonent.jobs.models import State
from abonent.jobs.worker import drain
from abonent.main.work import LETTER_HANDLERS
from abonent.outbox import bounces
from abonent.outbox.incoming import Incoming
from abonent.outbox.mailbox import read_mailbox
from abonent.outbox.message import build
from abonent.outbox.models import Letter, ReceivedLetter
from abonent.outbox.posting import post
from abonent.outbox.queues import QUEUES
from tests.outbox.imapserver import imap_server
from tests.outbox.mailserver import mail_server

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

GONE = "smtp; 550 5.1.1 <books@client.by>: Recipient address rejected:\n    User unknown"


@pytest.fixture
def sent() -> Letter:
    letter = post("books@client.by", "Invoice", "Attached.", purpose="invoice", language="en")
    Letter.objects.update(state=State.DONE)
    return letter


def report(
    letter: Letter, action: str = "failed", *, whole: bool = False, about: str = "", message_id: str = ""
) -> bytes:
    """A report as Postfix writes it (headers returned), or as Exim does (the whole letter returned)."""
    original = build(letter)
    if message_id:
        original.replace_header("Message-ID", message_id)
    returned = ("message/rfc822", original.as_string()) if whole else ("text/rfc822-headers", _headers(original))
    status = f"Final-Recipient: rfc822; {about or letter.to}\nAction: {action}\nStatus: 5.1.1\nDiagnostic-Code: {GONE}"
    parts = [
        ("text/plain", "I'm sorry to have to inform you that your message could not be delivered."),
        ("message/delivery-status", f"Reporting-MTA: dns; mx.client.by\n\n{status}\n"),
        returned,
    ]
    body = "".join(f"--edge\nContent-Type: {kind}\n\n{text}\n" for kind, text in parts)
    head = (
        "From: MAILER-DAEMON@mx.client.by\nTo: billing@operator.example\nSubject: Undelivered Mail Returned to Sender\n"
        "Message-ID: <report@mx.client.by>\nAuto-Submitted: auto-replied\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=edge\nMIME-Version: 1.0\n\n"
    )
    return f"{head}{body}--edge--\n".encode()


def _headers(message: EmailMessage) -> str:
    return "".join(f"{name}: {value}\n" for name, value in message.items())


def taken(raw: bytes) -> str | None:
    """What the handler did with it, in its own words."""
    effect = bounces.take(Incoming.parse(raw))
    return effect() if effect else None


@pytest.mark.parametrize("whole", [False, True])
def test_S2_what_came_back_stands_on_the_letter(sent: Letter, *, whole: bool) -> None:
    assert taken(report(sent, whole=whole)) == f"letter {sent.pk} came back"
    sent.refresh_from_db()
    assert sent.returned == "550 5.1.1 <books@client.by>: Recipient address rejected: User unknown"
    assert sent.returned_at is not None
    assert sent.delayed == ""


def test_S2_a_delay_is_told_until_it_is_over(sent: Letter) -> None:
    taken(report(sent, "delayed"))
    sent.refresh_from_db()
    assert (sent.returned, sent.delayed[:3]) == ("", "550")
    taken(report(sent, "relayed"))
    sent.refresh_from_db()
    assert sent.delayed == ""


def test_S2_of_several_recipients_the_letters_own_is_meant(sent: Letter) -> None:
    raw = report(sent, "failed", about="somebody@client.by").replace(
        b"\nAction: failed", b"\nAction: failed\n\nFinal-Recipient: rfc822; Books@Client.by\nAction: delivered", 1
    )
    assert taken(raw) == f"letter {sent.pk} arrived"


def test_S2_an_address_that_sends_on_is_told_of_by_its_own_letter(sent: Letter) -> None:
    """The report names the address behind it, the Message-ID is ours."""
    assert taken(report(sent, about="private@home.by")) == f"letter {sent.pk} came back"


def test_S2_nobody_returns_a_letter_by_a_guess(sent: Letter) -> None:
    guesses = [f"<letter-{sent.pk}-{'0' * 24}@localhost>", f"<letter-{10**18}-{'0' * 24}@x>", "<x@y>", "no id"]
    assert [taken(report(sent, message_id=guess)) for guess in guesses] == [None] * 4
    sent.refresh_from_db()
    assert sent.returned == ""


def test_S2_an_absence_notice_is_no_bounce(sent: Letter) -> None:
    away = EmailMessage(policy=email.policy.SMTP)
    away["From"], away["To"], away["Subject"] = sent.to, "billing@operator.example", "Out of office"
    away["Auto-Submitted"], away["In-Reply-To"] = "auto-replied", sent.message_id
    away.set_content("Action: failed\nStatus: 5.1.1\n")
    read = report(sent).replace(b"message/delivery-status", b"message/disposition-notification")
    assert [taken(away.as_bytes()), taken(read)] == [None, None]


def test_S2_hostile_words_are_cut_and_harmless(sent: Letter) -> None:
    raw = report(sent).replace(b"Diagnostic-Code: smtp;", b"Diagnostic-Code: smtp; \x07\x1b[2J" + b"x" * 500)
    taken(raw)
    sent.refresh_from_db()
    assert len(sent.returned) == 255
    assert sent.returned.isprintable()
    assert taken(report(sent).replace(b"Action: failed", b"Action: <script>")) == f"nothing new of letter {sent.pk}"


def test_S2_a_report_in_the_mailbox_is_read_over_imap_once(settings: Settings) -> None:
    """From the letter that a real server took, whose sender is the mailbox, to the report in it."""
    settings.EMAIL_FROM = "Billing <billing@operator.example>"
    settings.MAILBOX_ADDRESS = "answers@operator.example"
    with mail_server() as server, imap_server() as box:
        settings.EMAIL_URL, settings.MAILBOX_URL = f"smtp://127.0.0.1:{server.port}", box.url
        letter = post("books@client.by", "Invoice", "Attached.", purpose="invoice", language="en")
        drain(QUEUES)
        assert server.senders == ["answers@operator.example"]
        box.deliver(report(letter))
        box.deliver(report(letter, "delayed"))
        read_mailbox(LETTER_HANDLERS)
        assert (read_mailbox(LETTER_HANDLERS), box.unseen()) == (0, 0)
    letter.refresh_from_db()
    assert (letter.state, letter.returned[:9], letter.delayed) == (State.DONE, "550 5.1.1", "")
    outcomes = ReceivedLetter.objects.order_by("pk").values_list("outcome", "remark")
    # Both have one Message-ID here, as a report that was delivered twice.
    assert list(outcomes) == [("taken", f"letter {letter.pk} came back"), ("repeated", "")]
