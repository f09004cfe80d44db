"""A month rated: records in, rated parts and one `RatingVersion` out. Always the same result from the same facts."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
from django.db import transaction
from django.utils.translation import gettext as _

from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current as current_profile
from abonent.usage import engine, facts, months, store
from abonent.usage.models import RatingVersion, StoredPart, UsageMonth
from abonent.usage.rating_sql import RATE


class CannotRateError(ValueError):
    """An earlier closed month has no final rating, and late records need what it left of their packages."""


@dataclass(frozen=True, slots=True)
class _Sums:
    records: int
    unrated: int
    amount_micros: int


def rate(month: Month) -> RatingVersion:
    """Rate the records of `month`. Open: a new preliminary version. Closed: the final one, made once and kept.

    Where the month was closed, or rated finally, by somebody else meanwhile, what they left counts.
    """
    while True:
        row, _made = UsageMonth.objects.select_related("version").get_or_create(month=str(month))
        if row.closed and row.version and not row.version.preliminary:
            return row.version
        parts = list(row.parts.filter(kind=StoredPart.Kind.RECORDS).order_by("pk"))
        with engine.session() as connection:
            written, sums = _rate_parts(connection, row, parts)
        version = _switch(row, parts, written, sums)
        if version:
            return version
        store.discard(written)


def is_stale(month: Month) -> bool:
    """Whether there are records of `month` that its present rating has not seen."""
    row = UsageMonth.objects.select_related("version").filter(month=str(month)).first()
    if row is None:
        return False
    present = set(row.parts.filter(kind=StoredPart.Kind.RECORDS).values_list("pk", flat=True))
    return present != set(row.version.parts if row.version else ())


def _rate_parts(
    connection: duckdb.DuckDBPyConnection, row: UsageMonth, parts: Sequence[StoredPart]
) -> tuple[list[store.Written], _Sums]:
    """Rate bucket by bucket, which bounds the memory: a subscriber is in one bucket only."""
    here, month = current_profile(), row.period
    earliest = min([month, *(_month_of(part.first) for part in parts)])
    facts.plans(connection)
    facts.prices(connection)
    facts.rules(connection, here)
    facts.spans(connection, here.zone, earliest, month)
    earlier = _earlier_versions(row, earliest)
    written: list[store.Written] = []
    for bucket in sorted({part.bucket for part in parts}):
        chosen = [part for part in parts if part.bucket == bucket]
        _use(connection, "records", store.paths(chosen))
        _fill_used(connection, earliest, earlier, bucket)
        part = store.write(
            connection, f"{RATE} ORDER BY subscriber, started, source, line", month, bucket, StoredPart.Kind.RATED
        )
        if part is None or part.rows != sum(one.rows for one in chosen):
            raise RuntimeError("a plan or a price held twice at the same time: records would count twice")
        written.append(part)
    return written, _sum(connection, written)


def _use(connection: duckdb.DuckDBPyConnection, name: str, files: Sequence[str]) -> None:
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet([{listed}])")  # noqa: S608  # paths of ours


def _month_of(moment: int) -> Month:
    return Month.at(dt.datetime.fromtimestamp(moment, dt.UTC), current_profile().zone)


def _earlier_versions(row: UsageMonth, earliest: Month) -> list[RatingVersion]:
    """The final ratings of the closed months that late records reach back to; a final rating needs all of them."""
    earlier = UsageMonth.objects.filter(month__gte=str(earliest), month__lt=row.month, closed__isnull=False)
    versions = []
    for other in earlier.select_related("version"):
        if other.version and not other.version.preliminary:
            versions.append(other.version)
        elif row.closed and other.parts.exists():
            raise CannotRateError(_("The month %(month)s is closed and must be rated first.") % {"month": other})
    return versions


def _fill_used(
    connection: duckdb.DuckDBPyConnection, earliest: Month, earlier: Sequence[RatingVersion], bucket: int
) -> None:
    """`used(holding, month, kind, units)`: what earlier ratings took from the packages that late records fall into."""
    columns = {"holding": "BIGINT", "month": "BIGINT", "kind": "VARCHAR", "units": "BIGINT"}
    engine.fill(connection, "used", columns, ())
    files = store.paths(StoredPart.objects.filter(version__in=earlier, bucket=bucket))
    if files:
        connection.execute(
            "INSERT INTO used SELECT holding, month, kind, SUM(free)::BIGINT FROM read_parquet($files) "
            "WHERE free > 0 AND month >= $earliest GROUP BY holding, month, kind",
            {"files": files, "earliest": facts.month_number(earliest)},
        )


def _sum(connection: duckdb.DuckDBPyConnection, written: Sequence[store.Written]) -> _Sums:
    if not written:
        return _Sums(0, 0, 0)
    files = [str(store.root() / part.path) for part in written]
    row = connection.execute(
        "SELECT COUNT(*), COUNT(*) FILTER (problem <> ''), SUM(amount_micros)::BIGINT FROM read_parquet($files)",
        {"files": files},
    ).fetchone()
    return _Sums(*row) if row else _Sums(0, 0, 0)


@transaction.atomic
def _switch(
    before: UsageMonth, parts: Sequence[StoredPart], written: Sequence[store.Written], sums: _Sums
) -> RatingVersion | None:
    """Make the new version the month's; None where the month is not any more what was rated."""
    row = months.locked(before.period)
    if row.closed != before.closed or row.version_id != before.version_id:
        return None
    version = RatingVersion.objects.create(
        month=row,
        preliminary=row.closed is None,
        parts=[part.pk for part in parts],
        records=sums.records,
        unrated=sums.unrated,
        amount_micros=sums.amount_micros,
    )
    StoredPart.objects.bulk_create(part.part(row, None, version) for part in written)
    row.versions.filter(superseded__isnull=True).exclude(pk=version.pk).update(superseded=clock.now())
    row.version = version
    row.save(update_fields=["version"])
    return version
