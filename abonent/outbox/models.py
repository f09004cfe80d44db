from email.utils import parseaddr
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.files.models import StoredFile
from abonent.jobs.models import Job


class Letter(Job):
    """A letter to one address; as a job it is `done` once the mail server (or the demo's inbox) took it."""

    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("text"))
    html = models.TextField(blank=True)
    language = models.CharField(max_length=7)
    # Why it was written: "invoice", "login code"; for lists and bounds, never shown as it is.
    purpose = models.CharField(max_length=64)
    # Overtakes the others: somebody waits for it in front of the screen.
    urgent = models.BooleanField(default=False)
    # Whom it concerns; plain, since a letter outlives what it tells of.
    client_id = models.BigIntegerField(null=True, blank=True)
    account_label = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # What the mail server said when it refused for good.
    refused = models.CharField(max_length=255, blank=True)

    class Meta(Job.Meta):
        indexes: ClassVar = [*Job.Meta.indexes, models.Index(fields=["to", "-created"], name="letter_to")]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"

    @property
    def message_id(self) -> str:
        """The same at each attempt, so that a letter that was sent twice after a crash is seen as one."""
        domain = parseaddr(settings.EMAIL_FROM)[1].rpartition("@")[2] or "localhost"
        return f"<letter-{self.pk}-{self.created:%Y%m%d%H%M%S}@{domain}>"


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
