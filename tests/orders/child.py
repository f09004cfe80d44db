"""A worker process for the tests: it does the orders there are, in small batches, until none is running."""

import dataclasses
import datetime as dt
import threading

import django

django.setup()

from abonent.jobs import worker  # noqa: E402  # Django comes first
from abonent.jobs.backoff import Backoff  # noqa: E402  # the same
from abonent.orders.models import Order  # noqa: E402  # the same
from abonent.orders.queues import ITEMS  # noqa: E402  # the same


def main() -> None:
    small = dataclasses.replace(ITEMS, batch=5, backoff=Backoff(first=dt.timedelta(milliseconds=100)))
    while Order.objects.as_system().running().exists():
        if not worker.drain([small]):
            threading.Event().wait(0.02)


if __name__ == "__main__":
    main()
