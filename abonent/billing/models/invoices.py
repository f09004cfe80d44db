"""Invoices. The breakdown is written first, in small pieces; the invoice row makes it visible, and closes it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.billing.fields import HundredthsField
from abonent.billing.models.closed import OfAccountQuerySet, Unchangeable
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.usage.models import RatingVersion


class Breakdown(Unchangeable):
    """What an invoice consists of. Without one nobody sees it: it is being written, or was left by a killed run."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    created = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.account_id} {self.month}"


class Invoice(Unchangeable):
    """The monthly bill of an account: a snapshot, closed once formed. Amounts in `currency`; gross = net + VAT.

    `snapshot` is documented in `billing/snapshot.py`: operator, client, contract, account, delivery in force when
    formed, and the names (by language) of tariffs, option sets and services as they were.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="invoices", verbose_name=_("account"))
    month = models.CharField(_("month"), max_length=7)
    number = models.CharField(_("number"), max_length=40, unique=True)
    issued_at = models.DateTimeField(_("issued"))
    due_date = models.DateField(_("due date"))
    period_start = models.DateTimeField(_("period from"))
    period_end = models.DateTimeField(_("period until"))
    breakdown = models.OneToOneField(Breakdown, on_delete=models.PROTECT, related_name="invoice")
    rating_version = models.ForeignKey(RatingVersion, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    net = HundredthsField(_("without VAT"))
    vat = HundredthsField(_("VAT"))
    gross = HundredthsField(_("total"))
    snapshot = models.JSONField()

    objects = OfAccountQuerySet["Invoice"].as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering: ClassVar = ["-month", "account"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "month"], name="invoice_one_per_account_and_month")
        ]
        indexes: ClassVar = [models.Index(fields=["issued_at"], name="invoice_issued_at")]

    def __str__(self) -> str:
        return self.number

    @property
    def period(self) -> Month:
        return Month.parse(self.month)

    @property
    def lines(self) -> "models.QuerySet[InvoiceLine]":
        """In the order of printing: by subscriber's number, fees first."""
        return InvoiceLine.objects.filter(breakdown_id=self.breakdown_id).order_by("pk")

    @property
    def subscribers(self) -> "models.QuerySet[InvoiceSubscriber]":
        """One row per subscriber with its totals, by number."""
        return InvoiceSubscriber.objects.filter(breakdown_id=self.breakdown_id).order_by("pk")


class InvoiceSubscriber(Unchangeable):
    """A subscriber on an invoice, with the sums of its lines. Plain ids: an invoice outlives what it tells of.

    `number` is the one of the month (several, oldest first, joined by ", "); `name` and `tariff` (its code) are the
    last of the month (L11).
    """

    breakdown = models.ForeignKey(Breakdown, on_delete=models.PROTECT, db_index=False, related_name="subscribers")
    subscriber_id = models.BigIntegerField()
    number = models.CharField(_("number"), max_length=200)
    name = models.CharField(_("name"), max_length=250, blank=True)
    tariff = models.CharField(_("tariff"), max_length=40, blank=True)
    net = HundredthsField(_("without VAT"))
    vat = HundredthsField(_("VAT"))
    gross = HundredthsField(_("total"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["breakdown", "subscriber_id"], name="subscriber_once_on_invoice")
        ]
        # Who costs more than so much: of a hundred thousand, the few that are asked for are read.
        indexes: ClassVar = [
            models.Index(fields=["breakdown", "gross", "subscriber_id"], name="invoice_subscriber_by_cost")
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(Unchangeable):
    """A charge: one kind (`kinds.py`) of one subscriber over one period, rounded once.

    `subject` names what is charged: "tariff:<code>", "option_set:<code>", "service:<code>", or nothing.
    `records`, `billed`, `free` count call records and units (seconds, messages, bytes; `free`: paid by the package);
    0 for fees. `late_month` is the month ("2026-09") of records that came after its invoice, else empty.
    """

    breakdown = models.ForeignKey(Breakdown, on_delete=models.PROTECT, db_index=False, related_name="lines")
    subscriber_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(max_length=60, blank=True)
    late_month = models.CharField(max_length=7, blank=True)
    period_start = models.DateTimeField(_("from"))
    period_end = models.DateTimeField(_("until"))
    records = models.BigIntegerField(_("records"), default=0)
    billed = models.BigIntegerField(_("billed units"), default=0)
    free = models.BigIntegerField(_("units paid by the package"), default=0)
    net = HundredthsField(_("without VAT"))
    vat_rate = HundredthsField(_("VAT, %"))
    vat = HundredthsField(_("VAT"))
    gross = HundredthsField(_("total"))

    class Meta:
        indexes: ClassVar = [models.Index(fields=["breakdown", "subscriber_id"], name="invoice_line_of")]

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.kind}"
