"""When each subscriber was last used in any way: a list asks this table, never the call records (S7)."""

import datetime as dt
import time
from collections.abc import Collection, Iterator, Sequence

from django.db import connection
from django.db.models import Exists, OuterRef

from abonent.lib import clock
from abonent.profile import current
from abonent.subscribers.models import SubscriberQuerySet
from abonent.usage import facts
from abonent.usage.models import LastUse

# Some milliseconds a statement: on SQLite others wait meanwhile.
_CHUNK = 2_000
_PAUSE = 0.02

# The integers stand in the text: thousands of parameters take longer than the work itself.
_NOTE = (
    "INSERT INTO {table} (subscriber_id, at) VALUES {rows} "
    "ON CONFLICT (subscriber_id) DO UPDATE SET at = excluded.at WHERE {table}.at < excluded.at"
)


def note(moments: Sequence[tuple[int, int]]) -> None:
    """Keep the latest of what is known and (subscriber, epoch seconds); whatever comes twice, or late, does no harm."""
    table = connection.ops.quote_name(LastUse._meta.db_table)  # noqa: SLF001  # Django's documented name
    for chunk in _chunks(moments):
        rows = ",".join(f"({int(subscriber)},{int(at)})" for subscriber, at in chunk)
        with connection.cursor() as cursor:
            cursor.execute(_NOTE.format(table=table, rows=rows))
        # Others want to write too: on SQLite a row of statements without a pause would starve them.
        if len(chunk) == _CHUNK:
            time.sleep(_PAUSE)


def _chunks(moments: Sequence[tuple[int, int]]) -> Iterator[Sequence[tuple[int, int]]]:
    for first in range(0, len(moments), _CHUNK):
        yield moments[first : first + _CHUNK]


def last_used(subscribers: Collection[int]) -> dict[int, dt.datetime]:
    """The beginning of the last record of each; who never had one is absent."""
    rows = LastUse.objects.filter(subscriber_id__in=subscribers).values_list("subscriber_id", "at")
    return {subscriber: dt.datetime.fromtimestamp(at, dt.UTC) for subscriber, at in rows}


def first_day_unused(days: int) -> dt.date:
    """The day from which on whoever is «unused for N days» has no record: the same all day long."""
    return clock.today(current().zone) - dt.timedelta(days=days)


def unused_since(lines: SubscriberQuerySet, day: dt.date) -> SubscriberQuerySet:
    """Those without a record of any kind since the beginning of `day`, in the profile's zone."""
    moment = dt.datetime.combine(day, dt.time(), current().zone)
    used = LastUse.objects.filter(subscriber_id=OuterRef("pk"), at__gte=facts.seconds(moment))
    return lines.filter(~Exists(used))
