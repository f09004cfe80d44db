"""A real IMAP server over a socket: each letter is handled once, a bad one stops nobody, nothing is lost in a crash."""

import email.policy
import imaplib
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from abonent.lib import clock
from abonent.outbox import imap, mailbox
from abonent.outbox.incoming import Incoming
from abonent.outbox.mailbox import MOST_ATTEMPTS, Effect, read_mailbox
from abonent.outbox.models import ReceivedLetter
from abonent.outbox.transport import mailbox_server
from tests.outbox.imapserver import USER, ImapServer, imap_server

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture
def box(settings: Settings) -> Iterator[ImapServer]:
    with imap_server() as server:
        settings.MAILBOX_URL = server.url
        yield server


def letter(subject: str = "Hello", message_id: str = "<one@client.by>", sender: str = "anna@client.by") -> EmailMessage:
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = f"Анна <{sender}>"
    made["To"] = "answers@operator.example"
    made["Subject"] = subject
    if message_id:
        made["Message-ID"] = message_id
    made.set_content("Добрый день!")
    return made


class Taker:
    """A handler that takes everything and remembers it once it is committed with the rest."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    def __call__(self, letter: Incoming) -> Effect:
        return lambda: self.take(str(letter.message["Subject"]))

    def take(self, subject: str) -> str:
        self.taken.append(subject)
        return "taken"


def outcomes() -> list[str]:
    return list(ReceivedLetter.objects.order_by("pk").values_list("outcome", flat=True))


def test_a_letter_is_handled_once_and_then_marked(box: ImapServer) -> None:
    taker = Taker()
    box.deliver(letter("Первое"))
    box.deliver(letter("Second", "<two@client.by>"))
    assert read_mailbox([lambda _letter: None, taker]) == 2
    assert (taker.taken, box.unseen(), outcomes()) == (["Первое", "Second"], 0, ["taken", "taken"])
    assert read_mailbox([taker]) == 0
    row = ReceivedLetter.objects.order_by("pk")[0]
    assert (row.sender, row.message_id, row.remark) == ("anna@client.by", "<one@client.by>", "taken")


def test_a_letter_of_nobodys_is_marked_and_left(box: ImapServer) -> None:
    box.deliver(letter())
    assert read_mailbox([lambda _letter: None]) == 1
    assert (outcomes(), box.unseen()) == (["unclaimed"], 0)


def test_without_a_mailbox_nothing_is_read(settings: Settings) -> None:
    settings.MAILBOX_URL = ""
    assert (read_mailbox([Taker()]), mailbox_server()) == (0, None)


def test_a_crash_after_the_commit_does_not_double(box: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    taker = Taker()
    box.deliver(letter())

    def crash(_box: imap.Mailbox, _uid: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(imap.Mailbox, "mark_seen", crash)
        with pytest.raises(KeyboardInterrupt):
            read_mailbox([taker])
    assert box.unseen() == 1
    assert read_mailbox([taker]) == 0
    assert (taker.taken, box.unseen()) == (["Hello"], 0)


def test_a_crash_before_the_commit_loses_nothing(box: ImapServer) -> None:
    box.deliver(letter())

    def crash() -> str:
        ReceivedLetter.objects.create(place="of the same transaction")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_mailbox([lambda _letter: crash])
    assert not ReceivedLetter.objects.filter(place="of the same transaction").exists()
    taker = Taker()
    assert read_mailbox([taker]) == 1
    assert taker.taken == ["Hello"]


def test_the_same_letter_delivered_twice_is_handled_once(box: ImapServer) -> None:
    taker = Taker()
    box.deliver(letter("Once"))
    box.deliver(letter("Once"))
    # The same id from somebody else is another letter.
    box.deliver(letter("Other", sender="boris@client.by"))
    read_mailbox([taker])
    assert (taker.taken, outcomes()) == (["Once", "Other"], ["taken", "repeated", "taken"])


def test_what_a_person_opened_in_the_mailbox_is_handled_all_the_same(box: ImapServer) -> None:
    taker = Taker()
    box.deliver(letter())
    server = mailbox_server()
    assert server is not None
    with imap.opened(server) as opened:
        for uid in opened.waiting(clock.now().date()):
            opened.mark_seen(uid)
    assert box.unseen() == 0
    assert read_mailbox([taker]) == 1


def test_a_bad_letter_stops_nobody_and_is_given_up(box: ImapServer, caplog: pytest.LogCaptureFixture) -> None:
    taker = Taker()

    def choosy(found: Incoming) -> Effect | None:
        if found.message["Subject"] == "Poison":
            raise ZeroDivisionError
        return taker(found)

    box.deliver(letter("Poison", "<bad@client.by>"))
    box.deliver(letter("Good"))
    assert read_mailbox([choosy]) == 1
    assert taker.taken == ["Good"]
    for _ in range(MOST_ATTEMPTS):
        read_mailbox([choosy])
    assert (outcomes(), box.unseen()) == (["failed", "taken"], 0)
    assert caplog.text.count("a letter could not be handled") == MOST_ATTEMPTS


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (b"no headers at all", "taken"),
        (b"From: a@b.by, c@d.by\nSubject: x\n\nhi", "taken"),
        (b"Subject: x\nFrom: " + b"a" * 70_000 + b"@b.by\n\nhi", "unreadable"),
        (b"From: a@b.by\nSubject: x\n\n" + b"\n" * 500_001, "unreadable"),
        (b"From: a@b.by\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\nhi\n" * 200, "unreadable"),
        (b"From: a@b.by\nSubject: =?punycode?q?" + b"a-b" * 20 + b"?=\n\nhi", "taken"),
    ],
)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_hostile_letter_comes_to_an_end(box: ImapServer, raw: bytes, outcome: str) -> None:
    box.deliver(raw)
    assert read_mailbox([Taker()]) == 1
    assert outcomes() == [outcome]


def test_a_letter_that_is_too_large_is_not_fetched(box: ImapServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MAX_BYTES", 2000)

    def refuse(_box: imap.Mailbox, _uid: int, _most: int) -> bytes:
        raise AssertionError("it is too large to be fetched")

    monkeypatch.setattr(imap.Mailbox, "content", refuse)
    large = letter()
    large.set_content("x" * 3000)
    box.deliver(large)
    assert (read_mailbox([Taker()]), outcomes(), box.unseen()) == (1, ["too_large"], 0)


def test_a_wrong_password_is_an_error_that_is_seen(box: ImapServer, settings: Settings) -> None:
    settings.MAILBOX_URL = f"imap://{USER}:wrong@127.0.0.1:{box.port}/INBOX"
    with pytest.raises(imaplib.IMAP4.error):
        read_mailbox([Taker()])
    settings.MAILBOX_URL = box.url.replace("/INBOX", "/Nowhere")
    with pytest.raises(imap.MailboxTrouble):
        read_mailbox([Taker()])


def test_the_address_of_the_mailbox_is_read_or_refused(settings: Settings) -> None:
    settings.MAILBOX_URL = "imaps://u%40x:p%2Fw@mail.example/Support"
    settings.MAILBOX_ADDRESS = "answers@operator.example"
    server = mailbox_server()
    assert server is not None
    assert (server.port, server.tls, server.user, server.password) == (993, True, "u@x", "p/w")
    assert (server.folder, server.address) == ("Support", "answers@operator.example")
    for url in ("pop3://u:p@mail.example", "imaps://mail.example", "imaps://u:p@mail.example:99999", "imaps://u@x/"):
        settings.MAILBOX_URL = url
        with pytest.raises(ImproperlyConfigured, match="ABONENT_MAILBOX"):
            mailbox_server()
