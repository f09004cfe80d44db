"""One consistent picture of the database, taken while the product runs."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, cast

from django.db import connection, transaction

from abonent.files.models import StoredFile
from abonent.main.backups import tables
from abonent.main.backups.errors import Refused
from abonent.main.backups.members import DATABASE, Member, member_of
from abonent.usage.models import StoredPart

SQLITE_COPY = "abonent.sqlite3"
ROWS = 1000


class Snapshot(Protocol):
    """`members` hold the data, as files of the folder; `rows` asks the picture a question, in plain SQL."""

    members: list[Member]

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]: ...


def migrations(picture: Snapshot) -> list[str]:
    return [f"{app}.{name}" for app, name in picture.rows("SELECT app, name FROM django_migrations ORDER BY app, name")]


def contents(picture: Snapshot) -> Iterator[tuple[str, int]]:
    """SHA-256 and size of every content that a row names, each once."""
    table = StoredFile._meta.db_table  # noqa: SLF001  # Django's documented name
    found = picture.rows(f"SELECT sha256, MAX(size) FROM {table} GROUP BY sha256 ORDER BY sha256")  # noqa: S608  # a name of ours
    yield from cast("Iterator[tuple[str, int]]", found)


def parts(picture: Snapshot) -> Iterator[tuple[str, str]]:
    """Path and SHA-256 of every Parquet file that the manifest of the store names."""
    table = StoredPart._meta.db_table  # noqa: SLF001  # the same
    yield from cast("Iterator[tuple[str, str]]", picture.rows(f"SELECT path, sha256 FROM {table} ORDER BY path"))  # noqa: S608  # the same


@contextlib.contextmanager
def take(folder: Path) -> Iterator[Snapshot]:
    """Within the block the picture stands; its data lie as files in `folder`, and stay there."""
    if connection.vendor == "sqlite":
        with _sqlite(folder) as picture:
            yield picture
    else:
        with transaction.atomic():
            yield _Postgres(folder)


class _Sqlite:
    def __init__(self, copy: sqlite3.Connection, path: Path) -> None:
        self.copy = copy
        self.members = [member_of(DATABASE + SQLITE_COPY, path)]

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        yield from self.copy.execute(query)


@contextlib.contextmanager
def _sqlite(folder: Path) -> Iterator[_Sqlite]:
    """Copy by SQLite's own backup in one step: writers go on meanwhile, in the write-ahead log."""
    name = Path(str(connection.settings_dict["NAME"]))
    if not name.is_file():
        raise Refused(f"There is no database at {name}.")
    path = folder / SQLITE_COPY
    with contextlib.closing(sqlite3.connect(path)) as copy:
        with contextlib.closing(sqlite3.connect(name, timeout=60)) as live:
            live.backup(copy)
        # One file that is whole by itself, without a log beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        yield _Sqlite(copy, path)


class _Postgres:
    """Every table by COPY, in one transaction that sees one moment."""

    def __init__(self, folder: Path) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        names = tables.dump(folder)
        self.members = [member_of(DATABASE + name, folder / name) for name in names]

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        with connection.chunked_cursor() as cursor:
            cursor.execute(query)
            while found := cursor.fetchmany(ROWS):
                yield from found
