"""A worker process for the tests: `python -m tests.jobs.child drain|hang|serve`."""

import datetime as dt
import sys
import threading

import django

django.setup()

from abonent.jobs import worker  # noqa: E402  # Django comes first
from abonent.jobs.lease import Lease  # noqa: E402  # the same
from abonent.outbox.models import TextMessage  # noqa: E402  # the same
from tests.jobs.rows import journal_each, queue  # noqa: E402  # the same

LEASE = dt.timedelta(seconds=1)


def hang(jobs: list[TextMessage], _lease: Lease[TextMessage]) -> None:
    """Have the rows, and never finish."""
    print(f"leased {len(jobs)}", flush=True)  # noqa: T201  # the test reads it
    threading.Event().wait()


def main(mode: str) -> None:
    if mode == "drain":
        worker.drain([queue(batch=3)])
    elif mode == "hang":
        worker.drain([queue(hang, batch=3, lease=LEASE)])
    else:
        stop = worker.stop_on_signals()
        print("ready", flush=True)  # noqa: T201  # the same
        worker.run([queue(journal_each, batch=3)], [], stop)
        print("stopped", flush=True)  # noqa: T201  # the same


if __name__ == "__main__":
    main(sys.argv[1])
