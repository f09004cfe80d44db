"""Reading the mailbox: each letter is handled once, whatever stops us in between.

What a letter causes and the row that says so are one transaction; only then is the letter marked in the mailbox.
Stopped before the commit, nothing was done and the letter is read again; after it, the row tells that it is done.
"""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Sequence

from django.db import transaction

from abonent.lib import clock
from abonent.outbox import imap
from abonent.outbox.incoming import Incoming
from abonent.outbox.models import ReceivedLetter
from abonent.outbox.transport import MailboxServer, mailbox_server

log = logging.getLogger(__name__)

Outcome = ReceivedLetter.Outcome
# What is to be done in the transaction; it answers, in words, what became of the letter.
Effect = Callable[[], str]
# Whose letter it is: None for somebody else's. What takes long (files) is done here, before the transaction.
Handler = Callable[[Incoming], Effect | None]

MAX_BYTES = 15 * 1024 * 1024
MOST_AT_ONCE = 50
MOST_SECONDS = 20
MOST_ATTEMPTS = 5
# Letters as old as this are looked at even if a person has opened them in the mailbox.
LOOK_BACK = dt.timedelta(days=3)


def read_mailbox(handlers: Sequence[Handler]) -> int:
    """Handle what waits in the mailbox of the settings, oldest first, and say how many; 0 where there is none."""
    server = mailbox_server()
    if server is None:
        return 0
    deadline = clock.timer() + MOST_SECONDS
    handled = 0
    with imap.opened(server) as box:
        for uid in _new(server, box):
            if handled >= MOST_AT_ONCE or clock.timer() > deadline:
                break
            handled += _handle(_place(server, box, uid), box, uid, handlers)
    return handled


def _new(server: MailboxServer, box: imap.Mailbox) -> list[int]:
    uids = box.waiting((clock.now() - LOOK_BACK).date())
    done: set[str] = set()
    places = [_place(server, box, uid) for uid in uids]
    for at in range(0, len(places), MOST_AT_ONCE * 10):
        known = ReceivedLetter.objects.filter(place__in=places[at : at + MOST_AT_ONCE * 10]).exclude(outcome="")
        done.update(known.values_list("place", flat=True))
    for uid, place in zip(uids, places, strict=True):
        if place in done:
            box.mark_seen(uid)
    return [uid for uid, place in zip(uids, places, strict=True) if place not in done]


def _place(server: MailboxServer, box: imap.Mailbox, uid: int) -> str:
    named = "\0".join([server.host, server.user, server.folder, box.validity, str(uid)])
    return hashlib.sha256(named.encode()).hexdigest()


def _handle(place: str, box: imap.Mailbox, uid: int, handlers: Sequence[Handler]) -> bool:
    """Whether the letter came to an end; one that fails is tried again, and in the end left, so the next ones come."""
    row, _created = ReceivedLetter.objects.get_or_create(place=place)
    ReceivedLetter.objects.filter(pk=row.pk).update(attempts=row.attempts + 1)
    row.attempts += 1
    if row.attempts > MOST_ATTEMPTS:
        _end(row, Outcome.FAILED)
    elif box.size(uid) > MAX_BYTES:
        _end(row, Outcome.TOO_LARGE)
    else:
        _judge(row, box.content(uid, MAX_BYTES), handlers)
    if row.outcome:
        box.mark_seen(uid)
    return bool(row.outcome)


def _judge(row: ReceivedLetter, raw: bytes, handlers: Sequence[Handler]) -> None:
    try:
        letter = Incoming.parse(raw)
    except Exception:
        log.exception("a letter cannot be read")
        _end(row, Outcome.UNREADABLE)
        return
    row.message_id, row.sender = letter.message_id[:255], letter.sender
    try:
        _take(row, letter, handlers)
    except Exception:
        log.exception("a letter could not be handled")
        row.outcome = ""


def _take(row: ReceivedLetter, letter: Incoming, handlers: Sequence[Handler]) -> None:
    effect = next((found for handler in handlers if (found := handler(letter)) is not None), None)
    if letter.message_id and letter.sender:
        row.sent_as = hashlib.sha256(f"{letter.sender}\0{letter.message_id}".encode()).hexdigest()
    with transaction.atomic():
        before = ReceivedLetter.objects.select_for_update().get(pk=row.pk)
        if before.outcome:
            row.outcome = before.outcome
            return
        same = ReceivedLetter.objects.filter(sent_as=row.sent_as, outcome=Outcome.TAKEN)
        if row.sent_as and same.exists():
            row.outcome = Outcome.REPEATED
        elif effect is None:
            row.outcome = Outcome.UNCLAIMED
        else:
            row.remark = effect()[:255]
            row.outcome = Outcome.TAKEN
        row.save()


def _end(row: ReceivedLetter, outcome: ReceivedLetter.Outcome) -> None:
    row.outcome = outcome
    row.save()
