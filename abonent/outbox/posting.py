"""Putting letters and text messages into the outbox, in the transaction of what they tell of."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from abonent.files.models import StoredFile
from abonent.lib import clock
from abonent.outbox.models import Attachment, Letter, TextMessage


def post(  # noqa: PLR0913  # a letter has these many sides, all but three by name
    to: str,
    subject: str,
    text: str,
    *,
    purpose: str,
    language: str,
    html: str = "",
    attachments: Sequence[tuple[StoredFile, str]] = (),
    client_id: int | None = None,
    account_label: str = "",
    urgent: bool = False,
    reply_to: str = "",
    references: Sequence[str] = (),
) -> Letter:
    """Write a letter (one address, finished texts) for the worker to send; each attachment is (file, its name).

    An urgent one (a code that somebody waits for) overtakes the others. `references` are the Message-IDs of the letters
    that it goes on with, oldest first.
    """
    with transaction.atomic():
        letter = Letter.objects.create(
            to=to,
            subject=" ".join(subject.split()),
            text=text,
            html=html,
            purpose=purpose,
            language=language,
            client_id=client_id,
            account_label=account_label,
            urgent=urgent,
            reply_to=reply_to,
            references=" ".join(references),
        )
        Attachment.objects.bulk_create(
            Attachment(letter=letter, file=file, filename=filename) for file, filename in attachments
        )
    return letter


def text(to: str, body: str, *, purpose: str, not_before: dt.datetime | None = None) -> TextMessage:
    """Write a text message to a number (digits, with the country code) that the worker will send at most once.

    What can wait goes `not_before` some hour: nobody is woken.
    """
    return TextMessage.objects.create(to=to, body=body, purpose=purpose, next_try=not_before or clock.now())
