"""A call record file is read once: each line becomes a record or a rejected line with a reason."""

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import duckdb
from django.db import IntegrityError, transaction

from abonent.audit.journal import SYSTEM, record
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current as current_profile
from abonent.usage import engine, facts, last_use, lines, months, store
from abonent.usage.intake_sql import PLACE, READ, RECORDS, VERDICTS
from abonent.usage.layout import AHEAD_SECONDS, CUT
from abonent.usage.models import RejectedLine, StoredPart, UsageFile

Progress = Callable[[str, int, int], None]
"""Gets the stage (`reading`, `checking`, `storing`), what is done and what there is to do."""

_BATCH = 500
_PAUSE = 0.02


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of a file. `months` are those that got records; `already_loaded`: nothing was changed."""

    file: UsageFile
    already_loaded: bool
    months: tuple[Month, ...] = field(default=())

    @property
    def records(self) -> int:
        return self.file.records

    @property
    def rejected(self) -> int:
        return self.file.rejected

    @property
    def late(self) -> int:
        return self.file.late


class MonthClosedError(Exception):
    """A month was closed while its records were being written: they are placed again."""


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


def load(path: Path, progress: Progress = _silent) -> IntakeResult:
    """Take in one call record file (docs/usage-format.md); the same bytes a second time change nothing.

    Bad lines are kept as `RejectedLine`. Raises `lines.NotAUsageFileError` where the header is missing, OSError where
    the file cannot be read. A crash at any moment leaves only what `store.sweep` removes.
    """
    size = path.stat().st_size
    with tempfile.TemporaryDirectory(prefix="abonent-intake-") as folder, engine.session() as connection:
        copy = lines.copy(path, Path(folder) / "lines", lambda done: progress("reading", done, size))
        before = UsageFile.objects.loaded().filter(sha256=copy.sha256).first()
        if before:
            return IntakeResult(before, already_loaded=True)
        file = UsageFile.objects.create(name=path.name[:255], sha256=copy.sha256, size=copy.size)
        progress("checking", 0, copy.size)
        _judge(connection, copy.path)
        file.rejected = _reject(connection, file)
        return _store(connection, file, progress)


def _judge(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Fill `owned`: every line with its fields, its owner at that time, and the reason where it is no record."""
    now = clock.now()
    here = current_profile()
    oldest = now - timedelta(days=here.usage_oldest_days)
    latest = now + timedelta(seconds=AHEAD_SECONDS)
    facts.numbers(connection)
    facts.spans(connection, here.zone, Month.at(oldest, here.zone), Month.at(latest, here.zone))
    connection.execute(READ, {"path": str(path)})
    parse, own = VERDICTS
    connection.execute(parse, {"now": facts.seconds(now), "oldest": facts.seconds(oldest)})
    connection.execute(own)
    counted = connection.execute("SELECT (SELECT COUNT(*) FROM lines), (SELECT COUNT(*) FROM owned)").fetchone()
    if counted is None or counted[0] != counted[1]:
        raise RuntimeError("a number or an account was held twice at the same time: records would count twice")


def _reject(connection: duckdb.DuckDBPyConnection, file: UsageFile) -> int:
    """Keep the bad lines, in short transactions; they are seen once the file counts as loaded."""
    query = f"SELECT line, reason, text[:{CUT}] FROM owned WHERE reason IS NOT NULL ORDER BY line"  # noqa: S608  # an int
    count = 0
    for batch in _batches(connection, query):
        RejectedLine.objects.bulk_create(
            RejectedLine(file=file, line_number=line, reason=reason, text=text.replace(lines.BLANK, ""))
            for line, reason, text in batch
        )
        count += len(batch)
        # Others want to write too: on SQLite a row of transactions without a pause would starve them.
        if len(batch) == _BATCH:
            time.sleep(_PAUSE)
    return count


def _batches(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[list[tuple[int, str, str]]]:
    cursor = connection.execute(query)
    while batch := cursor.fetchmany(_BATCH):
        yield batch


def _store(connection: duckdb.DuckDBPyConnection, file: UsageFile, progress: Progress) -> IntakeResult:
    while True:
        closed = months.closed_through()
        written: list[store.Written] = []
        try:
            _write(connection, file, closed, written, progress)
            _note_use(connection)
            return _commit(file, closed, written)
        except MonthClosedError:
            store.discard(written)


def _write(
    connection: duckdb.DuckDBPyConnection,
    file: UsageFile,
    closed: Month | None,
    written: list[store.Written],
    progress: Progress,
) -> None:
    """Write the records as parts by month and bucket; `written` grows as they appear."""
    boundary = facts.month_number(closed) if closed else 0
    connection.execute(PLACE, {"closed": boundary, "source": int(file.sha256[:15], 16), "buckets": store.BUCKETS})
    totals = connection.execute("SELECT COUNT(*), COUNT(*) FILTER (late) FROM placed").fetchone() or (0, 0)
    file.records, file.late = totals
    groups = connection.execute("SELECT DISTINCT month, bucket FROM placed ORDER BY month, bucket").fetchall()
    for month, bucket in groups:
        query = (
            f"SELECT {RECORDS} FROM placed WHERE month = {month} AND bucket = {bucket} "  # noqa: S608  # ints of ours
            "ORDER BY subscriber, started, line"
        )
        part = store.write(connection, query, facts.month_of_number(month), bucket, StoredPart.Kind.RECORDS)
        if part:
            written.append(part)
            progress("storing", sum(done.rows for done in written), file.records)


def _note_use(connection: duckdb.DuckDBPyConnection) -> None:
    """Before the file counts: after a crash it is read again, and says the same."""
    last_use.note(connection.execute("SELECT subscriber, MAX(started) FROM placed GROUP BY 1 ORDER BY 1").fetchall())


def _commit(file: UsageFile, closed: Month | None, written: list[store.Written]) -> IntakeResult:
    """Switch the manifest: the file counts from here on. A loser against the same file leaves nothing behind."""
    try:
        with transaction.atomic():
            rows = {month: months.locked(month) for month in sorted({part.month for part in written})}
            if months.closed_through() != closed:
                raise MonthClosedError
            file.loaded = clock.now()
            file.save()
            StoredPart.objects.bulk_create(part.part(rows[part.month], file, None) for part in written)
            record(
                SYSTEM,
                "usage.load",
                target=("usage file", file.pk, file.name),
                after={"records": file.records, "late": file.late, "rejected": file.rejected},
                digest=file.sha256,
            )
    except IntegrityError:
        winner = UsageFile.objects.loaded().filter(sha256=file.sha256).first()
        if winner is None:
            raise
        store.discard(written)
        file.delete()
        return IntakeResult(winner, already_loaded=True)
    return IntakeResult(file, already_loaded=False, months=tuple(rows))
