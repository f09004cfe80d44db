from django.db import models

from abonent.lib import clock


class NetworkCommand(models.Model):
    """The embedded network's log: what it was told, once for each key, and what came of it."""

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=32)
    args = models.JSONField(default=dict)
    done = models.BooleanField()
    reason = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
