import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from abonent.lib.periods import Month, Period

UTC = dt.UTC


def at(day: int, hour: int = 0) -> dt.datetime:
    return dt.datetime(2026, 10, day, hour, tzinfo=UTC)


def test_a_period_holds_its_start_and_not_its_end() -> None:
    period = Period(at(1), at(2))
    assert at(1) in period
    assert at(2) not in period


def test_periods_that_only_touch_do_not_overlap() -> None:
    assert Period(at(1), at(2)).overlap(Period(at(2), at(3))) is None
    assert Period(at(1), at(3)).overlap(Period(at(2))) == Period(at(2), at(3))
    assert Period(at(1)).overlap(Period(at(2))) == Period(at(2), None)


def test_a_month_has_the_length_that_its_zone_gives_it() -> None:
    riga = ZoneInfo("Europe/Riga")
    assert Month(2026, 3).period(riga).seconds == 31 * 86400 - 3600
    assert Month(2026, 10).period(riga).seconds == 31 * 86400 + 3600
    assert Month(2028, 2).period(ZoneInfo("Europe/Minsk")).seconds == 29 * 86400


def test_the_month_of_a_moment_is_that_of_the_zone() -> None:
    minsk = ZoneInfo("Europe/Minsk")
    border = Month(2026, 11).period(minsk).start
    assert Month.at(border, minsk) == Month(2026, 11)
    assert Month.at(border - dt.timedelta(seconds=1), minsk) == Month(2026, 10)
    assert border == dt.datetime(2026, 10, 31, 21, tzinfo=UTC)


def test_months_count_across_years_and_refuse_nonsense() -> None:
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert str(Month(2026, 12).plus(14)) == "2028-02"
    with pytest.raises(ValueError, match="no such month"):
        Month(2026, 13)
    with pytest.raises(ValueError, match="does not match"):
        Month.parse("10-2026")
