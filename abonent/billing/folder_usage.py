"""What the rated records of a few subscribers cost, by the folder in which each was at the moment of the call."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from abonent.usage import engine, facts, store
from abonent.usage.models import RatingVersion, StoredPart


class Key(NamedTuple):
    """A line of usage: the month ("2026-10") is the one in which its records were made."""

    subscriber: int
    kind: str
    month: str


# 0 stands for no folder.
_QUERY = """
SELECT records.subscriber, records.charge, records.month, COALESCE(stays.folder, 0), SUM(records.amount_micros)::BIGINT
FROM read_parquet($files) AS records
LEFT JOIN stays ON stays.subscriber = records.subscriber
    AND records.started >= stays.since AND records.started < stays.until
WHERE records.account = $account AND records.amount_micros > 0
    AND records.subscriber IN (SELECT UNNEST($subscribers::BIGINT[]))
GROUP BY 1, 2, 3, 4
"""


def micros_by_folder(
    version: RatingVersion,
    account: int,
    subscribers: Sequence[int],
    stays: Mapping[int, Sequence[tuple[dt.datetime, dt.datetime | None, int]]],
) -> dict[Key, dict[int | None, int]]:
    """Millionths by line of usage and folder (None: in none). `stays` are (from, until, folder) by subscriber."""
    buckets = {subscriber % store.BUCKETS for subscriber in subscribers}
    parts = version.rated_parts.filter(kind=StoredPart.Kind.RATED, bucket__in=buckets)
    files = store.paths(parts)
    found: dict[Key, dict[int | None, int]] = defaultdict(dict)
    if not files:
        return found
    with engine.session("256MB") as connection:
        columns = dict.fromkeys(("subscriber", "folder", "since", "until"), "BIGINT")
        engine.fill(connection, "stays", columns, _rows(stays))
        given = {"files": files, "account": account, "subscribers": list(subscribers)}
        for subscriber, kind, month, folder, micros in connection.execute(_QUERY, given).fetchall():
            key = Key(subscriber, kind, str(facts.month_of_number(month)))
            found[key][folder or None] = micros
    return found


def _rows(
    stays: Mapping[int, Sequence[tuple[dt.datetime, dt.datetime | None, int]]],
) -> Iterator[tuple[int, int, int, int]]:
    for subscriber, rows in stays.items():
        for start, end, folder in rows:
            yield subscriber, folder, facts.seconds(start), facts.seconds(end)
