from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from abonent.clients.models import Client
from abonent.clients.scope import Scope
from abonent.subscribers.models.holdings import SimHolding
from abonent.subscribers.models.subscriber import Subscriber


class SimCardQuerySet(models.QuerySet["SimCard"]):
    def within(self, scope: Scope) -> Self:
        """The SIMs of the scope's client: they lie in its drawer, whoever's line gets one."""
        return self.filter(client_id=scope.client_id)

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self

    def with_holder(self) -> Self:
        """Each with `holder`, the number of the line that has it or had it last, None for one that was never held."""
        held = SimHolding.objects.filter(iccid=OuterRef("iccid")).order_by("-start")
        return self.annotate(holder=Subquery(held.values("subscriber__number")[:1]))

    def unused(self) -> Self:
        """Those that no line has or ever had: a SIM that was replaced is used up."""
        return self.filter(~Exists(SimHolding.objects.filter(iccid=OuterRef("iccid"))))

    def free(self) -> Self:
        """Those that a line may still get: unused, and no order has taken it."""
        return self.unused().filter(line=None)


class SimCard(models.Model):
    """A SIM that the operator gave to a client.

    Its state is derived: free (no `line`, never held), taken by an order (`line`, never held), in use (a `SimHolding`
    in force), used up (one that has ended: a SIM serves once, so it is never free again).
    """

    iccid = models.CharField("ICCID", max_length=22, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="sims", verbose_name=_("client"))
    # For which line it is, or was: two orders for one SIM fight over this, and one wins.
    line = models.ForeignKey(Subscriber, on_delete=models.PROTECT, null=True, editable=False, related_name="sims")

    objects = SimCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("SIM card")
        verbose_name_plural = _("SIM cards")
        ordering = ["iccid"]

    def __str__(self) -> str:
        return self.iccid

    def is_free(self) -> bool:
        return self.line_id is None and not SimHolding.objects.filter(iccid=self.iccid).exists()
