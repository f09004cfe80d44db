"""What somebody asked to be told of, what they were told, and which facts were looked at."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.lib import clock
from abonent.notices.kinds import Kind, offered
from abonent.orders.models import Order


class Choice(models.Model):
    """How a seat wants to be told of one kind; where there is no row, the rule's defaults hold."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    on_page = models.BooleanField(_("on the page"))
    by_mail = models.BooleanField(_("by letter"))
    by_sms = models.BooleanField(_("by SMS"))
    # Those of the rule, by key; decimals as text.
    figures = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [models.UniqueConstraint(fields=["seat", "kind"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.kind}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def within(self, seat: Seat) -> Self:
        """What this seat was told, of kinds that it still has the right to; the newest first."""
        return self.filter(seat=seat, kind__in=offered(seat)).defer("lines").order_by("-at", "-pk")

    def shown(self) -> Self:
        """What was to be told on the page, not by letter or message alone."""
        return self.filter(on_page=True)

    def unread(self) -> Self:
        """Not opened yet; what waited for an approval is settled by whoever gave it."""
        waits = Order.objects.as_system().awaiting().filter(pk=OuterRef("about"))
        return self.filter(Q(read=None) & (~Q(kind=Kind.APPROVAL_WAITING) | Exists(waits)))


class Notice(models.Model):
    """That a seat was told of something. Its words are made when it is read, of `kind` and `args`."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="notices", db_index=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    # What was told, once: of a seat no two notices have the same.
    key = models.CharField(max_length=120)
    # The id of what it is about: an order, an invoice, an appeal, a number; by the kind. 0 is none in particular.
    about = models.BigIntegerField(default=0)
    at = models.DateTimeField(_("at"))
    made = models.DateTimeField(default=clock.now, editable=False)
    args = models.JSONField(default=dict)
    # The ids of all numbers that it tells of: each is told of once a month.
    lines = models.JSONField(default=list)
    on_page = models.BooleanField()
    read = models.DateTimeField(_("read"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["seat", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["seat", "-at"], condition=Q(on_page=True), name="notice_of_seat"),
            models.Index(fields=["seat"], condition=Q(on_page=True, read=None), name="notice_unread"),
            models.Index(fields=["made"], name="notice_made"),
        ]

    def __str__(self) -> str:
        return self.key


class Seen(models.Model):
    """That everybody concerned was told of a fact (an invoice, an order, a message): nobody looks at it again."""

    kind = models.CharField(max_length=20, choices=Kind)
    about = models.BigIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "about"], name="notice_seen_once")]
        indexes = [models.Index(fields=["at"], name="notice_seen_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"
