"""Usage of the open month, added up per account: a page reads these rows, never the call records."""

from typing import ClassVar

from django.db import models

from abonent.billing.fields import HundredthsField
from abonent.clients.models import Account


class UsageSoFar(models.Model):
    """What one kind of usage of an account costs up to a preliminary rating; replaced by the next one.

    Sums of lines rounded as an invoice would round them.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    month = models.CharField(max_length=7)
    kind = models.CharField(max_length=40)
    # Plain: a preliminary rating is swept away once there is a newer one.
    version_id = models.BigIntegerField()
    rated_at = models.DateTimeField()
    net = HundredthsField()
    vat = HundredthsField()
    gross = HundredthsField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "month", "kind"], name="usage_so_far_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month} {self.kind}"
