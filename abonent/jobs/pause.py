"""The pause that lets others write."""

import contextlib
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar

from django.db import connection

PAUSE_SECONDS = 0.02
# Who writes for less than this has kept nobody: many small writes share a pause.
BUSY_SECONDS = 0.03

_last = threading.local()
_alone = ContextVar("alone", default=False)


def breathe() -> None:
    """Sleep 20 ms after writing on SQLite, where one held lock stops everybody; nothing on PostgreSQL.

    Work that writes chunk by chunk calls it between the chunks (each at most 50 ms), never inside a transaction. What
    took less than 30 ms since the last pause of this thread goes on without one.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block or _alone.get():
        return
    if time.monotonic() - getattr(_last, "pause", -BUSY_SECONDS) >= BUSY_SECONDS:
        time.sleep(PAUSE_SECONDS)
        _last.pause = time.monotonic()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Within the block nobody else uses the database (it is being made), so nobody has to be let in between."""
    token = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(token)
