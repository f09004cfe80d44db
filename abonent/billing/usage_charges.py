"""What a rating says, as charges. One query for several accounts: a bill run doesn't read the month once for each."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from abonent.billing.charges import Charge
from abonent.billing.pricing import Pricing
from abonent.billing.spans import Window
from abonent.lib.periods import Month
from abonent.usage import engine, store
from abonent.usage.facts import month_of_number
from abonent.usage.models import RatingVersion, StoredPart


class Used(NamedTuple):
    """Usage of one subscriber on one account, of one kind (`usage.layout.Charge`), made in `month` (a number)."""

    subscriber: int
    account: int
    kind: str
    month: int
    records: int
    billed: int
    free: int
    micros: int


# What neither cost anything nor took from a package is no charge.
_QUERY = """
SELECT subscriber, account, charge, month, COUNT(*), SUM(billed)::BIGINT, SUM(free)::BIGINT, SUM(amount_micros)::BIGINT
FROM read_parquet($files)
WHERE LIST_CONTAINS($accounts::BIGINT[], account)
    AND ($everyone OR LIST_CONTAINS($subscribers::BIGINT[], subscriber))
GROUP BY subscriber, account, charge, month
HAVING SUM(amount_micros) > 0 OR SUM(free) > 0
ORDER BY account, subscriber, month, charge
"""


def used(
    version: RatingVersion | None, accounts: Collection[int], only: Collection[int] | None = None
) -> dict[int, list[Used]]:
    """By account id; of the subscribers `only` where they are given. Nothing where there is no rating."""
    parts = list(version.rated_parts.filter(kind=StoredPart.Kind.RATED)) if version else []
    if only is not None:
        buckets = {subscriber % store.BUCKETS for subscriber in only}
        parts = [part for part in parts if part.bucket in buckets]
    found: dict[int, list[Used]] = defaultdict(list)
    for row in _read(parts, accounts, only):
        found[row.account].append(row)
    return found


def accounts_with_usage(version: RatingVersion) -> list[int]:
    files = store.paths(version.rated_parts.filter(kind=StoredPart.Kind.RATED))
    if not files:
        return []
    with engine.session("256MB") as connection:
        rows = connection.execute("SELECT DISTINCT account FROM read_parquet($files)", {"files": files}).fetchall()
    return [account for (account,) in rows]


def charges(rows: Iterable[Used], pricing: Pricing) -> Iterator[Charge]:
    """One per kind; what was made in an earlier month, and came late, stands apart with that month's name and VAT."""
    known: dict[int, tuple[Month, str, Window]] = {}
    for row in rows:
        if row.month not in known:
            month = month_of_number(row.month)
            own = Pricing(pricing.profile, month).window
            known[row.month] = (month, "" if month == pricing.month else str(month), own)
        month, late, window = known[row.month]
        amount = pricing.usage(row.micros, month)
        yield Charge(
            row.subscriber, row.kind, "", late, window.start, window.end, row.records, row.billed, row.free, amount
        )


def _read(parts: list[StoredPart], accounts: Collection[int], only: Collection[int] | None) -> Iterator[Used]:
    if not parts:
        return
    given = {
        "files": store.paths(parts),
        "accounts": list(accounts),
        "everyone": only is None,
        "subscribers": list(only or ()),
    }
    with engine.session("256MB") as connection:
        yield from map(Used._make, connection.execute(_QUERY, given).fetchall())
