"""Putting many subscribers into folders at once: where each was, and since when, stays known (V3)."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from django.db import connection
from django.db.models import Max, QuerySet

from abonent.subscribers.models import FolderStay, Subscriber

# So many rows are named in one statement.
CHUNK = 10_000

# The ids stand in the text: ten thousand parameters take longer than the work itself, and are more than SQLite accepts.
_PLACES = "WITH places(subscriber, folder) AS (VALUES {pairs}) "
_STAY = _PLACES + (  # noqa: S608  # integers and names of ours
    "INSERT INTO {stays} (subscriber_id, folder_id, {start}) "
    "SELECT subscriber, CAST(folder AS BIGINT), %s FROM places WHERE folder IS NOT NULL"
)
_MOVE = _PLACES + (  # noqa: S608  # the same
    "UPDATE {lines} SET folder_id = CAST(places.folder AS BIGINT) FROM places WHERE {lines}.id = places.subscriber"
)


def settle(places: Mapping[int, int | None], at: dt.datetime) -> None:
    """Let each subscriber (id) stay in its folder (id; None: in none) from `at` on; inside the caller's transaction.

    Whoever is in that folder already must be left out. A stay that began at this very moment leaves no trace, since a
    period is never empty; where the clock was set back, all of them move at the latest moment known of any, so that
    stays follow each other. Of two callers for one subscriber the second must wait: the caller holds a lock.
    """
    pairs = list(places.items())
    chunks = [pairs[first : first + CHUNK] for first in range(0, len(pairs), CHUNK)]
    for rows in _stays(chunks):
        latest = rows.aggregate(start=Max("start"), end=Max("end"))
        at = max([at, *(moment for moment in latest.values() if moment is not None)])
    for rows in _stays(chunks):
        rows.filter(end__isnull=True, start__gte=at).delete()
        rows.filter(end__isnull=True, start__lt=at).update(end=at)
    for chunk in chunks:
        _write(chunk, at)


def _stays(chunks: Sequence[Sequence[tuple[int, int | None]]]) -> Iterator[QuerySet[FolderStay]]:
    for chunk in chunks:
        ids = ",".join(str(int(subscriber)) for subscriber, _folder in chunk)
        yield FolderStay.objects.extra(where=[f"subscriber_id IN ({ids})"])  # noqa: S610  # integers


def _write(chunk: Sequence[tuple[int, int | None]], at: dt.datetime) -> None:
    stay, line, quote = FolderStay._meta, Subscriber._meta, connection.ops.quote_name  # noqa: SLF001  # documented
    pairs = ",".join(f"({int(who)},{'NULL' if where is None else int(where)})" for who, where in chunk)
    names = {"stays": quote(stay.db_table), "lines": quote(line.db_table), "start": quote("start")}
    with connection.cursor() as cursor:
        moment = stay.get_field("start").get_db_prep_save(at, connection)
        cursor.execute(_STAY.format(pairs=pairs, **names), [moment])
        cursor.execute(_MOVE.format(pairs=pairs, **names))
