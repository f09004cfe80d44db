"""What was said in an appeal, the files that came with it, and the letters that told of it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Person, Seat
from abonent.access.rights import Right
from abonent.appeals.models.appeal import Appeal
from abonent.appeals.scanning import FileRefused, Reason
from abonent.files.models import StoredFile
from abonent.lib import clock


class MessageQuerySet(models.QuerySet["Message"]):
    def read_by(self, seat: Seat) -> Self:
        """In the order in which they were said; the staff's notes are for the staff alone."""
        found = self if seat.has(Right.OPERATOR_SUPPORT) else self.filter(internal=False)
        return found.order_by("at", "pk")


class Message(models.Model):
    class Author(models.TextChoices):
        CLIENT = "client", _("client")
        STAFF = "staff", _("operator")
        SYSTEM = "system", _("system")

    class Event(models.TextChoices):
        CLOSED = "closed", _("Closed")
        REOPENED = "reopened", _("Taken up again")
        FILES = "files", _("Files of the letter that were not taken")

    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="messages")
    author = models.CharField(max_length=6, choices=Author)
    # A note of the staff, which the client never sees.
    internal = models.BooleanField(default=False)
    seat = models.ForeignKey(Seat, on_delete=models.SET_NULL, null=True, related_name="+")
    label = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    # Of the system: what happened, with its arguments; worded in the reader's language.
    event = models.CharField(max_length=12, choices=Event, blank=True)
    args = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now, editable=False)
    key = models.UUIDField(editable=False)
    # The Message-ID of the letter that it came by.
    mail_id = models.CharField(max_length=255, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["appeal", "key"], name="appeal_message_once"),
            models.CheckConstraint(condition=Q(internal=False) | Q(author="staff"), name="appeal_note_is_of_staff"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def refused_files(self) -> list[str]:
        """Which files of a letter are missing, and why, in the reader's words."""
        known = [(entry["name"], entry["reason"]) for entry in self.args.get("files", [])]
        return [FileRefused(Reason(reason), name).message() for name, reason in known]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def within(self, seat: Seat) -> Self:
        """The files of messages that the seat may read."""
        found = self.filter(message__appeal__in=Appeal.objects.within(seat))
        return found if seat.has(Right.OPERATOR_SUPPORT) else found.filter(message__internal=False)

    def pending(self, person: Person) -> Self:
        """What this person has sent up and not yet put into a message."""
        return self.filter(message=None, person=person).order_by("pk")


class Attachment(models.Model):
    """A file that was found to be what its name says; `message` is empty until it is sent."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="attachments")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=clock.now, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["created"], condition=Q(message=None), name="appeal_file_pending")]

    def __str__(self) -> str:
        return self.file.name


class AppealLetter(models.Model):
    """That a person was told of a message by letter: an answer to `mail_id` (its Message-ID) is theirs."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="letters")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    mail_id = models.CharField(max_length=255, unique=True)

    def __str__(self) -> str:
        return self.mail_id
