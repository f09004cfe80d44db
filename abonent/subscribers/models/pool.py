"""The operator's numbers that are not given out for good, and who is choosing among them (S13).

What a number is at a moment is derived from two columns, so that nothing has to sweep: a reservation that ran out and a
rest that is over are simply free again.

| `free_from`    | `wanted_by` | the number is                                      |
|----------------|-------------|----------------------------------------------------|
| in the past    | anything    | free                                               |
| in the future  | a line      | reserved for that line until then                  |
| in the future  | nobody      | resting until then                                 |
| none           | a line      | ordered: kept for that line until the order ends   |
| none           | nobody      | held by a subscriber                               |
"""

import datetime as dt
import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent.access.models import Seat
from abonent.catalog.models import NumberCategory
from abonent.lib import clock
from abonent.subscribers.models.subscriber import Subscriber

DRAWS = 2**31


def draw() -> int:
    """Where a number lies in the drum."""
    return secrets.randbelow(DRAWS)


class PoolQuerySet(models.QuerySet["PoolNumber"]):
    def free(self, moment: dt.datetime) -> Self:
        return self.filter(free_from__lte=moment)

    def reserved_for(self, line_id: int, moment: dt.datetime) -> Self:
        """What this line was offered and nobody else may take yet; not what it has ordered."""
        return self.filter(wanted_by_id=line_id, free_from__gt=moment)

    def obtainable(self, line_id: int, moment: dt.datetime) -> Self:
        """What this line could get: free, reserved for it, or ordered for it."""
        return self.filter(Q(free_from__lte=moment) | Q(wanted_by_id=line_id))


class PoolNumber(models.Model):
    class State(models.TextChoices):
        FREE = "free", pgettext_lazy("number", "free")
        RESERVED = "reserved", pgettext_lazy("number", "reserved")
        ORDERED = "ordered", pgettext_lazy("number", "ordered")
        HELD = "held", pgettext_lazy("number", "in use")
        RESTING = "resting", pgettext_lazy("number", "resting")

    number = models.CharField(_("number"), max_length=32, unique=True)
    category = models.ForeignKey(
        NumberCategory, on_delete=models.PROTECT, related_name="numbers", verbose_name=_("category")
    )
    free_from = models.DateTimeField(_("free from"), default=clock.now, null=True, editable=False)
    wanted_by = models.ForeignKey(Subscriber, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    draw = models.PositiveIntegerField(default=draw, editable=False)

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("number of the pool")
        verbose_name_plural = _("number pool")
        ordering = ["number"]
        indexes = [
            # An offer is read off this: from a point of the drum on, whatever is free there.
            models.Index(
                fields=["category", "draw", "free_from"], condition=Q(free_from__isnull=False), name="pool_drum"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def state_at(self, moment: dt.datetime) -> State:
        if self.free_from is None:
            return self.State.HELD if self.wanted_by_id is None else self.State.ORDERED
        if self.free_from <= moment:
            return self.State.FREE
        return self.State.RESTING if self.wanted_by_id is None else self.State.RESERVED


class NumberSearch(models.Model):
    """Choosing another number for a line: how many offers were asked for, since when, and by whom at present."""

    line = models.OneToOneField(Subscriber, on_delete=models.CASCADE, related_name="number_search")
    tries = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField(default=clock.now)
    # Whose offer is open; nobody's once a number was chosen.
    seat = models.ForeignKey(Seat, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.line_id}: {self.tries}"
