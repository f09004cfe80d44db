from django.db import models

from abonent.jobs.models import Job
from abonent.orders.models.order import Order


class OrderCheck(Job):
    """The job that gives every row of an order its verdict; its progress is what the person sees meanwhile."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="check_job")

    class Meta(Job.Meta):
        pass

    def __str__(self) -> str:
        return f"check of {self.order_id}"
