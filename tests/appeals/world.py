"""Short ways to what the tests of appeals begin with."""

import uuid

from abonent.access.models import Seat
from abonent.appeals.conversation import Said, Subject, open_appeal, reply
from abonent.appeals.models import Appeal, Attachment, Message
from abonent.appeals.uploads import take
from abonent.outbox.models import Letter
from abonent.subscribers.models import Subscriber
from tests.appeals.samples import stream

State = Appeal.State


def said(text: str = "What is this charge?", *files: Attachment, seen: int | None = None) -> Said:
    return Said(text, uuid.uuid4(), tuple(file.pk for file in files), seen=seen)


def asked(
    seat: Seat, topic: str = "The invoice", about: Subscriber | None = None, text: str = "Why so much?"
) -> Appeal:
    return open_appeal(seat, Subject("bill", topic, about), said(text), None)


def answered(
    appeal: Appeal, staff: Seat, text: str = "For roaming.", state: Appeal.State = Appeal.State.ANSWERED
) -> Message:
    message = reply(appeal, staff, said(text), state, None)
    appeal.refresh_from_db()
    return message


def file_of(seat: Seat, content: bytes, name: str) -> Attachment:
    return take(stream(content), len(content), name, seat.person)


def latest_letter() -> Letter:
    letter = Letter.objects.order_by("-pk").first()
    assert letter is not None
    return letter
