"""A thread that prolongs a lease while work cannot do so itself."""

import contextlib
import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator

from django.db import connection, connections

log = logging.getLogger(__name__)


@contextlib.contextmanager
def beating(renew: Callable[[], None], every: dt.timedelta) -> Iterator[None]:
    """Within the block call `renew` each `every`, on a connection of its own; an error ends the beating, not the block.

    Inside a transaction it does nothing: nobody else can see the row before the transaction ends.
    """
    if connection.in_atomic_block:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(renew, every, over), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(renew: Callable[[], None], every: dt.timedelta, over: threading.Event) -> None:
    try:
        while not over.wait(every.total_seconds()):
            renew()
    except Exception:  # the fence of the commit decides in the end; here the loss is only noted
        log.warning("a lease could not be prolonged", exc_info=True)
    finally:
        connections.close_all()
