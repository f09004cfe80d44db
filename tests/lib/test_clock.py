import datetime as dt
import os
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from abonent.lib import clock


def test_the_clock_stands_where_it_was_stopped_and_goes_on_after() -> None:
    moment = dt.datetime(2028, 2, 29, 21, 30, tzinfo=dt.UTC)
    with clock.stopped(moment):
        assert clock.now() == moment
        assert clock.today(ZoneInfo("Europe/Minsk")) == dt.date(2028, 3, 1)
    assert clock.now() != moment


def test_a_process_can_start_on_any_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABONENT_CLOCK_SHIFT", "")
    monkeypatch.setenv("ABONENT_CLOCK", "2028-02-29T10:00:00+03:00")
    try:
        clock.start_from_environment()
        assert abs(clock.now() - dt.datetime(2028, 2, 29, 7, tzinfo=dt.UTC)) < dt.timedelta(seconds=5)
    finally:
        clock.start_at(dt.datetime.now(dt.UTC))


def test_a_child_process_has_the_clock_of_its_parent_to_the_microsecond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABONENT_CLOCK_SHIFT", "")
    monkeypatch.setenv("ABONENT_CLOCK", "2028-02-29T10:00:00+03:00")
    ask = "from abonent.lib import clock; clock.start_from_environment(); print(clock._clock.shift.total_seconds())"
    try:
        clock.start_from_environment()
        child = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)  # noqa: S603  # our own interpreter
        assert child.stdout.strip() == os.environ["ABONENT_CLOCK_SHIFT"]
    finally:
        clock.start_at(dt.datetime.now(dt.UTC))


def test_an_inherited_shift_wins_over_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABONENT_CLOCK_SHIFT", "86400.5")
    monkeypatch.setenv("ABONENT_CLOCK", "2028-02-29T10:00:00+03:00")
    try:
        clock.start_from_environment()
        ahead = clock.now() - dt.datetime.now(dt.UTC)
        assert abs(ahead - dt.timedelta(days=1, seconds=0.5)) < dt.timedelta(seconds=5)
    finally:
        clock.start_at(dt.datetime.now(dt.UTC))
