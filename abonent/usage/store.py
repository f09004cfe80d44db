"""The Parquet store: immutable files with unique names under `ABONENT_USAGE_URL`, visible through the manifest."""

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.usage.models import RatingVersion, StoredPart, UsageFile, UsageMonth

BUCKETS = 8
_ROW_GROUP = 20_480
_GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Written:
    """A Parquet file that lies in the store and is not in the manifest yet."""

    month: Month
    bucket: int
    kind: str
    path: str
    rows: int
    first: int
    last: int
    sha256: str

    def part(self, month: UsageMonth, file: UsageFile | None, version: RatingVersion | None) -> StoredPart:
        return StoredPart(
            month=month,
            bucket=self.bucket,
            kind=self.kind,
            file=file,
            version=version,
            path=self.path,
            rows=self.rows,
            first=self.first,
            last=self.last,
            sha256=self.sha256,
        )


def root() -> Path:
    """The folder of the store. Other schemes than file:// are refused until they are built (ImproperlyConfigured)."""
    url = urlsplit(settings.USAGE_URL)
    if url.scheme != "file" or url.netloc or not url.path.startswith("/"):
        raise ImproperlyConfigured("ABONENT_USAGE_URL must be a folder as file:///path; other stores are not supported")
    return Path(unquote(url.path))


def paths(parts: Iterable[StoredPart]) -> list[str]:
    folder = root()
    return [str(folder / part.path) for part in parts]


def write(
    connection: duckdb.DuckDBPyConnection, query: str, month: Month, bucket: int, kind: StoredPart.Kind
) -> Written | None:
    """Write the rows of `query` (which has a column `started`) as one durable part; None where there are none."""
    relative = f"{kind}/{month}/b{bucket}-{uuid.uuid4().hex}.parquet"
    path = root() / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_ROW_GROUP}"
    connection.execute(f"COPY ({query}) TO '{_quoted(path)}' ({options})")
    found = connection.execute(
        "SELECT COUNT(*), MIN(started), MAX(started) FROM read_parquet(?)", [str(path)]
    ).fetchone()
    rows, first, last = found or (0, 0, 0)
    if not rows:
        path.unlink()
        return None
    return Written(month, bucket, kind, relative, rows, first, last, _seal(path))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _seal(path: Path) -> str:
    """Push the file and its name to the disk before the manifest speaks of it; the SHA-256 of its bytes."""
    with path.open("rb") as reader:
        digest = hashlib.file_digest(reader, "sha256").hexdigest()
        os.fsync(reader.fileno())
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return digest


def discard(written: Iterable[Written]) -> None:
    """Remove files that were written and will not be listed."""
    for part in written:
        (root() / part.path).unlink(missing_ok=True)


def sweep(older_than: timedelta = _GRACE) -> int:
    """Remove what nobody needs: superseded preliminary ratings, files outside the manifest, interrupted loads.

    Only what is older than `older_than`, so that running readers and loads keep what they have. Returns the number
    of files removed.
    """
    before = clock.now() - older_than
    RatingVersion.objects.filter(preliminary=True, superseded__lt=before).delete()
    UsageFile.objects.filter(loaded__isnull=True, started__lt=before).delete()
    # Names first, manifest second: a file that is listed in between is seen as listed.
    written_before = _now_of_files() - older_than.total_seconds()
    files = [path for path in root().glob("*/*/*.parquet") if path.stat().st_mtime < written_before]
    listed = set(StoredPart.objects.values_list("path", flat=True))
    orphans = [path for path in files if str(path.relative_to(root())) not in listed]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _now_of_files() -> float:
    """The present in the file system's own time, which is not the product's clock where that is moved."""
    marker = root() / ".sweep"
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()
    return marker.stat().st_mtime
