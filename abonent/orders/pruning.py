"""Removing drafts that nobody went on with."""

import datetime as dt

from abonent.files.models import StoredFile
from abonent.jobs.pause import breathe
from abonent.lib import clock
from abonent.orders.models import Order, OrderItem
from abonent.profile import current

CHUNK = 2000


def prune_drafts() -> None:
    """Remove orders never placed, with their verdicts, once older than the profile's days (a scheduled task)."""
    oldest = clock.now() - dt.timedelta(days=current().verdicts_kept_days)
    for order in Order.objects.filter(number__isnull=True, created__lt=oldest).order_by("pk"):
        _prune(order)


def _prune(order: Order) -> None:
    # From here on nobody can place it.
    if not Order.objects.filter(pk=order.pk, number__isnull=True).update(state=Order.State.CANCELLED):
        return
    rows = OrderItem.objects.filter(order=order)
    while keys := list(rows.values_list("pk", flat=True)[:CHUNK]):
        rows.filter(pk__in=keys).delete()
        breathe()
    order.delete()
    if order.file_id is not None and not Order.objects.filter(file_id=order.file_id).exists():
        StoredFile.objects.filter(pk=order.file_id).delete()
