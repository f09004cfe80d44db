"""The pause that lets others write."""

import time

from django.db import connection

PAUSE_SECONDS = 0.02


def breathe() -> None:
    """Sleep 20 ms after a write on SQLite, where one held lock stops everybody; nothing on PostgreSQL.

    Work that writes chunk by chunk calls it between the chunks (each at most 50 ms), never inside a transaction.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(PAUSE_SECONDS)
