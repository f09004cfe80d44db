"""The days that an order can be planned for, as sheets of a calendar that show what is closed, and why (S17)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.functional import Promise

from abonent import profile
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.orders.actions.action import Action
from abonent.orders.days import closed_days

# A year ahead, of which so many months are seen at once.
MONTHS, NEAR = 13, 3


@dataclass(frozen=True, slots=True)
class Day:
    """`value` is what the form sends, empty where the day cannot be chosen; `reason` says why it is closed."""

    number: int
    value: str
    name: str
    chosen: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed days that follow each other, in words, and why."""

    days: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A month; `first_weekday` is that of its first day, Monday is 1."""

    title: str
    first_weekday: int
    days: Sequence[Day]
    closed: Sequence[Closed]


@dataclass(frozen=True, slots=True)
class DayPicker:
    """What `components/day_picker.html` takes: the field's name, the months near and further, names of the weekdays."""

    name: str
    near: Sequence[Sheet]
    later: Sequence[Sheet]
    weekdays: Sequence[str | Promise]


def day_picker(action: Action, chosen: dt.date | None = None, name: str = "due") -> DayPicker:
    """The days from tomorrow on; `chosen` is ticked."""
    today = clock.today(profile.current().zone)
    here = Month.of(today)
    last = today + dt.timedelta(days=365)
    sheets = [_sheet(action, here.plus(after), today, last, chosen) for after in range(MONTHS)]
    return DayPicker(name, sheets[:NEAR], sheets[NEAR:], [WEEKDAYS_ABBR[place] for place in range(7)])


def _sheet(action: Action, month: Month, today: dt.date, last: dt.date, chosen: dt.date | None) -> Sheet:
    closed = [(day, reason) for day, reason in closed_days(action, month) if today < day <= last]
    reasons = dict(closed)
    days = []
    for after in range(month.last_day.day):
        day = month.first_day + dt.timedelta(days=after)
        is_open = today < day <= last and day not in reasons
        name = date_format(day, "j E Y, l")
        days.append(Day(day.day, day.isoformat() if is_open else "", name, day == chosen, reasons.get(day, "")))
    title = date_format(month.first_day, "F Y")
    return Sheet(title, month.first_day.isoweekday(), days, _spans(closed))


def _spans(closed: Sequence[tuple[dt.date, str]]) -> list[Closed]:
    """`29–30` and why: days in a row with one reason are told together."""
    spans = []
    for (_start, reason), group in groupby(enumerate(closed), lambda pair: (pair[1][0].day - pair[0], pair[1][1])):
        days = [day for _place, (day, _reason) in group]
        first, last = date_format(days[0], "j E"), date_format(days[-1], "j E")
        spans.append(Closed(first if len(days) == 1 else f"{days[0].day}–{last}", reason))
    return spans
