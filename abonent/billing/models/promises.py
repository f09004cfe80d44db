"""Payments that a client has registered and the bank has not brought yet (S4, L2): never part of a balance."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.billing.fields import HundredthsField
from abonent.billing.models.closed import OfAccountQuerySet
from abonent.billing.models.ledger import Payment
from abonent.clients.models import Account
from abonent.lib import clock


class PromiseQuerySet(OfAccountQuerySet["PaymentPromise"]):
    def waiting(self, today: dt.date) -> "PromiseQuerySet":
        """Those whose money may still come."""
        return self.filter(payment__isnull=True, expires__gte=today)


class PaymentPromise(models.Model):
    """`number` is that of the payment order, `paid_on` its day; `expires` the last day on which it is waited for.

    `payment` is the money that came and was matched to it.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="promises", verbose_name=_("account"))
    amount = HundredthsField(_("amount"))
    paid_on = models.DateField(_("paid on"))
    number = models.CharField(_("number of the payment order"), max_length=40)
    expires = models.DateField(_("waited for until"))
    created = models.DateTimeField(default=clock.now, editable=False)
    registered_by = models.CharField(max_length=200)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, null=True, related_name="promise")

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("registered payment")
        verbose_name_plural = _("registered payments")
        ordering: ClassVar = ["-created", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number", "paid_on", "amount"], name="promise_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_is_positive"),
        ]

    def __str__(self) -> str:
        return self.number
