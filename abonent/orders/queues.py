"""The queues of orders, for the worker."""

from django.db.models import Q

from abonent.jobs.queue import Lane, Queue, one
from abonent.orders.checking import check
from abonent.orders.executing import BATCH, execute
from abonent.orders.models import Order, OrderCheck, OrderItem

# A person waits for it at the screen, so it stands behind no document.
CHECKS: Queue[OrderCheck] = Queue(name="orders.checks", model=OrderCheck, work=one(check), lane=Lane.CHECK)

# Rows wait from their check on; they are due once their order runs. Orders take turns, batch by batch.
ITEMS: Queue[OrderItem] = Queue(
    name="orders.items",
    model=OrderItem,
    work=execute,
    batch=BATCH,
    group="order_id",
    only=Q(order_id__in=Order.objects.filter(state__in=sorted(Order.RUNNING)).values("pk")),
    # An end of its own is given by `execute`, so that every row is accounted for.
    max_attempts=32_000,
)
