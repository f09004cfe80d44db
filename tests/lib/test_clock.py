import datetime as dt
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
    monkeypatch.setenv("ABONENT_CLOCK", "2028-02-29T10:00:00+03:00")
    try:
        clock.start_from_environment()
        assert abs(clock.now() - dt.datetime(2028, 2, 29, 7, tzinfo=dt.UTC)) < dt.timedelta(seconds=5)
    finally:
        clock.start_at(dt.datetime.now(dt.UTC))
