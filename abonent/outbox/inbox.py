"""Reading what was delivered to the inbox of the demonstration, where there is no mail server and no SMS centre."""

from abonent.files.models import StoredFile
from abonent.outbox.models import Attachment, Letter, TextMessage


def latest_letters(most: int) -> list[Letter]:
    """The letters that were delivered, newest first, with their attachments."""
    delivered = Letter.objects.filter(sent_at__isnull=False).order_by("-sent_at", "-pk")
    return list(delivered.prefetch_related("attachments__file")[:most])


def latest_messages(most: int) -> list[TextMessage]:
    """The text messages that were delivered, newest first."""
    return list(TextMessage.objects.filter(sent_at__isnull=False).order_by("-sent_at", "-pk")[:most])


def attached(attachment_id: int) -> tuple[StoredFile, str] | None:
    """An attachment of a delivered letter with its file name; None where there is none."""
    found = Attachment.objects.filter(pk=attachment_id, letter__sent_at__isnull=False).select_related("file").first()
    return (found.file, found.filename) if found else None
