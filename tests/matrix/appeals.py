"""Who gets what at appeals (`table.py` says how to read a line)."""

import uuid

from abonent.appeals.conversation import Said, Subject, open_appeal, reply
from abonent.appeals.models import Appeal, Attachment
from abonent.appeals.uploads import take
from tests.appeals.samples import TEXT, stream
from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row

LIST = Answers(OK, FORBIDDEN, OK, LOGIN)
SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
OBJECT = Answers(OK, FORBIDDEN, MISSING, LOGIN)
CHANGE = Answers(GONE_ON, FORBIDDEN, MISSING, LOGIN)
CHANGES = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)


def opened(cast: Cast, file: Attachment | None = None) -> Appeal:
    """An appeal of Anna's about a number of her company."""
    files = (file.pk,) if file else ()
    subject = Subject("bill", f"The invoice of {cast.first.number}", cast.subscribers[0])
    said = Said(f"What is {cast.subscribers[0].number} charged for?", uuid.uuid4(), files)
    return open_appeal(cast.anna, subject, said, None)


def an_appeal(cast: Cast) -> Made:
    return Made(kwargs={"pk": opened(cast).pk}, data={"text": "And the month before?", "key": str(uuid.uuid4())})


def answered(cast: Cast) -> Appeal:
    appeal = opened(cast)
    reply(appeal, cast.olga, Said("For roaming.", uuid.uuid4()), Appeal.State.ANSWERED, None)
    return appeal


def an_answered_appeal(cast: Cast) -> Made:
    return Made(kwargs={"pk": answered(cast).pk}, data={"rating": "5", "word": "Quick"})


def a_file(cast: Cast) -> Made:
    appeal = opened(cast, take(stream(TEXT), len(TEXT), "list.txt", cast.anna.person))
    return Made(kwargs={"pk": appeal.pk, "file": Attachment.objects.get(message__appeal=appeal).pk})


def a_new_one(_cast: Cast) -> Made:
    return Made(data={"kind": "bill", "topic": "An invoice", "text": "What is this?", "key": str(uuid.uuid4())})


ROWS: dict[str, Row] = {
    "appeals": Row(get=LIST, post=SHOWS),
    "appeal_new": Row(get=LIST, post=Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN), made=a_new_one),
    "appeal_numbers": Row(get=LIST, post=SHOWS),
    "appeal": Row(get=OBJECT, post=CHANGE, made=an_appeal),
    "appeal_closing": Row(get=CHANGES, post=CHANGE, made=an_appeal),
    "appeal_rating": Row(get=CHANGES, post=CHANGE, made=an_answered_appeal),
    "appeal_file": Row(get=OBJECT, post=SHOWS, made=a_file),
}
