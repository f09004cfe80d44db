"""«Переадресация вызовов»: where calls to a line go when nobody takes them there (S12)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from abonent.subscribers.models.holdings import Holding, HoldingQuerySet
from abonent.subscribers.models.subscriber import Subscriber

SECONDS_GIVEN = Q(kind="no_answer", seconds__isnull=False) | (~Q(kind="no_answer") & Q(seconds__isnull=True))


class Forwarding(Holding):
    """Calls of one kind go to `target` (digits, with the country code); `seconds` says after how long nobody answered.

    It belongs to the line, not to its number: it goes along when the number is changed, sleeps while the line is
    blocked, and ends with the line.
    """

    class Kind(models.TextChoices):
        # Translators: «Безусловная переадресация»
        UNCONDITIONAL = "unconditional", _("All calls")
        # Translators: «Переадресация по занятости»
        BUSY = "busy", _("When busy")
        # Translators: «Переадресация при неответе»
        NO_ANSWER = "no_answer", _("When nobody answers")
        # Translators: «Переадресация при недоступности»
        UNREACHABLE = "unreachable", _("When out of reach")

    kind = models.CharField(_("kind"), max_length=13, choices=Kind.choices)
    target = models.CharField(_("forwarded to"), max_length=15)
    seconds = models.PositiveSmallIntegerField(_("after seconds"), null=True, blank=True)

    objects = HoldingQuerySet["Forwarding"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "forwardings"
        constraints = [
            models.UniqueConstraint(
                fields=["subscriber", "kind"], condition=Q(end__isnull=True), name="forwarding_one_in_force"
            ),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gt=F("start")), name="forwarding_half_open"),
            models.CheckConstraint(condition=SECONDS_GIVEN, name="forwarding_seconds"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.target}"


class ForwardingWish(models.Model):
    """What an order is about to set on a line: written before the network is told, gone with the row's end.

    So two orders at one moment know of each other, and do not close a circle together.
    """

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="forwarding_wishes")
    kind = models.CharField(max_length=13, choices=Forwarding.Kind.choices)
    target = models.CharField(max_length=15)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscriber", "kind"], name="forwarding_wish_once")]

    def __str__(self) -> str:
        return f"{self.kind} → {self.target}"
