"""An answer to one of our letters becomes a message of the appeal, if it is from whom the letter went to."""

import uuid
from dataclasses import dataclass
from io import BytesIO

from abonent import profile
from abonent.access.bounds import TooOften
from abonent.access.models import Identifier, Seat
from abonent.appeals.conversation import Said, TooLate, files_not_taken, write
from abonent.appeals.letters import MARK, address_of, may_read, not_taken
from abonent.appeals.models import AppealLetter
from abonent.appeals.scanning import FileRefused, Reason
from abonent.appeals.uploads import take
from abonent.audit.journal import SYSTEM, Origin
from abonent.files.keeping import plain_name
from abonent.outbox.incoming import Incoming
from abonent.outbox.mailbox import Effect
from abonent.outbox.trimming import new_text

_KEYS = uuid.UUID("6f1c2f0e-52b8-4a0c-9d5f-0d6f7a9be1c3")
MOST_IDS = 20


@dataclass(frozen=True, slots=True)
class _Files:
    """The ids of what is taken; the names and reasons of what is not."""

    taken: tuple[int, ...]
    refused: list[dict[str, str]]


def answer(letter: Incoming) -> Effect | None:
    """Handler of the mailbox: None where it answers no letter of an appeal, or nobody wrote it."""
    known = None if letter.is_automatic else _answered(letter)
    if known is None:
        return None
    seat = _seat_of(letter, known)
    if seat is None:
        return lambda: _refuse(letter, known)
    text = new_text(letter.text(), MARK)
    files = _files(letter, seat)
    if not text and not files.taken:
        return lambda: "nothing new is in it"
    most = profile.current().appeals.text_length
    key = uuid.uuid5(_KEYS, f"{letter.sender} {letter.message_id or uuid.uuid4()}")
    said = Said(text if len(text) <= most else f"{text[: most - 1]}…", key, files.taken, letter.message_id[:255])
    return lambda: _add(letter, known, said, files)


def _answered(letter: Incoming) -> AppealLetter | None:
    """The nearest of our letters that it names."""
    named = letter.answers[:MOST_IDS]
    found = AppealLetter.objects.filter(mail_id__in=named).select_related("message__appeal", "seat")
    known = {entry.mail_id: entry for entry in found}
    return next((known[mail_id] for mail_id in named if mail_id in known), None)


def _seat_of(letter: Incoming, known: AppealLetter) -> Seat | None:
    """The seat that the letter went to: in force, sees the appeal, and the sender is its person's address."""
    proven = Identifier.objects.filter(
        kind=Identifier.Kind.EMAIL, value=letter.sender, verified=True, person_id=known.seat.person_id
    )
    seat = Seat.objects.in_force().filter(pk=known.seat_id).select_related("person", "role", "client").first()
    fits = seat is not None and proven.exists() and may_read(known.message.appeal, seat)
    return seat if fits else None


def _files(letter: Incoming, seat: Seat) -> _Files:
    most = profile.current().appeals.files
    taken: list[int] = []
    refused: list[dict[str, str]] = []
    for name, content in letter.files():
        if len(taken) >= most:
            refused.append({"name": plain_name(name), "reason": Reason.TOO_MANY.value})
            continue
        try:
            taken.append(take(BytesIO(content), len(content), name, seat.person).pk)
        except FileRefused as refusal:
            refused.append({"name": refusal.name, "reason": refusal.reason.value})
    return _Files(tuple(taken), refused[:MOST_IDS])


def _add(letter: Incoming, known: AppealLetter, said: Said, files: _Files) -> str:
    # Once more: the right may have been taken away while the files were kept.
    seat, appeal = _seat_of(letter, known), known.message.appeal
    if seat is None:
        return _refuse(letter, known)
    try:
        write(appeal, seat, said, Origin(device="e-mail", seat=seat.label))
    except TooLate:
        not_taken(appeal, seat, address_of(seat))
        return f"appeal {appeal.pk} was closed too long ago"
    except TooOften:
        return "too many messages for one day"
    if files.refused:
        files_not_taken(appeal, files.refused)
    return f"added to appeal {appeal.pk}"


def _refuse(letter: Incoming, known: AppealLetter) -> str:
    """Somebody else answers, or somebody who has no access any more: noted where the company sees it."""
    appeal = known.message.appeal
    appeal.note(SYSTEM, "letter", Origin(device="e-mail"), after={"sender": letter.sender}, result="refused")
    return f"refused: not from whom the letter of appeal {appeal.pk} went to"
