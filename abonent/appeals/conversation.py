"""What is done with an appeal: opened, gone on with, answered, noted, taken, closed, rated (L10, V9).

Whoever calls has found the appeal within the seat. Each message has a key: said twice, it stands once.
"""

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from abonent import profile
from abonent.access.bounds import DAY, Limit, take_all
from abonent.access.models import Seat
from abonent.appeals.letters import tell
from abonent.appeals.models import Appeal, AppealNumbers, Attachment, Message
from abonent.audit.journal import Origin
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.profile.calendar import answer_due
from abonent.subscribers.models import Subscriber

Author = Message.Author
Event = Message.Event


class TooLate(Exception):  # noqa: N818  # it is an answer to the person, not a mishap
    """The appeal was closed too long ago to be taken up again."""


class Meanwhile(Exception):  # noqa: N818  # the same
    """The client has written since the page was opened: what was typed may not answer it."""


@dataclass(frozen=True, slots=True)
class Said:
    """`files` are ids of what the person has sent up and not sent yet; `seen` is the last message that was read."""

    text: str
    key: uuid.UUID
    files: tuple[int, ...] = ()
    mail_id: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    kind: str
    topic: str
    subscriber: Subscriber | None = None
    account: Account | None = None

    def account_for(self, seat: Seat) -> Account | None:
        """The one named, that of the number, or the only one of the seat: its administrators see the appeal too."""
        if self.subscriber is not None:
            return self.subscriber.account
        return self.account or (seat.accounts[0] if len(seat.accounts) == 1 else None)


def open_appeal(seat: Seat, subject: Subject, said: Said, origin: Origin | None) -> Appeal:
    """Ask the operator something new; the same key gives the same appeal. `TooOften` beyond the day's bound."""
    if seat.client is None:
        raise ValueError("the operator's staff do not ask themselves")
    with transaction.atomic():
        AppealNumbers.lock(seat.client.pk)
        before = Appeal.objects.filter(client=seat.client, key=said.key).first()
        if before is not None:
            return before
        _count(seat)
        now = clock.now()
        appeal = Appeal.objects.create(
            client=seat.client,
            number=AppealNumbers.next_of(seat.client.pk),
            account=subject.account_for(seat),
            subscriber=subject.subscriber,
            about=subject.subscriber.number if subject.subscriber else "",
            kind=subject.kind,
            topic=subject.topic,
            key=said.key,
            seat=seat,
            person_label=seat.person.name,
            seat_label=seat.label,
            due=answer_due(profile.current(), now),
        )
        message = _say(appeal, Author.CLIENT, seat, said)
        about = {"kind": appeal.kind, "topic": appeal.topic, "number": appeal.about}
        appeal.note(seat.actor(), "open", origin, after={**about, **_told(message)})
    return appeal


def write(appeal: Appeal, seat: Seat, said: Said, origin: Origin | None) -> Message:
    """Go on, or take up again what is closed (`TooLate` once that was too long ago). `TooOften` as above."""
    with transaction.atomic():
        found = Appeal.locked(appeal.pk)
        before = found.messages.filter(key=said.key).first()
        if before is not None:
            return before
        if not found.may_be_written_to:
            raise TooLate
        _count(seat)
        if found.state == Appeal.State.CLOSED:
            _happened(found, Event.REOPENED)
            found.note(seat.actor(), "reopen", origin, before={"state": found.state}, after={"state": "open"})
        message = _say(found, Author.CLIENT, seat, said)
        found.note(seat.actor(), "write", origin, after=_told(message))
        found.ask()
    appeal.refresh_from_db()
    return message


def reply(appeal: Appeal, seat: Seat, said: Said, state: Appeal.State, origin: Origin | None) -> Message:
    """The staff answer: it is then answered, waits for the client, or is closed (`state`).

    Each person of the client who wrote in it is told by letter. `Meanwhile` where the client said something unread.
    """
    with transaction.atomic():
        found = Appeal.locked(appeal.pk)
        before = found.messages.filter(key=said.key).first()
        if before is not None:
            return before
        if said.seen is not None and said.seen < last_of_client(found):
            raise Meanwhile
        message = _say(found, Author.STAFF, seat, said)
        if found.assignee_id is None:
            found.take(seat.person)
        was = found.state
        found.answer(state)
        if state == Appeal.State.CLOSED:
            _happened(found, Event.CLOSED)
        after = {"state": found.state, "late": found.was_late, **_told(message)}
        found.note(seat.actor(), "reply", origin, before={"state": was}, after=after)
        tell(found, message)
    appeal.refresh_from_db()
    return message


