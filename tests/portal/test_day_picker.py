"""A calendar of the days for which an order can be planned shows what is closed, and why (S17, L11)."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.template.loader import render_to_string

from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.orders.actions import ACTIONS
from abonent.orders.days import closed_days
from abonent.portal.day_picker import day_picker

pytestmark = pytest.mark.usefixtures("english")

RENAME, BLOCK = ACTIONS["rename"].read({}), ACTIONS["block"].read({})


@pytest.fixture(autouse=True)
def _middle_of_november() -> Iterator[None]:
    with clock.stopped(dt.datetime(2026, 11, 27, 21, 30, tzinfo=dt.UTC)):
        yield


def test_S17_the_closed_days_of_a_month_have_their_reason() -> None:
    closed = closed_days(RENAME, Month(2028, 2))
    assert [day for day, _reason in closed] == [dt.date(2028, 2, 28), dt.date(2028, 2, 29)]
    assert {reason for _day, reason in closed} == {"Names cannot be changed on the last 2 days of a month."}
    assert closed_days(BLOCK, Month(2028, 2)) == []


def test_S17_a_closed_day_cannot_be_chosen_and_says_why() -> None:
    # In Minsk the 28th has begun.
    picker = day_picker(RENAME, dt.date(2026, 12, 1))
    november, december = picker.near[0], picker.near[1]
    assert [day.number for day in november.days if day.value] == []
    assert [(span.days, span.reason) for span in november.closed] == [
        ("29–30 November", "Names cannot be changed on the last 2 days of a month.")
    ]
    assert [day.value for day in december.days if day.chosen] == ["2026-12-01"]
    assert (november.first_weekday, december.first_weekday) == (7, 2)
    page = render_to_string("components/day_picker.html", {"picker": picker})
    assert '<input type="radio" name="due" value="2026-12-01" aria-label="1 December 2026, Tuesday" checked>' in page
    assert 'value="2026-12-30"' not in page
    assert '<s class="day closed" title="Names cannot be changed on the last 2 days of a month.">30</s>' in page


def test_S17_an_open_action_has_every_day_of_a_year_from_tomorrow_on() -> None:
    picker = day_picker(BLOCK)
    days = [day.value for sheet in (*picker.near, *picker.later) for day in sheet.days if day.value]
    assert (days[0], days[-1], len(days)) == ("2026-11-29", "2027-11-28", 365)
