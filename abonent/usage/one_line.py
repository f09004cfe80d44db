"""One subscriber's open month as its card shows it: what is left of the packages, and the last records (S7)."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from abonent.catalog.models import Traffic
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current
from abonent.subscribers.models import PlanHolding
from abonent.usage import engine, facts, store
from abonent.usage.columns import COLUMNS
from abonent.usage.layout import MEGABYTE
from abonent.usage.queries import current_version

UNITS = {Traffic.VOICE: 60, Traffic.SMS: 1, Traffic.DATA: MEGABYTE}
"""What a package is counted in: seconds of a minute, messages, bytes of a megabyte."""

_TAKEN = (
    "SELECT kind, SUM(free)::BIGINT FROM read_parquet($files) "
    "WHERE subscriber = $subscriber AND holding = $holding AND month = $month AND free > 0 GROUP BY kind"
)


@dataclass(frozen=True, slots=True)
class Package:
    """What an option set gives of one kind of traffic in the month, and what was taken: seconds, messages, bytes."""

    traffic: Traffic
    size: int
    taken: int

    @property
    def left(self) -> int:
        return max(0, self.size - self.taken)


def packages(subscriber: int, month: Month) -> list[Package]:
    """Those of the plan in force, each for its share of `month`, less what the rating that counts took from them."""
    now = clock.now()
    held = PlanHolding.objects.in_force(now).filter(subscriber_id=subscriber, option_set__isnull=False)
    holding = held.select_related("option_set").first()
    if holding is None or holding.option_set is None:
        return []
    kept = holding.option_set
    sizes = {Traffic.VOICE: kept.minutes, Traffic.SMS: kept.messages, Traffic.DATA: kept.megabytes}
    taken = _taken(subscriber, holding.pk, month) if any(sizes.values()) else {}
    return [
        Package(traffic, _share(size * UNITS[traffic], holding, month), taken.get(traffic.value, 0))
        for traffic, size in sizes.items()
        if size
    ]


def _share(whole: int, holding: PlanHolding, month: Month) -> int:
    """As `rating_sql` has it: by seconds, rounded down."""
    period = month.period(current().zone)
    since, until = facts.seconds(period.start), facts.seconds(period.end)
    length = until - since
    share = min(facts.seconds(holding.end), until) - max(facts.seconds(holding.start), since)
    return whole * share // length


def _taken(subscriber: int, holding: int, month: Month) -> dict[str, int]:
    given = {"subscriber": subscriber, "holding": holding, "month": facts.month_number(month)}
    with _rated(subscriber, month) as (cursor, files):
        return dict(cursor.execute(_TAKEN, {"files": files, **given}).fetchall()) if files else {}


def last_records(
    subscriber: int, month: Month, *, account: int, columns: Sequence[str], most: int
) -> list[tuple[object, ...]]:
    """The newest records of `month` on that account, the newest first; `columns` are names of `columns.COLUMNS`."""
    chosen = ", ".join(COLUMNS[name] for name in columns)
    with _rated(subscriber, month) as (cursor, files):
        if not files:
            return []
        return cursor.execute(
            f"SELECT {chosen} FROM read_parquet($files) "  # noqa: S608  # expressions of ours
            "WHERE subscriber = $subscriber AND account = $account ORDER BY started DESC, source, line LIMIT $most",
            {"files": files, "subscriber": subscriber, "account": account, "most": most},
        ).fetchall()


@contextmanager
def _rated(subscriber: int, month: Month) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str]]]:
    version = current_version(month)
    parts = version.rated_parts.filter(bucket=subscriber % store.BUCKETS) if version else ()
    cursor = engine.web_cursor()
    try:
        yield cursor, store.paths(parts)
    finally:
        cursor.close()
