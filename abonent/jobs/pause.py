"""The pause that lets others write."""

import contextlib
import time
from collections.abc import Iterator
from contextvars import ContextVar

from django.db import connection

PAUSE_SECONDS = 0.02

_alone = ContextVar("alone", default=False)


def breathe() -> None:
    """Sleep 20 ms after a write on SQLite, where one held lock stops everybody; nothing on PostgreSQL.

    Work that writes chunk by chunk calls it between the chunks (each at most 50 ms), never inside a transaction.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block and not _alone.get():
        time.sleep(PAUSE_SECONDS)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Within the block nobody else uses the database (it is being made), so nobody has to be let in between."""
    token = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(token)
