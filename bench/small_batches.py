"""The product's worker with smaller batches of rows, so that an order lasts for many of them: `small_batches 50`."""

import dataclasses
import datetime as dt
import sys

import django

django.setup()

from abonent.jobs import worker  # noqa: E402  # the settings come first
from abonent.jobs.backoff import Backoff  # noqa: E402
from abonent.main.work import QUEUES, schedule  # noqa: E402
from abonent.orders.queues import ITEMS  # noqa: E402


def main(batch: int) -> None:
    # Who lost an answer asks again soon: the bench is about what is asked twice, not about the pause.
    small = dataclasses.replace(ITEMS, batch=batch, backoff=Backoff(first=dt.timedelta(milliseconds=500)))
    queues = [small if queue is ITEMS else queue for queue in QUEUES]
    worker.run(queues, schedule(), worker.stop_on_signals())


if __name__ == "__main__":
    main(int(sys.argv[1]))
