"""What was ordered: a document of one account, its file once made, and the letters that take it there."""

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.clients.addresses import addresses_in
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
    DELAYED = "delayed"
    RETURNED = "returned"
    REFUSED = "refused"
    TO_COLLECT = "to_collect"
    COLLECTED = "collected"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    def within(self, seat: Seat) -> Self:
        """The requests for the accounts that a seat may see, of the kinds to which it has the right.

        Of a narrow seat its own alone; without the right to see whom people call, none that tells it, whoever ordered.
        The operator's staff see what clients come for in person.
        """
        if seat.is_operators:
            return self.filter(by="hand") if seat.has(Right.OPERATOR_SUPPORT) else self.none()
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
    """One document, ordered once. It is done when the file is kept and its letters (if any) stand in the outbox."""

    class By(models.TextChoices):
        EMAIL = "email", _("By e-mail")
        LINK = "link", _("By link")
        # Translators: «на руки»
        HAND = "hand", _("Collected in person")

    kind = models.CharField(_("document"), max_length=32)
    params = models.JSONField(default=dict)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"))
    client_id = models.BigIntegerField()
    format = models.CharField(_("format"), max_length=8)
    language = models.CharField(_("language"), max_length=7)
    by = models.CharField(_("delivery"), max_length=5, choices=By)
    # One address, or several in the way of `clients.addresses`.
    email = models.CharField(_("e-mail addresses"), max_length=1000, blank=True)
    # They are not the account's own: whoever ordered gave another one, proven by a code.
    elsewhere = models.BooleanField(default=False)
    # Who ordered, as plain ids with a label: the request outlives the seat. Empty for what the system sends itself.
    seat_id = models.BigIntegerField(null=True, blank=True)
    person_id = models.BigIntegerField(null=True, blank=True)
    ordered_by = models.CharField(_("ordered by"), max_length=200, blank=True)
    # The issued invoice that this delivers by itself, once; empty for what a person ordered.
    regular_invoice_id = models.BigIntegerField(null=True, blank=True, unique=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # It was to go by mail, and was too large for it.
    too_large = models.BooleanField(default=False)
    expires = models.DateTimeField(_("can be downloaded until"), null=True, blank=True)
    # Who took it from the operator's staff, when, and who of them gave it out; once.
    collected_at = models.DateTimeField(_("collected"), null=True, blank=True)
    collected_by = models.CharField(_("taken by"), max_length=200, blank=True)
    handed_over_by = models.CharField(_("given out by"), max_length=200, blank=True)

    objects = DocumentRequestQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("document request")
        verbose_name_plural = _("document requests")
        indexes: ClassVar[list[models.Index]] = [
            *Job.Meta.indexes,
            models.Index(fields=["account", "-created"], name="document_of_account"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(by="email") | ~Q(email=""), name="document_mailed_somewhere"),
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
    def addresses(self) -> tuple[str, ...]:
        return addresses_in(self.email)

    @property
    def letters(self) -> list[Letter]:
        """The last letter to each address, in the order of sending; of a list, prefetch `mailings__letter`."""
        return list({mailing.letter.to: mailing.letter for mailing in self.mailings.all()}.values())

    @property
    def stage(self) -> Stage:
        """Where the request stands now: its own state, then its letters', then its link's."""
        if self.state != State.DONE:
            return _OPEN_STAGES[State(self.state)]
        if self.by == self.By.HAND:
            return Stage.COLLECTED if self.collected_at else Stage.TO_COLLECT
        letters = self.letters
        sending = _stage_of(letters) if letters else Stage.SENT
        if letters and not (self.too_large and sending == Stage.SENT):
            return sending
        # What the letter brings is a link, or there is none: the file waits on the page.
        return Stage.EXPIRED if self.is_expired() else Stage.READY

    @property
    def reason(self) -> str:
        """Why it failed, waits for another try or came back, in words that a person may read."""
        if self.state != State.DONE:
            return self.error
        letters = self.letters
        said = [(letter.to, said) for letter in letters if (said := answer_to(letter))]
        return "; ".join(f"{to}: {answer}" if len(letters) > 1 else answer for to, answer in said)

    def is_expired(self, now: dt.datetime | None = None) -> bool:
        return self.expires is not None and (now or clock.now()) >= self.expires


class Mailing(models.Model):
    """A letter that takes the document of a request to one address; a later one to the same address takes its place."""

    request = models.ForeignKey(DocumentRequest, on_delete=models.PROTECT, related_name="mailings")
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]

    def __str__(self) -> str:
        return str(self.letter)


def stage_of(letter: Letter) -> Stage:
    """Where a letter stands: with us, with the mail server that took it, or come back."""
    if letter.returned:
        return Stage.RETURNED
    if letter.state == State.DONE:
        return Stage.DELAYED if letter.delayed else Stage.SENT
    return Stage.SENDING if letter.is_open else Stage.REFUSED


def answer_to(letter: Letter) -> str:
    """What mail servers said to it, or why it waits."""
    return letter.returned or letter.refused or letter.delayed or letter.error


# Of several letters the one that most needs a person's eye.
_WORST = (Stage.REFUSED, Stage.RETURNED, Stage.SENDING, Stage.DELAYED, Stage.SENT)


def _stage_of(letters: Sequence[Letter]) -> Stage:
    return min((stage_of(letter) for letter in letters), key=_WORST.index)


_OPEN_STAGES = {
    State.WAITING: Stage.WAITING,
    State.RUNNING: Stage.MAKING,
    State.DEAD: Stage.FAILED,
    State.CANCELLED: Stage.CANCELLED,
}
