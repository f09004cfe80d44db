"""A row of an order: one number as it was typed, what was found of it, and what became of it."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.jobs.models import Job
from abonent.orders.models.order import Order
from abonent.orders.verdicts import Result, Verdict
from abonent.subscribers.models import Subscriber

TYPED_LENGTH = 64


class OrderItem(Job):
    """As a job it waits from the check on, and is taken up only while its order runs."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="items", db_index=False)
    row = models.PositiveIntegerField(_("row"))
    typed = models.CharField(_("as typed"), max_length=TYPED_LENGTH, blank=True)
    number = models.CharField(_("number"), max_length=32, blank=True)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, null=True, related_name="order_items")
    # What the row asks for beside its number: the action knows what it means.
    data = models.JSONField(default=dict)
    # What it changes in the number's cost, net of VAT: each month, and once.
    monthly = models.DecimalField(max_digits=12, decimal_places=4, default=Decimal(0))
    once = models.DecimalField(max_digits=12, decimal_places=4, default=Decimal(0))
    # The network was told: from then on its end is what the network says, not a check or a cancellation that comes.
    told = models.BooleanField(default=False, editable=False)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    # A remark on a row that is fine, e.g. that its number was tidied up.
    note = models.CharField(max_length=20, blank=True)
    # Empty until the row has come to its end.
    result = models.CharField(max_length=9, choices=Result.choices, blank=True)
    # Why it is not fine, or not done: a code with arguments, said in the reader's language by `reasons`.
    reason = models.CharField(max_length=30, blank=True)
    args = models.JSONField(default=dict)

    class Meta(Job.Meta):
        verbose_name = _("row of an order")
        verbose_name_plural = _("rows of orders")
        constraints = [
            models.UniqueConstraint(fields=["order", "row"], name="order_row_once"),
            # An end is an end: whoever has one is not a job any more.
            models.CheckConstraint(condition=Q(result="") | Q(next_try__isnull=True), name="order_row_ended"),
        ]
        indexes = [
            models.Index(fields=["order", "next_try"], condition=Q(next_try__isnull=False), name="orderitem_due"),
            models.Index(fields=["order", "verdict", "row"], name="orderitem_verdict"),
            models.Index(
                fields=["finished"],
                condition=Q(told=True, result="failed", reason__in=["kept_failing", "stopped"]),
                name="orderitem_doubtful",
            ),
            models.Index(fields=["subscriber"], condition=Q(lease__isnull=False), name="orderitem_busy"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.row}"

    @property
    def source(self) -> str:
        """By what a change was made: the idempotency key towards the network and the records."""
        return f"order-item-{self.pk}"
