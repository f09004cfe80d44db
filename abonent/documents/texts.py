"""Words that documents, their letters and their pages share, in the language then active."""

import datetime as dt
from collections.abc import Mapping
from functools import cache

from babel.dates import get_month_names
from django.utils.translation import get_language

from abonent.lib.periods import Month


@cache
def _months(language: str) -> Mapping[int, str]:
    """By number, in the form that stands alone: Django's catalogues have the genitive for some languages."""
    return get_month_names("wide", "stand-alone", locale=language)


def month_name(month: Month) -> str:
    """`October 2026`, `октябрь 2026`."""
    return f"{_months(get_language() or 'en')[month.number]} {month.year}"


def day(value: dt.date) -> str:
    """As the tables of documents write a day: `2026-10-31` in English, `31.10.2026` otherwise."""
    return value.isoformat() if (get_language() or "en").startswith("en") else f"{value:%d.%m.%Y}"


def days(first: dt.date, last: dt.date) -> str:
    """A whole month by its name, other days from–to, both inclusive."""
    month = Month.of(first)
    if (first, last) == (month.first_day, month.last_day):
        return month_name(month)
    return day(first) if first == last else f"{day(first)} – {day(last)}"
