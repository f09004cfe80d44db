"""Reports of mail servers about letters of ours (RFC 3464): came back for good, or still on their way.

A report is ours by the Message-ID of what it returns, which nobody can guess who did not get the letter. An absence
notice, and a letter that says in words alone that it could not be delivered, is none.
"""

from collections.abc import Callable, Iterator
from email import message_from_string
from email.message import EmailMessage, Message
from typing import TypeAlias

from abonent.lib import clock
from abonent.outbox.incoming import Incoming
from abonent.outbox.mailbox import Effect
from abonent.outbox.models import Letter

_ID = "Message-ID"
_ORIGINAL_ID = "Original-Message-ID"
_LENGTH = 255
MOST_IDS = 20

# A field of a report, whatever the kind of message that holds it.
Fields: TypeAlias = "Message[str, str]"


def take(letter: Incoming) -> Effect | None:
    """Handler of the mailbox: None for what is no report, or about no letter of ours."""
    statuses = list(_statuses(letter.message))
    known = (
        next((found for name in _ids(letter, statuses) if (found := Letter.named(name))), None) if statuses else None
    )
    if known is None:
        return None
    status = _about(known, statuses)
    note = _NOTES.get(str(status.get("Action", "")).strip().lower()) if status is not None else None
    if status is None or note is None:
        return lambda: f"nothing new of letter {known.pk}"
    return lambda: note(known, _said(status))


def _statuses(message: EmailMessage) -> Iterator[Fields]:
    """The blocks of fields of a report: the first is about all, each of the others about one recipient."""
    if message.get_content_type() != "multipart/report":
        return
    for part in message.walk():
        blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
        if isinstance(blocks, list):
            yield from (block for block in blocks if isinstance(block, Message))


def _ids(letter: Incoming, statuses: list[Fields]) -> list[str]:
    """The Message-IDs that the report may be about: those that it names, and those of the headers that it returns."""
    named = [str(block.get(_ORIGINAL_ID, "")) for block in (letter.message, *statuses)]
    for part in letter.message.walk():
        inner = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(inner, list):
            named += [str(original.get(_ID, "")) for original in inner if isinstance(original, Message)]
        elif part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            headers = content.decode("ascii", "replace") if isinstance(content, bytes) else ""
            named.append(str(message_from_string(headers).get(_ID, "")))
    return [*(name.strip() for name in named if name), *letter.answers][:MOST_IDS]


def _about(letter: Letter, statuses: list[Fields]) -> "Fields | None":
    """The block about the letter's recipient; another's where the letter was sent on from there."""
    recipients = [block for block in statuses if block.get("Action")]
    named = (
        block
        for block in recipients
        for field in ("Original-Recipient", "Final-Recipient")
        if str(block.get(field, "")).rpartition(";")[2].strip().lower() == letter.to.lower()
    )
    return next(named, recipients[0] if recipients else None)


def _said(status: Fields) -> str:
    """What the server said: `550 5.1.1 No such user`, or the bare status."""
    diagnosis = str(status.get("Diagnostic-Code", "")).partition(";")[2]
    words = " ".join((diagnosis or str(status.get("Status", ""))).split())
    return "".join(letter for letter in words if letter.isprintable())[:_LENGTH] or "5.0.0"


def _return(letter: Letter, said: str) -> str:
    Letter.objects.filter(pk=letter.pk, returned="").update(returned=said, returned_at=clock.now())
    return f"letter {letter.pk} came back"


def _delay(letter: Letter, said: str) -> str:
    Letter.objects.filter(pk=letter.pk).update(delayed=said)
    return f"letter {letter.pk} is delayed"


def _arrive(letter: Letter, _said: str) -> str:
    Letter.objects.filter(pk=letter.pk).update(delayed="")
    return f"letter {letter.pk} arrived"


_NOTES: dict[str, Callable[[Letter, str], str]] = {
    "failed": _return,
    "delayed": _delay,
    "delivered": _arrive,
    "relayed": _arrive,
    "expanded": _arrive,
}
