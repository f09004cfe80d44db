"""The current selection: the numbers that the next action of a seat is about (V2)."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.hierarchy.structure import StructureImport, StructureRow
from abonent.lib import clock
from abonent.subscribers.models import Subscriber

__all__ = ["SelectedLine", "Selection", "StructureImport", "StructureRow"]


class SelectionQuerySet(models.QuerySet["Selection"]):
    def within(self, seat: Seat) -> Self:
        """The selections of this very seat: nobody sees another's."""
        return self.filter(seat=seat)

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self


class Selection(models.Model):
    """A set of subscribers that a seat holds: the current one has no name, the others were saved under theirs."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="selections")
    name = models.CharField(_("name"), max_length=80, blank=True)
    changed = models.DateTimeField(default=clock.now, editable=False)
    lines = models.ManyToManyField(Subscriber, through="SelectedLine", related_name="+")

    objects = SelectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("selection")
        verbose_name_plural = _("selections")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["seat", "name"], name="selection_name_once_a_seat")]

    def __str__(self) -> str:
        return self.name


class SelectedLine(models.Model):
    """One subscriber of a selection. What the seat may no longer see stays here and is shown to nobody."""

    selection = models.ForeignKey(Selection, on_delete=models.CASCADE, related_name="selected")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["selection", "subscriber"], name="selected_line_once")]

    def __str__(self) -> str:
        return str(self.subscriber_id)
