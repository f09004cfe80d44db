"""Files taken in, the manifest of Parquet parts, billing months and their rating versions."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.lib import clock, periods
from abonent.usage.layout import CUT, Reason


class UsageMonth(models.Model):
    """A billing month in the profile's zone. Closed: its record parts are fixed; later records are late ones."""

    month = models.CharField(_("month"), max_length=7, unique=True)
    closed = models.DateTimeField(_("closed"), null=True, blank=True)
    version = models.ForeignKey(
        "RatingVersion", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("rating")
    )

    class Meta:
        verbose_name = _("usage month")
        verbose_name_plural = _("usage months")
        ordering: ClassVar[list[str]] = ["month"]

    def __str__(self) -> str:
        return self.month

    @property
    def period(self) -> periods.Month:
        return periods.Month.parse(self.month)


class RatingVersion(models.Model):
    """One rating of a month, never changed. The final one is made after closing; invoices pin it.

    `parts` are the ids of the record parts that were rated; `unrated` counts records with a problem.
    """

    month = models.ForeignKey(UsageMonth, on_delete=models.PROTECT, related_name="versions", verbose_name=_("month"))
    preliminary = models.BooleanField(_("preliminary"))
    created = models.DateTimeField(_("created"), default=clock.now)
    superseded = models.DateTimeField(_("superseded"), null=True, blank=True)
    parts = models.JSONField(default=list)
    records = models.PositiveBigIntegerField(_("records"))
    unrated = models.PositiveBigIntegerField(_("without a price"))
    amount_micros = models.BigIntegerField(_("amount in millionths"))

    class Meta:
        verbose_name = _("rating version")
        verbose_name_plural = _("rating versions")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["month"], condition=Q(preliminary=False), name="usage_month_has_one_final_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} #{self.pk}"


class UsageFileQuerySet(models.QuerySet["UsageFile"]):
    def loaded(self) -> Self:
        return self.filter(loaded__isnull=False)


class UsageFile(models.Model):
    """A call record file. `loaded` is empty while it is being read (or if that was interrupted)."""

    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("bytes"))
    started = models.DateTimeField(_("started"), default=clock.now)
    loaded = models.DateTimeField(_("loaded"), null=True, blank=True)
    records = models.PositiveBigIntegerField(_("records"), default=0)
    late = models.PositiveBigIntegerField(_("late records"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected lines"), default=0)

    objects = UsageFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("call record file")
        verbose_name_plural = _("call record files")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(loaded__isnull=False), name="usage_file_is_loaded_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RejectedLine(models.Model):
    """A line that is no record: its number in the file (the header is 1), the reason, its beginning."""

    file = models.ForeignKey(UsageFile, on_delete=models.CASCADE, related_name="rejected_lines", verbose_name=_("file"))
    line_number = models.PositiveBigIntegerField(_("line"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    text = models.CharField(_("text"), max_length=CUT)

    class Meta:
        verbose_name = _("rejected line")
        verbose_name_plural = _("rejected lines")
        ordering: ClassVar[list[str]] = ["file", "line_number"]

    def __str__(self) -> str:
        return f"{self.line_number}: {self.get_reason_display()}"


class StoredPart(models.Model):
    """A Parquet file that counts. Files are never changed; this manifest makes them visible.

    `bucket` is the subscriber's id modulo `store.BUCKETS`. `first` and `last` are the bounds of the records' own
    times (epoch seconds), which lie before the month where a record came late.
    """

    class Kind(models.TextChoices):
        RECORDS = "records", _("records")
        RATED = "rated", _("rated records")

    month = models.ForeignKey(UsageMonth, on_delete=models.PROTECT, related_name="parts")
    bucket = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.ForeignKey(UsageFile, on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    version = models.ForeignKey(
        RatingVersion, on_delete=models.CASCADE, null=True, blank=True, related_name="rated_parts"
    )
    path = models.CharField(max_length=200, unique=True)
    rows = models.PositiveBigIntegerField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("stored part")
        verbose_name_plural = _("stored parts")
        ordering: ClassVar[list[str]] = ["month", "kind", "bucket", "pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["month", "kind", "bucket"], name="usage_parts")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind="records", version__isnull=True, file__isnull=False)
                | Q(kind="rated", version__isnull=False, file__isnull=True),
                name="usage_part_of_file_or_version",
            ),
        ]

    def __str__(self) -> str:
        return self.path


class LastUse(models.Model):
    """The latest record of a subscriber, of any kind: when it began (epoch seconds). `last_use.py` keeps it."""

    # No reference: the intake writes a hundred thousand at a time. On SQLite such a field is the row's own key, which
    # halves what a list of a hundred thousand takes.
    subscriber_id = models.BigAutoField(primary_key=True)
    at = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.at}"
