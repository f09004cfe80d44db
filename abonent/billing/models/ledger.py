"""Payments, and the ledger in which all money moves (its signs: `billing/ledger.py`)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.billing.fields import HundredthsField
from abonent.billing.models.closed import OfAccountQuerySet, Unchangeable
from abonent.billing.models.invoices import Invoice
from abonent.clients.models import Account


class Payment(Unchangeable):
    """Money that came; `reference` is unique to it (the bank's), so that a statement read twice books nothing twice."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="payments", verbose_name=_("account"))
    amount = HundredthsField(_("amount"))
    received_at = models.DateTimeField(_("received"))
    value_date = models.DateField(_("value date"))
    source = models.CharField(_("source"), max_length=40)
    reference = models.CharField(_("reference"), max_length=120, unique=True)
    payer = models.CharField(_("payer"), max_length=250, blank=True)

    objects = OfAccountQuerySet["Payment"].as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering: ClassVar = ["-received_at", "-pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive")]
        indexes: ClassVar = [models.Index(fields=["account", "-received_at"], name="payment_of_account")]

    def __str__(self) -> str:
        return self.reference


class LedgerEntry(Unchangeable):
    """One booking. `source` is unique ("invoice:…", "payment:…", "correction:…"), so nothing is booked twice."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("invoice")
        PAYMENT = "payment", _("payment")
        CORRECTION = "correction", _("correction")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries", verbose_name=_("account"))
    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    amount = HundredthsField(_("amount"))
    source = models.CharField(_("source"), max_length=160, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="entry")
    note = models.CharField(_("note"), max_length=250, blank=True)

    objects = OfAccountQuerySet["LedgerEntry"].as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering: ClassVar = ["at", "pk"]
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="entry_of_account_at")]

    def __str__(self) -> str:
        return self.source
