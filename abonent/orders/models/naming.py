from django.db import models

from abonent.access.models import Seat


class NewNames(models.Model):
    """The new names that somebody has confirmed in the list and not gone on with yet (S15.3).

    `names` has, by the subscriber's id, those of the fields that change. They wait from page to page, and for who was
    logged out in between.
    """

    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, primary_key=True, related_name="new_names")
    names = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.seat_id}: {len(self.names)}"
