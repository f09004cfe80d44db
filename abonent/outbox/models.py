import re
from email.utils import parseaddr
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from abonent.files.models import StoredFile
from abonent.jobs.models import Job
from abonent.lib import clock

_MESSAGE_ID = re.compile(r"<letter-(\d{1,18})-([0-9a-f]{24})@[^<>\s]+>")


class Letter(Job):
    """A letter to one address; as a job it is `done` once the mail server (or the demo's inbox) took it."""

    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True)
    language = models.CharField(max_length=7)
    # Why it was written: "invoice", "login code"; for lists and bounds, never shown as it is.
    purpose = models.CharField(max_length=64)
    # Where an answer goes, and the Message-IDs (oldest first) of what it goes on with.
    reply_to = models.CharField(max_length=254, blank=True)
    references = models.TextField(blank=True)
    # Overtakes the others: somebody waits for it in front of the screen.
    urgent = models.BooleanField(default=False)
    # Whom it concerns; plain, since a letter outlives what it tells of.
    client_id = models.BigIntegerField(null=True, blank=True)
    account_label = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # What the mail server said when it refused for good.
    refused = models.CharField(max_length=255, blank=True)
    # What a report in the mailbox said later: it came back for good, or is still on its way.
    returned = models.CharField(max_length=255, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    delayed = models.CharField(max_length=255, blank=True)

    class Meta(Job.Meta):
        indexes: ClassVar = [*Job.Meta.indexes, models.Index(fields=["to", "-created"], name="letter_to")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    @property
    def message_id(self) -> str:
        """The same at each attempt, so that a letter that was sent twice after a crash is seen as one.

        Nobody who did not get the letter can guess it: an answer to it proves that it was received.
        """
        domain = parseaddr(settings.EMAIL_FROM)[1].rpartition("@")[2] or "localhost"
        return f"<letter-{self.pk}-{self.proof()}@{domain}>"

    def proof(self) -> str:
        """What nobody can guess of the Message-ID."""
        made = salted_hmac("abonent.outbox.letter", f"{self.pk} {self.created.isoformat()}", algorithm="sha256")
        return made.hexdigest()[:24]

    @classmethod
    def named(cls, message_id: str) -> "Letter | None":
        """The letter with this Message-ID; None where it is not one of ours, to the last character of its proof.

        The domain is not looked at: a letter is known though the operator's address has changed since.
        """
        named = _MESSAGE_ID.fullmatch(message_id)
        found = cls.objects.filter(pk=int(named[1])).first() if named else None
        return found if found and named and constant_time_compare(found.proof(), named[2]) else None


class Attachment(models.Model):
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    filename = models.CharField(max_length=255)

    def __str__(self) -> str:
        return self.filename


class TextMessage(Job):
    """A text message to one number (digits). It goes at most once: marked as handed over before it is."""

    to = models.CharField(_("to"), max_length=20)
    body = models.TextField(_("text"))
    purpose = models.CharField(max_length=64)
    handed_over = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(Job.Meta):
        indexes: ClassVar = [*Job.Meta.indexes, models.Index(fields=["to", "-created"], name="textmessage_to")]

    def __str__(self) -> str:
        return self.to


class ReceivedLetter(models.Model):
    """A letter that was found in the mailbox, once; what became of it is written with what it caused."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("taken")
        UNCLAIMED = "unclaimed", _("nobody's")
        REPEATED = "repeated", _("came before")
        TOO_LARGE = "too_large", _("too large")
        UNREADABLE = "unreadable", _("cannot be read")
        FAILED = "failed", _("failed")

    # The mailbox with its UIDVALIDITY and the letter's UID there: what IMAP promises never to give to another letter.
    place = models.CharField(max_length=64, unique=True)
    # Sender and Message-ID, for a letter that was delivered twice; empty where it has none.
    sent_as = models.CharField(max_length=64, blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    at = models.DateTimeField(_("received"), default=clock.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    outcome = models.CharField(_("result"), max_length=10, choices=Outcome, blank=True)
    # Words of whoever took it.
    remark = models.CharField(_("remark"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("received letter")
        verbose_name_plural = _("received letters")
        constraints = [
            models.UniqueConstraint(
                fields=["sent_as"], condition=Q(outcome="taken") & ~Q(sent_as=""), name="received_taken_once"
            )
        ]

    def __str__(self) -> str:
        return self.message_id or self.place
