"""What is kept of a seat's choice of columns. Apart from `models`, which needs the kinds, which need the columns."""

from django.db import models

from abonent.access.models import Seat


class SubscriberColumns(models.Model):
    """Which columns a seat has chosen for its list of subscribers, by key (`subscriber_columns`); it stays so."""

    seat = models.OneToOneField(Seat, on_delete=models.CASCADE, primary_key=True, related_name="subscriber_columns")
    columns = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.seat_id}: {', '.join(self.columns)}"
