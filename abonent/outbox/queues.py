"""The work of sending, for the worker."""

import datetime as dt

from django.db.models import Q

from abonent.jobs.backoff import Backoff
from abonent.jobs.errors import GiveUp
from abonent.jobs.lease import Lease
from abonent.jobs.queue import Lane, Queue, Workable, one
from abonent.lib import clock
from abonent.outbox import message, smtp
from abonent.outbox.models import Letter, TextMessage
from abonent.outbox.transport import Inbox, mail_transport, text_transport

# 30 s, 1 min, 2 min … then each hour: a mail server that is down for two days loses nothing.
PATIENCE = Backoff(first=dt.timedelta(seconds=30), ceiling=dt.timedelta(hours=1))
ATTEMPTS = 80


def send_letter(letter: Letter, lease: Lease[Letter]) -> None:
    """Hand the letter over, at least once: a crash right after may repeat it, with the same Message-ID."""
    server = mail_transport()
    if not isinstance(server, Inbox):
        try:
            built = message.build(letter)
            recipient = message.ascii_address(letter.to)
            with lease.heartbeat():
                smtp.send(server, built, sender=message.sender(), recipient=recipient)
        except (smtp.Refused, ValueError) as refused:
            _refuse(letter, lease, str(refused))
            return
    with lease.commit(done=[letter]):
        Letter.objects.filter(pk=letter.pk).update(sent_at=clock.now())


def send_text(text: TextMessage, lease: Lease[TextMessage]) -> None:
    """Hand the message over, at most once: one that was begun and not finished is never repeated."""
    if text_transport() is None:
        raise GiveUp("Text messages cannot be sent: ABONENT_SMS_URL is not set.")
    if text.handed_over is not None:
        raise GiveUp("The worker stopped while sending it; a text message is not sent twice.")
    lease.note(text, handed_over=clock.now())
    with lease.commit(done=[text]):
        TextMessage.objects.filter(pk=text.pk).update(sent_at=clock.now())


def _refuse(letter: Letter, lease: Lease[Letter], answer: str) -> None:
    with lease.commit(dead={letter: "The mail server refused the address or the letter."}):
        Letter.objects.filter(pk=letter.pk).update(refused=answer[:255])


def _letters(name: str, only: Q) -> Queue[Letter]:
    return Queue(
        name=name,
        model=Letter,
        work=one(send_letter),
        lane=Lane.POST,
        only=only,
        max_attempts=ATTEMPTS,
        backoff=PATIENCE,
    )


urgent_letters_queue = _letters("outbox.urgent-letters", Q(urgent=True))
letters_queue = _letters("outbox.letters", Q(urgent=False))
texts_queue = Queue(name="outbox.texts", model=TextMessage, work=one(send_text), lane=Lane.POST)
QUEUES: list[Workable] = [texts_queue, urgent_letters_queue, letters_queue]
