"""The one clock. Everything asks it, so a test or a demonstration can stand on any day.

`ABONENT_CLOCK=2028-02-29T10:00:00+03:00` in the environment starts the process at that moment; time goes on from there,
in its child processes too: they inherit the shift (`ABONENT_CLOCK_SHIFT`, in seconds), and with it the same time.
"""

import contextlib
import datetime as dt
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class _Clock:
    shift: dt.timedelta = dt.timedelta(0)
    fixed: dt.datetime | None = None


_clock = _Clock()


def now() -> dt.datetime:
    """The present moment: aware, in UTC."""
    return _clock.fixed or dt.datetime.now(dt.UTC) + _clock.shift


def today(zone: dt.tzinfo) -> dt.date:
    """The calendar day that it is now in `zone`."""
    return now().astimezone(zone).date()


def start_at(moment: dt.datetime) -> None:
    """Let the clock of this process go on from `moment` (aware)."""
    _clock.shift = moment - dt.datetime.now(dt.UTC)


@contextlib.contextmanager
def stopped(moment: dt.datetime) -> Iterator[None]:
    """Within the block the clock stands at `moment` (aware)."""
    before = _clock.fixed
    _clock.fixed = moment.astimezone(dt.UTC)
    try:
        yield
    finally:
        _clock.fixed = before


def start_from_environment() -> None:
    """Begin at `ABONENT_CLOCK`, or go on with the shift of the parent process (process start).

    A shift that is inherited wins, so that a web server and its worker, started at different moments, agree.
    """
    shift, moment = os.environ.get("ABONENT_CLOCK_SHIFT"), os.environ.get("ABONENT_CLOCK")
    if shift:
        _clock.shift = dt.timedelta(seconds=float(shift))
    elif moment:
        start_at(dt.datetime.fromisoformat(moment))
        os.environ["ABONENT_CLOCK_SHIFT"] = repr(_clock.shift.total_seconds())


def timer() -> float:
    """Seconds for measuring how long something took; never a time of day."""
    return time.monotonic()
