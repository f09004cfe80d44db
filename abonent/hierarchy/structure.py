"""A structure that came as a file: the file, and the verdict on each of its rows. `importing.py` says what is done."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent.access.models import Seat
from abonent.files.models import StoredFile
from abonent.jobs.models import Job

TYPED_LENGTH = 64
PATH_LENGTH = 2000


class StructureImportQuerySet(models.QuerySet["StructureImport"]):
    def within(self, seat: Seat) -> Self:
        """Those of this very seat: what it sees decides every verdict."""
        return self.filter(seat=seat)

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self


class StructureImport(Job):
    """As a job it gives each row its verdict; a person then applies it, or does not."""

    class Stage(models.TextChoices):
        CHECKING = "checking", _("being checked")
        UNREADABLE = "unreadable", _("not read")
        READY = "ready", _("checked")
        APPLIED = "applied", _("applied")

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.CHECKING)
    # Why the file as a whole was not read: a code with its place.
    refusal = models.JSONField(default=dict)
    fine = models.PositiveIntegerField(default=0)
    nothing = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # What it comes to: numbers that change their folder, folders to be made.
    numbers = models.PositiveIntegerField(default=0)
    folders = models.PositiveIntegerField(default=0)
    # SHA-256 of all verdicts: what the person saw.
    digest = models.CharField(max_length=64, blank=True)

    objects = StructureImportQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("import of folders")
        verbose_name_plural = _("imports of folders")

    def __str__(self) -> str:
        return str(self.file)

    @property
    def total(self) -> int:
        return self.fine + self.nothing + self.refused


class StructureRow(models.Model):
    """A row as it was typed, and what the check says of it."""

    class Verdict(models.TextChoices):
        FINE = "fine", pgettext_lazy("verdict", "Fine")
        REFUSED = "refused", pgettext_lazy("verdict", "Refused")
        NOTHING = "nothing", pgettext_lazy("verdict", "Nothing to do")

    structure = models.ForeignKey(StructureImport, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row = models.PositiveIntegerField(_("row"))
    typed = models.CharField(_("as typed"), max_length=TYPED_LENGTH, blank=True)
    path = models.CharField(_("folder"), max_length=PATH_LENGTH, blank=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    # A code of `importing.reason`, with its arguments.
    reason = models.CharField(max_length=30)
    args = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["structure", "row"], name="structure_row_once")]
        indexes = [models.Index(fields=["structure", "verdict", "row"], name="structure_row_verdict")]

    def __str__(self) -> str:
        return f"{self.structure_id}/{self.row}"
