"""Values of text: what a cell shows becomes what it means. A text that does not fit its column is kept as it is."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache, partial

from abonent.expenses.formats.content import Holds, Value

Parse = Callable[[str], Value]

MEGABYTE = 1024 * 1024
REMEMBERED = 10_000  # values of a column
_MAX_FIGURE = 40  # characters; a longer one is no figure
_GAPS = str.maketrans("", "", " \u00a0\u2007\u2009\u202f")
_WHOLE = re.compile(r"-?\d+")
_FIGURE = re.compile(r"-?\d+(?:[.,]\d+)?")
_DURATION = re.compile(r"(-?)(\d+):([0-5]\d):([0-5]\d)")
_GROUPED_PHONE = re.compile(r"\+[\d\s\-()./]+")
_DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")
_LOCAL_LENGTH = 10


def parser(holds: Holds, zone: tzinfo) -> Parse:
    """What reads the cells of a column: the forms for people and for machines alike. `zone` is that of bare times."""
    parsers: dict[Holds, Parse] = {
        Holds.TEXT: text,
        Holds.PHONE: phone,
        Holds.INTEGER: integer,
        Holds.AMOUNT: amount,
        Holds.DATE: day,
        Holds.DATETIME: partial(moment, zone=zone),
        Holds.DURATION: duration,
        Holds.VOLUME: volume,
    }
    parse = parsers[holds]
    return parse if holds in {Holds.TEXT, Holds.DATETIME} else lru_cache(REMEMBERED)(parse)


def text(shown: str) -> Value:
    return shown or None


def phone(shown: str) -> Value:
    """`375291234567` of `+375 29 123-45-67`."""
    if shown.startswith("+") and _GROUPED_PHONE.fullmatch(shown):
        return "".join(filter(str.isdigit, shown)) or shown
    return shown or None


def integer(shown: str) -> Value:
    bare = shown.translate(_GAPS)
    return int(bare) if len(bare) <= _MAX_FIGURE and _WHOLE.fullmatch(bare) else shown or None


def amount(shown: str) -> Value:
    """`1234.50` of `1 234,50`: no language groups by a point or a comma here, so either is the decimal sign."""
    bare = shown.translate(_GAPS)
    if len(bare) > _MAX_FIGURE or not _FIGURE.fullmatch(bare):
        return shown or None
    return Decimal(bare.replace(",", "."))


def duration(shown: str) -> Value:
    """Seconds, or `h:mm:ss`."""
    if ":" not in shown:
        seconds = integer(shown)
        return timedelta(seconds=seconds) if isinstance(seconds, int) and abs(seconds) < 10**12 else shown or None
    found = _DURATION.fullmatch(shown)
    if not found or len(shown) > _MAX_FIGURE:
        return shown
    whole = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4]))
    return -whole if found[1] else whole


def volume(shown: str) -> Value:
    """Bytes, or megabytes with their three decimals."""
    figure = amount(shown)
    if not isinstance(figure, Decimal):
        return figure
    return int(figure) if figure.as_tuple().exponent == 0 else round(figure * MEGABYTE)


def day(shown: str) -> Value:
    try:
        return date.fromisoformat(_iso(shown))
    except ValueError:
        return shown or None


def moment(shown: str, zone: tzinfo) -> Value:
    """An instant that tells no zone is one of `zone`."""
    try:
        found = datetime.fromisoformat(_iso(shown))
    except ValueError:
        return shown or None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _iso(shown: str) -> str:
    """`2026-10-31 …` of `31.10.2026 …`."""
    if shown[2:3] == "." and _DAY.fullmatch(shown[:_LOCAL_LENGTH]):
        return f"{shown[6:10]}-{shown[3:5]}-{shown[:2]}{shown[10:]}"
    return shown