def add_note(appeal: Appeal, seat: Seat, said: Said, origin: Origin | None) -> Message:
    """The staff write something down for themselves; the client never sees it."""
    with transaction.atomic():
        found = Appeal.locked(appeal.pk)
        before = found.messages.filter(key=said.key).first()
        if before is not None:
            return before
        message = _say(found, Author.STAFF, seat, said, internal=True)
        found.note(seat.actor(), "note", origin, after=_told(message), staff_only=True)
    return message


def close(appeal: Appeal, seat: Seat, origin: Origin | None) -> bool:
    """It is settled. False if it was closed before, or the staff would close what they have not answered."""
    with transaction.atomic():
        found = Appeal.locked(appeal.pk)
        closes = found.state != Appeal.State.CLOSED and (found.is_answered or not seat.is_operators)
        if closes:
            was = found.state
            found.close()
            _happened(found, Event.CLOSED)
            found.note(seat.actor(), "close", origin, before={"state": was}, after={"state": found.state})
    appeal.refresh_from_db()
    return closes


def rate(appeal: Appeal, seat: Seat, rating: int, word: str, origin: Origin | None) -> bool:
    """How good the answer was, 1 to 5, with a word; changed by rating again. False where there is no answer to rate."""
    with transaction.atomic():
        found = Appeal.locked(appeal.pk)
        rates = found.may_be_rated and rating in Appeal.RATINGS
        if rates:
            was = {"rating": found.rating, "word": found.rating_word}
            found.rating, found.rating_word = rating, word
            found.save()
            found.note(seat.actor(), "rate", origin, before=was, after={"rating": rating, "word": word})
    appeal.refresh_from_db()
    return rates


def take(appeal: Appeal, seat: Seat, origin: Origin | None, *, give_back: bool = False) -> None:
    """Somebody of the staff takes it (from whoever had it), or gives it back to all."""
    with transaction.atomic():
        found = Appeal.locked(appeal.pk)
        was = found.assignee_label
        found.take(None if give_back else seat.person)
        after = {"taken_by": found.assignee_label}
        found.note(seat.actor(), "assign", origin, before={"taken_by": was}, after=after, staff_only=True)
    appeal.refresh_from_db()


def last_of_client(appeal: Appeal) -> int:
    """The id of the last thing that the client said."""
    last = appeal.messages.filter(author=Author.CLIENT).aggregate(last=Max("pk"))["last"]
    return last or 0


def files_not_taken(appeal: Appeal, refused: list[dict[str, str]]) -> None:
    """Say in the conversation which files of a letter are missing, and why (codes of `scanning.Reason`, names)."""
    _happened(appeal, Event.FILES, {"files": refused})


def _say(appeal: Appeal, author: Message.Author, seat: Seat, said: Said, *, internal: bool = False) -> Message:
    message = appeal.messages.create(
        author=author,
        internal=internal,
        seat=seat,
        label=seat.person.name,
        text=said.text,
        key=said.key,
        mail_id=said.mail_id,
    )
    files = said.files[: profile.current().appeals.files]
    Attachment.objects.pending(seat.person).filter(pk__in=files).update(message=message)
    return message


def _happened(appeal: Appeal, event: Message.Event, args: dict[str, object] | None = None) -> None:
    appeal.messages.create(author=Author.SYSTEM, event=event, args=args or {}, key=uuid.uuid4())


def _told(message: Message) -> dict[str, object]:
    """What the journal keeps of a message: its length and files; the words stand in the appeal."""
    files = [attachment.file.name for attachment in message.attachments.select_related("file").order_by("pk")]
    told: dict[str, object] = {"message": message.pk, "characters": len(message.text), "files": files}
    return {**told, "by_letter": True} if message.mail_id else told


def _count(seat: Seat) -> None:
    """No more than an honest person writes in a day."""
    most = profile.current().appeals.messages_per_day
    take_all(Limit("appeal message", str(seat.person_id), most, DAY))
