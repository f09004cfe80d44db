"""Statements of the operator's bank that were loaded, and what became of each of their entries."""

from typing import ClassVar, Generic, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent.audit.journal import Actor, ActorKind
from abonent.billing.fields import HundredthsField
from abonent.billing.models.ledger import Payment
from abonent.clients.scope import Scope
from abonent.files.models import StoredFile
from abonent.jobs.models import Job
from abonent.lib import clock

M = TypeVar("M", bound=models.Model)


class OperatorsQuerySet(models.QuerySet[M], Generic[M]):
    """Rows that concern the operator alone."""

    def within(self, scope: Scope) -> Self:
        """All for the operator's staff, none for a client's people."""
        return self if scope.client_id is None else self.none()


class BankStatement(Job):
    """A file, once by its content. As a job it books what can be booked; it is done once every entry has its row."""

    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    format = models.CharField(_("format"), max_length=10)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(_("loaded by"), max_length=200)

    objects = OperatorsQuerySet["BankStatement"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")
        ordering: ClassVar = ["-created", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id, self.actor_label)


class BankLine(models.Model):
    """An entry of a statement: `place` counts the entries of the file, `line` its lines, both from 1.

    Money for the operator has a `reference`, unique to it in whichever file it stands (`bank/identity.py`); an entry
    that is not understood has only its `text`, cut. `reason` says why an entry is not booked. `payment` is what it
    became.
    """

    class State(models.TextChoices):
        BOOKED = "booked", pgettext_lazy("bank entry", "booked")
        WAITING = "waiting", pgettext_lazy("bank entry", "waiting for an account")
        RETURNED = "returned", pgettext_lazy("bank entry", "not booked, by decision")
        IGNORED = "ignored", pgettext_lazy("bank entry", "not for booking")
        UNREAD = "unread", pgettext_lazy("bank entry", "not understood")

    class Reason(models.TextChoices):
        DEBIT = "debit", _("money that the operator paid")
        OTHER_ACCOUNT = "other_account", _("for another bank account")
        REVERSAL = "reversal", _("a reversal: see to it by hand")
        PENDING = "pending", _("not final at the bank yet")
        CURRENCY = "currency", _("in another currency")
        NOT_POSITIVE = "not_positive", _("the amount is not above zero")
        KNOWN = "known", _("came in an earlier statement")
        NO_ACCOUNT = "no_account", _("the purpose names no account of ours")
        SEVERAL = "several", _("the purpose names several accounts")
        MAY_BE_KNOWN = "may_be_known", _("may have come in a statement of another format")
        UNKNOWN_TEXT = "unknown_text", _("text that belongs to no document")
        UNFINISHED = "unfinished", _("the document has no end")
        CUT = "cut", _("the file ends before its end: the rest may be missing")
        TWO_VALUES = "two_values", _("the document says two different things")
        AMOUNT = "amount", _("no amount that can be read")
        DATE = "date", _("no day that can be read")
        FUTURE = "future", _("a day in the future")
        DIRECTION = "direction", _("neither credit nor debit")
        PARTS = "parts", _("the parts do not add up to the entry")
        TOO_LONG = "too_long", _("a text that is too long")

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()
    line = models.PositiveIntegerField(_("line of the file"))
    state = models.CharField(_("state"), max_length=8, choices=State)
    reason = models.CharField(_("reason"), max_length=16, choices=Reason, blank=True)
    reference = models.CharField(_("reference"), max_length=120, unique=True, null=True)  # noqa: DJ001  # unique where there is one
    booked = models.DateField(_("day"), null=True)
    amount = HundredthsField(_("amount"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    number = models.CharField(_("number of the payment order"), max_length=40, blank=True)
    payer = models.CharField(_("payer"), max_length=250, blank=True)
    payer_account = models.CharField(_("payer’s bank account"), max_length=40, blank=True)
    payer_tax_id = models.CharField(_("payer’s taxpayer number"), max_length=20, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    text = models.TextField(blank=True)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, related_name="bank_line")
    created = models.DateTimeField(default=clock.now, editable=False)
    handled = models.DateTimeField(null=True)
    handled_by = models.CharField(max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=250, blank=True)

    objects = OperatorsQuerySet["BankLine"].as_manager()

    class Meta:
        verbose_name = _("entry of a bank statement")
        verbose_name_plural = _("entries of bank statements")
        ordering: ClassVar = ["statement", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "place"], name="bank_line_once"),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(payment__isnull=False), name="bank_line_booked_has_payment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-booked", "id"], condition=Q(state="waiting"), name="bank_line_waiting"),
            models.Index(fields=["booked", "amount"], name="bank_line_by_sum"),
            models.Index(fields=["payer_account"], condition=~Q(payer_account=""), name="bank_line_of_payer"),
        ]

    def __str__(self) -> str:
        return self.reference or f"{self.statement_id}/{self.place}"
