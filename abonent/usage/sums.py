"""Totals of what `queries.records` would stream with the same arguments: a document's summary and its rows agree."""

from collections.abc import Collection, Sequence

from abonent.lib.periods import Month, Period
from abonent.usage import engine, facts, queries, store
from abonent.usage.models import RatingVersion
from abonent.usage.queries import BOTH, Total

_SUMS = """
SELECT subscriber, account, charge, COUNT(*), SUM(quantity)::BIGINT, SUM(billed)::BIGINT, SUM(free)::BIGINT,
    SUM(amount_micros)::BIGINT, COUNT(*) FILTER (problem <> '')
FROM read_parquet($files)
WHERE started >= $since AND started < $until AND LIST_CONTAINS($directions, direction)
    AND LIST_CONTAINS($accounts::BIGINT[], account)
    AND ($everybody OR subscriber IN (SELECT UNNEST($subscribers::BIGINT[])))
GROUP BY subscriber, account, charge
ORDER BY account, subscriber, charge
"""


def sums(
    subscribers: Sequence[int] | None,
    when: Month | Period,
    *,
    accounts: Collection[int],
    directions: Collection[str] = BOTH,
    version: RatingVersion | None = None,
) -> list[Total]:
    """One row per subscriber, account and charge; all subscribers of the accounts where `subscribers` is None."""
    files = store.paths(queries.rated_parts(when, version))
    if not files:
        return []
    period = None if isinstance(when, Month) else when
    with engine.session("256MB") as connection:
        rows = connection.execute(
            _SUMS,
            {
                "files": files,
                "since": facts.seconds(period.start) if period else 0,
                "until": facts.seconds(period.end if period else None),
                "directions": list(directions),
                "accounts": list(accounts),
                "everybody": subscribers is None,
                "subscribers": list(subscribers or ()),
            },
        ).fetchall()
    return list(map(Total._make, rows))
