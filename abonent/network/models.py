from django.db import models
from django.db.models import Q

from abonent.lib import clock


class NetworkCommand(models.Model):
    """The embedded network's log: what it was told, once for each key, and what came of it."""

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=32)
    # The number to which the line went with this command; empty for the others.
    moved_to = models.CharField(max_length=32, blank=True)
    args = models.JSONField(default=dict)
    done = models.BooleanField()
    reason = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["number"], name="networkcommand_number"),
            models.Index(fields=["moved_to"], condition=~Q(moved_to=""), name="networkcommand_moved"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class ToldCommand(models.Model):
    """What another network was told, written before it is: after a time-out we know what to ask for.

    `done` is empty until the network has answered; `monitor` is under what it works on it meanwhile.
    """

    key = models.CharField(max_length=64, unique=True)
    monitor = models.CharField(max_length=200, blank=True)
    done = models.BooleanField(null=True)
    reason = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.key
