"""What the database knows, as relations for DuckDB. Instants are epoch seconds; a period is [since, until)."""

import datetime as dt
import functools
import itertools
import math
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import duckdb

from abonent.catalog.models import Rate, ZonePrefix
from abonent.lib.money import to_micros
from abonent.lib.periods import Month
from abonent.profile import Profile
from abonent.subscribers.models import AccountHolding, NumberHolding, PlanHolding
from abonent.usage.engine import fill
from abonent.usage.layout import MEGABYTE

FOREVER = 1 << 40
"""Later than any instant that a record may have."""

_PERIOD = {"since": "BIGINT", "until": "BIGINT"}
# Zones change their offset on quarters of an hour (of UTC) only.
_STEP = 900
_PACKAGES = {"voice": 60, "sms": 1, "data": MEGABYTE}


def seconds(moment: dt.datetime | None) -> int:
    """The first whole second not before `moment`: records start on whole seconds, so no comparison changes."""
    return FOREVER if moment is None else math.ceil(moment.timestamp())


def month_number(month: Month) -> int:
    """Months since the year 0: consecutive months are consecutive numbers."""
    return month.year * 12 + month.number - 1


def months_between(first: Month, last: Month) -> Iterator[Month]:
    month = first
    while month <= last:
        yield month
        month = month.plus(1)


def month_of_number(number: int) -> Month:
    return Month(number // 12, number % 12 + 1)


def numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """`numbers(number, subscriber, since, until)` and `accounts(subscriber, account, since, until)`."""
    held = NumberHolding.objects.values_list("number", "subscriber_id", "start", "end")
    fill(
        connection,
        "numbers",
        {"number": "VARCHAR", "subscriber": "BIGINT", **_PERIOD},
        ((number, subscriber, seconds(start), seconds(end)) for number, subscriber, start, end in held.iterator()),
    )
    stays = AccountHolding.objects.values_list("subscriber_id", "account_id", "start", "end")
    fill(
        connection,
        "accounts",
        {"subscriber": "BIGINT", "account": "BIGINT", **_PERIOD},
        ((subscriber, account, seconds(start), seconds(end)) for subscriber, account, start, end in stays.iterator()),
    )


def plans(connection: duckdb.DuckDBPyConnection) -> None:
    """`plans(holding, subscriber, tariff, voice, sms, data, since, until)`: packages in seconds, messages, bytes."""
    packages = ("option_set__minutes", "option_set__messages", "option_set__megabytes")
    held = PlanHolding.objects.values_list("pk", "subscriber_id", "tariff_id", *packages, "start", "end")
    fill(
        connection,
        "plans",
        {
            "holding": "BIGINT",
            "subscriber": "BIGINT",
            "tariff": "BIGINT",
            **dict.fromkeys(_PACKAGES, "BIGINT"),
            **_PERIOD,
        },
        (
            (holding, subscriber, tariff, *_packages(sizes), seconds(start), seconds(end))
            for holding, subscriber, tariff, *sizes, start, end in held.iterator()
        ),
    )


def _packages(sizes: list[int | None]) -> list[int]:
    return [(size or 0) * unit for size, unit in zip(sizes, _PACKAGES.values(), strict=True)]


def prices(connection: duckdb.DuckDBPyConnection) -> None:
    """`prefixes(kind, prefix, length, whole, zone, code)` and `rates(...)`.

    Prices are in millionths; zone 0 stands for none; `whole` is 1 where the prefix must be the whole number (`411$`).
    """
    text, number = "VARCHAR", "BIGINT"
    prefixes = ZonePrefix.objects.values_list("kind", "prefix", "zone_id", "zone__code")
    fill(
        connection,
        "prefixes",
        {"kind": text, "prefix": text, "length": number, "whole": number, "zone": number, "code": text},
        (
            (kind, prefix.removesuffix("$"), len(prefix.removesuffix("$")), int(prefix.endswith("$")), zone, code)
            for kind, prefix, zone, code in prefixes
        ),
    )
    numbers_of_rate = ("roaming", "destination", "price", "off_peak_price", "step", "minimum", "in_package")
    columns = {"tariff": number, "traffic": text, "direction": text, **dict.fromkeys(numbers_of_rate, number)}
    fill(connection, "rates", {**columns, **_PERIOD}, map(_rate, Rate.objects.all()))


def _rate(rate: Rate) -> tuple[object, ...]:
    off_peak = rate.price if rate.off_peak_price is None else rate.off_peak_price
    return (
        rate.tariff_id,
        rate.traffic,
        rate.direction,
        rate.roaming_id or 0,
        rate.destination_id or 0,
        to_micros(rate.price),
        to_micros(off_peak),
        rate.step,
        rate.minimum,
        int(rate.in_package),
        seconds(rate.start),
        seconds(rate.end),
    )


def spans(connection: duckdb.DuckDBPyConnection, zone: ZoneInfo, first: Month, last: Month) -> None:
    """`spans(since, until, utc_offset, month, month_since, month_until)`: one offset and one local month each."""
    fill(
        connection,
        "spans",
        {
            **_PERIOD,
            "utc_offset": "BIGINT",
            "month": "BIGINT",
            "month_since": "BIGINT",
            "month_until": "BIGINT",
        },
        (span for month in months_between(first, last) for span in _spans(zone, month)),
    )


@functools.cache
def _spans(zone: ZoneInfo, month: Month) -> tuple[tuple[int, ...], ...]:
    period = month.period(zone)
    since, until = seconds(period.start), seconds(period.end)
    moments = range(since, until, _STEP)
    offsets = [_offset(zone, moment) for moment in moments]
    changes = [0, *(i for i in range(1, len(offsets)) if offsets[i] != offsets[i - 1]), len(offsets)]
    return tuple(
        (moments[a], moments[b] if b < len(moments) else until, offsets[a], month_number(month), since, until)
        for a, b in itertools.pairwise(changes)
    )


def _offset(zone: ZoneInfo, moment: int) -> int:
    offset = dt.datetime.fromtimestamp(moment, zone).utcoffset()
    return round(offset.total_seconds()) if offset else 0


def rules(connection: duckdb.DuckDBPyConnection, profile: Profile) -> None:
    """`rules(home_network, country_code)`, one row, and `peaks(weekday, hour)`, Monday is 1."""
    fill(
        connection,
        "rules",
        {"home_network": "VARCHAR", "country_code": "VARCHAR"},
        [(profile.home_network, profile.numbers.country_code)],
    )
    hours = range(profile.peak.from_hour, profile.peak.to_hour)
    fill(
        connection,
        "peaks",
        {"weekday": "BIGINT", "hour": "BIGINT"},
        [(day, hour) for day in profile.peak.days for hour in hours],
    )
