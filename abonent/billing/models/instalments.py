"""Equipment that a subscriber pays for in parts, one with each invoice (L8)."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from abonent.billing.fields import HundredthsField
from abonent.billing.models.closed import OfAccountQuerySet
from abonent.billing.parts import InstalmentPart, parts_of
from abonent.catalog.models import InstalmentOffer
from abonent.clients.models import Account
from abonent.clients.scope import Scope
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber


class InstalmentQuerySet(OfAccountQuerySet["InstalmentPlan"]):
    def within(self, scope: Scope) -> Self:
        """Those of the accounts that a seat may see as such; all for the operator's staff."""
        return self if scope.client_id is None else super().within(scope)

    def due_in(self, month: Month) -> "InstalmentQuerySet":
        """Those with a payment in the invoice of `month`."""
        return self.filter(first_month__lte=str(month), last_month__gte=str(month))


class InstalmentPlan(models.Model):
    """What was agreed on is kept as it was: `price` with VAT at `vat_rate`, in `months` payments from `first_month`.

    `last_month` ("2027-10") is that of the last payment; it comes earlier where the rest is paid at once. The account
    owes the payments, whatever becomes of the subscriber.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="instalments", verbose_name=_("account")
    )
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.PROTECT, related_name="instalments", verbose_name=_("subscriber")
    )
    offer = models.ForeignKey(InstalmentOffer, on_delete=models.PROTECT, related_name="+", verbose_name=_("what"))
    price = HundredthsField(_("price with VAT"))
    vat_rate = HundredthsField(_("VAT, %"))
    months = models.PositiveSmallIntegerField(_("monthly payments"))
    first_month = models.CharField(_("first month"), max_length=7)
    last_month = models.CharField(_("last month"), max_length=7)
    # The same for a form that is sent twice.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    made = models.DateTimeField(_("made"), default=clock.now, editable=False)
    made_by = models.CharField(max_length=200)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("instalment plan")
        verbose_name_plural = _("instalment plans")
        ordering: ClassVar = ["-made", "-pk"]
        constraints: ClassVar = [
            # Hundredths in the table: no payment is nothing.
            models.CheckConstraint(
                condition=Q(months__gte=1, price__gte=F("months"), last_month__gte=F("first_month")),
                name="instalment_in_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer} {self.subscriber}"

    @property
    def scheduled_last(self) -> str:
        """The month in which it would end by itself."""
        return str(Month.parse(self.first_month).plus(self.months - 1))

    @property
    def is_early(self) -> bool:
        """Whether the rest is paid before its time."""
        return self.last_month < self.scheduled_last

    def parts(self) -> list[InstalmentPart]:
        """The payments, one a month; they add up to the price."""
        first, last = Month.parse(self.first_month), Month.parse(self.last_month)
        return parts_of(self.price, self.vat_rate, self.months, first, last)
