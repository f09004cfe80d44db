"""Files on their way into a message: judged, kept, and thrown away if nobody sends them."""

import datetime as dt
from typing import BinaryIO

from django.db import transaction

from abonent.access.models import Person
from abonent.appeals.models import Attachment
from abonent.appeals.scanning import judge
from abonent.files.keeping import keep, plain_name, store
from abonent.lib import clock

# What is not sent within a day never will be; and nobody fills the disk with what is not sent at all.
UNSENT_FOR = dt.timedelta(days=1)
MOST_UNSENT = 20


def take(stream: BinaryIO, size: int, name: str, person: Person | None) -> Attachment:
    """Keep a file for a message to come; `FileRefused` where it is not one that we take."""
    plain = plain_name(name)
    judged = judge(stream, size, plain)
    kept = keep(stream)
    with transaction.atomic():
        if person is not None:
            _make_room(person)
        return Attachment.objects.create(person=person, file=store(kept, name=plain, mime=judged.mime))


def prune() -> int:
    """Throw away what was sent up and not put into a message within a day; return how many."""
    old = list(
        Attachment.objects.filter(message=None, created__lt=clock.now() - UNSENT_FOR).select_related("file")[:1000]
    )
    return _drop(old)


def _make_room(person: Person) -> None:
    unsent = list(Attachment.objects.pending(person).select_related("file").order_by("-pk"))
    _drop(unsent[MOST_UNSENT - 1 :])


def _drop(attachments: list[Attachment]) -> int:
    """Without those that went into a message meanwhile. The contents go with the nightly sweep of files."""
    dropped = 0
    for attachment in attachments:
        with transaction.atomic():
            if Attachment.objects.filter(pk=attachment.pk, message=None).delete()[0]:
                attachment.file.delete()
                dropped += 1
    return dropped
