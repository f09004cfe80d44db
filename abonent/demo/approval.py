"""An order that waits for a second person: a head of department asks for more numbers than the role may alone (S17)."""

import datetime as dt
import uuid

from abonent.access.models import Seat
from abonent.catalog.models import Service
from abonent.demo.people import HEAD
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.orders import intake
from abonent.orders.queues import CHECKS
from abonent.orders.selection import Filter, Source, offered

AGO = dt.timedelta(hours=3)
SERVICE = "night"
KEY = uuid.UUID("5f1c2a52-7a1e-4d43-9f0c-2f6a7f1f9a10")


def make_approval(now: dt.datetime) -> None:
    """Nothing where the department is so small that its head needs nobody."""
    seat = Seat.objects.select_related("client", "role", "person").get(person__identifiers__value=HEAD)
    if offered(seat).count() <= (seat.role.max_rows or 0):
        return
    service = Service.objects.get(code=SERVICE)
    with clock.stopped(now - AGO):
        params = {"service": service.pk}
        order = intake.place(seat, "connect_service", params, Source(matching=Filter()), key=KEY)
        drain([CHECKS])
        order.refresh_from_db()
        if order.excess_now():
            order.confirm(seat.actor())
