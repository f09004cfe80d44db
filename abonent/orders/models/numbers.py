"""Numbering orders."""

from django.db import models
from django.db.models import F

from abonent.clients.models import Client


class OrderNumbers(models.Model):
    """The last order number of each client."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.client_id}: {self.last}"

    @classmethod
    def lock(cls, client_id: int) -> None:
        """Let others of this client wait with placing orders until the caller's transaction ends."""
        cls.objects.get_or_create(client_id=client_id)
        cls.objects.select_for_update().get(client_id=client_id)

    @classmethod
    def next_of(cls, client_id: int) -> int:
        """The next number, inside the caller's transaction (which it makes wait for others of this client)."""
        cls.objects.get_or_create(client_id=client_id)
        cls.objects.filter(client_id=client_id).update(last=F("last") + 1)
        return cls.objects.get(client_id=client_id).last
