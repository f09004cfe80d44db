"""What was ordered: a document of one account, its file once made, and the letter that takes it there."""

import datetime as dt
from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.clients.models import Account
from abonent.documents.kinds import KINDS
from abonent.files.models import StoredFile
from abonent.jobs.models import Job, State
from abonent.lib import clock
from abonent.outbox.models import Letter


class Stage(StrEnum):
    """How far a request is, as a person sees it."""

    WAITING = "waiting"
    MAKING = "making"
    READY = "ready"
    EXPIRED = "expired"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    def within(self, seat: Seat) -> Self:
        """The requests for the accounts that a seat may see, of the kinds to which it has the right.

        Of a narrow seat its own alone; without the right to see whom people call, none that tells it, whoever ordered.
        """
        kinds = [kind.key for kind in KINDS.values() if seat.has(kind.right)]
        found = self.filter(kind__in=kinds)
        if not seat.has(Right.SEE_PEERS):
            telling = [kind.key for kind in KINDS.values() if kind.masks]
            found = found.filter(~Q(kind__in=telling) | Q(params__masked=True))
        if seat.is_narrow:
            return found.filter(seat_id=seat.pk, account_id__in=Account.objects.reached_by(seat).values("pk"))
        return found.filter(account_id__in=Account.objects.within(seat).values("pk"))

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self


class DocumentRequest(Job):
    """One document, ordered once. It is done when the file is kept and its letter (if any) stands in the outbox."""

    class By(models.TextChoices):
        EMAIL = "email", _("By e-mail")
        LINK = "link", _("By link")

    kind = models.CharField(_("document"), max_length=32)
    params = models.JSONField(default=dict)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"))
    client_id = models.BigIntegerField()
    format = models.CharField(_("format"), max_length=8)
    language = models.CharField(_("language"), max_length=7)
    by = models.CharField(_("delivery"), max_length=5, choices=By)
    email = models.CharField(_("e-mail address"), max_length=254, blank=True)
    # Who ordered, as plain ids with a label: the request outlives the seat. Empty for what the system sends itself.
    seat_id = models.BigIntegerField(null=True, blank=True)
    person_id = models.BigIntegerField(null=True, blank=True)
    ordered_by = models.CharField(_("ordered by"), max_length=200, blank=True)
    # The issued invoice that this delivers by itself, once; empty for what a person ordered.
    regular_invoice_id = models.BigIntegerField(null=True, blank=True, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # It was to go by mail, and was too large for it.
    too_large = models.BooleanField(default=False)
    expires = models.DateTimeField(_("can be downloaded until"), null=True, blank=True)

    objects = DocumentRequestQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("document request")
        verbose_name_plural = _("document requests")
        indexes: ClassVar[list[models.Index]] = [
            *Job.Meta.indexes,
            models.Index(fields=["account", "-created"], name="document_of_account"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(by="link") | ~Q(email=""), name="document_mailed_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def label(self) -> str:
        """The kind, in the reader's language."""
        return str(KINDS[self.kind].label)

    @property
    def description(self) -> str:
        """What exactly was ordered, in the reader's language."""
        return KINDS[self.kind].describe(self)

    @property
    def stage(self) -> Stage:
        """Where the request stands now: its own state, then its letter's, then its link's."""
        if self.state != State.DONE:
            return _OPEN_STAGES[State(self.state)]
        if self.letter is None or self.too_large:
            return Stage.EXPIRED if self.is_expired() else Stage.READY
        if self.letter.state == State.DONE:
            return Stage.SENT
        return Stage.SENDING if self.letter.is_open else Stage.REFUSED

    @property
    def reason(self) -> str:
        """Why it failed or waits for another try, in words that a person may read."""
        if self.state != State.DONE:
            return self.error
        return "" if self.letter is None else self.letter.refused or self.letter.error

    def is_expired(self, now: dt.datetime | None = None) -> bool:
        return self.expires is not None and (now or clock.now()) >= self.expires


_OPEN_STAGES = {
    State.WAITING: Stage.WAITING,
    State.RUNNING: Stage.MAKING,
    State.DEAD: Stage.FAILED,
    State.CANCELLED: Stage.CANCELLED,
}
