"""What is read from the store: totals for bills, records as a stream for documents, one subscriber's month."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import duckdb
from django.db.models import F

from abonent.lib.periods import Month, Period
from abonent.usage import engine, facts, store
from abonent.usage.columns import COLUMNS, DEFAULT
from abonent.usage.models import RatingVersion, StoredPart, UsageMonth

BOTH = ("out", "in")
_BATCH = 2_000
_CHUNK_ROWS = 20_000


class Total(NamedTuple):
    """Usage of one subscriber on one account, of one charge (`layout.Charge`).

    `billed` and `free` are seconds, messages or bytes; `amount_micros` millionths net of VAT; `unrated` of the
    `records` have no price (`layout.Problem`).
    """

    subscriber: int
    account: int
    charge: str
    records: int
    quantity: int
    billed: int
    free: int
    amount_micros: int
    unrated: int


_TOTALS = """
SELECT subscriber, account, charge, COUNT(*), SUM(quantity)::BIGINT, SUM(billed)::BIGINT, SUM(free)::BIGINT,
    SUM(amount_micros)::BIGINT, COUNT(*) FILTER (problem <> '')
FROM read_parquet($files)
WHERE ($account = 0 OR account = $account) AND ($subscriber = 0 OR subscriber = $subscriber)
GROUP BY subscriber, account, charge
ORDER BY account, subscriber, charge
"""


def current_version(month: Month) -> RatingVersion | None:
    """The rating that counts: the final one, or the latest preliminary one; None where the month was never rated."""
    row = UsageMonth.objects.select_related("version").filter(month=str(month)).first()
    return row.version if row else None


def totals(version: RatingVersion, *, account: int = 0, subscriber: int = 0) -> Iterator[Total]:
    """Totals of a rating, ordered by account, subscriber, charge; of one account or subscriber where an id is given."""
    parts = version.rated_parts.all()
    if subscriber:
        parts = parts.filter(bucket=subscriber % store.BUCKETS)
    with engine.session("256MB") as connection:
        yield from _totals(connection, parts, account, subscriber)


def subscriber_month(subscriber: int, month: Month) -> list[Total]:
    """The present totals of one subscriber in `month`, quick enough for a page."""
    version = current_version(month)
    if version is None:
        return []
    cursor = engine.web_cursor()
    try:
        parts = version.rated_parts.filter(bucket=subscriber % store.BUCKETS)
        return list(_totals(cursor, parts, 0, subscriber))
    finally:
        cursor.close()


def _totals(
    connection: duckdb.DuckDBPyConnection, parts: Iterable[StoredPart], account: int, subscriber: int
) -> Iterator[Total]:
    files = store.paths(parts)
    if not files:
        return
    cursor = connection.execute(_TOTALS, {"files": files, "account": account, "subscriber": subscriber})
    while batch := cursor.fetchmany(_BATCH):
        yield from map(Total._make, batch)


def records(
    subscribers: Sequence[int],
    when: Month | Period,
    *,
    directions: Collection[str] = BOTH,
    accounts: Collection[int] | None = None,
    columns: Sequence[str] = DEFAULT,
    version: RatingVersion | None = None,
) -> Iterator[list[tuple[object, ...]]]:
    """Rated records as batches of tuples, subscriber by subscriber in the order given, each by time.

    A `Month` is the billing month: with its late records, so that sums equal the invoice's (`version` pins the
    rating of that invoice). A `Period` is by the records' own time. `accounts` keeps only what was used on them.
    `columns` are names of `columns.COLUMNS`. Constant memory; run `rating.rate` first where `rating.is_stale`.
    """
    parts = rated_parts(when, version)
    bounds = _bounds(when, directions, accounts)
    with engine.session("128MB") as connection:
        for chunk in _chunks(connection, parts, subscribers):
            yield from _stream(connection, parts, chunk, columns, bounds)


def rated_parts(when: Month | Period, version: RatingVersion | None) -> list[StoredPart]:
    """The parts that hold the rated records of `when`: of the version given, else of the one that counts."""
    rated = StoredPart.objects.filter(kind=StoredPart.Kind.RATED)
    if isinstance(when, Month):
        chosen = version or current_version(when)
        return list(rated.filter(version=chosen)) if chosen else []
    current = rated.filter(version=F("month__version"), last__gte=facts.seconds(when.start))
    return list(current.filter(first__lt=facts.seconds(when.end)))


def _chunks(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[StoredPart], subscribers: Sequence[int]
) -> Iterator[list[int]]:
    """Runs of subscribers with few enough rows to be sorted in little memory."""
    wanted = list(dict.fromkeys(subscribers))
    if not parts or not wanted:
        return
    counted = connection.execute(
        "SELECT subscriber, COUNT(*) FROM read_parquet($files) WHERE subscriber IN (SELECT UNNEST($ids::BIGINT[])) "
        "GROUP BY subscriber",
        {"files": store.paths(parts), "ids": wanted},
    ).fetchall()
    sizes: dict[int, int] = dict(counted)
    chunk: list[int] = []
    rows = 0
    for subscriber in wanted:
        size = sizes.get(subscriber, 0)
        if chunk and rows + size > _CHUNK_ROWS:
            yield chunk
            chunk, rows = [], 0
        if size:
            chunk.append(subscriber)
            rows += size
    if chunk:
        yield chunk


def _stream(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[StoredPart],
    chunk: list[int],
    columns: Sequence[str],
    bounds: dict[str, object],
) -> Iterator[list[tuple[object, ...]]]:
    buckets = {subscriber % store.BUCKETS for subscriber in chunk}
    files = store.paths(part for part in parts if part.bucket in buckets)
    engine.fill(connection, "wanted", {"place": "BIGINT", "id": "BIGINT"}, enumerate(chunk))
    chosen = ", ".join(COLUMNS[name] for name in columns)
    # The least and the greatest id let whole row groups be left unread.
    cursor = connection.execute(
        f"SELECT {chosen} FROM read_parquet($files) JOIN wanted ON id = subscriber "  # noqa: S608  # expressions of ours
        "WHERE subscriber BETWEEN $low AND $high AND started >= $since AND started < $until "
        "AND LIST_CONTAINS($directions, direction) AND ($anywhere OR LIST_CONTAINS($accounts::BIGINT[], account)) "
        "ORDER BY place, started, source, line",
        {"files": files, "low": min(chunk), "high": max(chunk), **bounds},
    )
    while batch := cursor.fetchmany(_BATCH):
        yield batch


def _bounds(when: Month | Period, directions: Collection[str], accounts: Collection[int] | None) -> dict[str, object]:
    period = None if isinstance(when, Month) else when
    return {
        "since": facts.seconds(period.start) if period else 0,
        "until": facts.seconds(period.end if period else None),
        "directions": list(directions),
        "anywhere": accounts is None,
        "accounts": list(accounts or ()),
    }
