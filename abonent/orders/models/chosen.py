from typing import Self

from django.db import models

from abonent.orders.models.order import Order


class ChosenLines(models.Model):
    """The ids of a current selection as it was when an order was made of it; read once, by the check.

    Beside the order and not in it: a hundred thousand ids are most of a megabyte, and orders are read all the time.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="chosen_lines")
    ids = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.order_id)

    @classmethod
    def keep(cls, order: Order, ids: tuple[int, ...]) -> Self:
        return cls.objects.create(order=order, ids=list(ids))
