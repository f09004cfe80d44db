"""Making an installation out of an archive."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from abonent.files.storage import storage
from abonent.main.backups import archive as archives
from abonent.main.backups import tables
from abonent.main.backups.errors import Refused
from abonent.main.backups.members import DATABASE, FILES, USAGE, About
from abonent.main.backups.snapshot import SQLITE_COPY
from abonent.usage import store


def restore(archive: Path) -> About:
    """Fill this installation, which must be empty, from the archive; migrations of newer code follow.

    The database comes last. Refused, with nothing written, where the archive is damaged, of another kind of database
    or of newer code.
    """
    about = archives.check(archive)
    _check_fits(about)
    nearby = _nearby()
    _check_empty()
    with tempfile.TemporaryDirectory(prefix=".abonent-restore-", dir=nearby) as name:
        folder = Path(name)
        for member, stream in archives.contents(archive):
            if member.startswith(FILES):
                storage().write(archives.pieces(stream))
            elif member.startswith(USAGE):
                _keep(store.root() / member.removeprefix(USAGE), archives.pieces(stream))
            else:
                _keep(folder / member.removeprefix(DATABASE), archives.pieces(stream))
        _load(folder, about)
    if _is_behind():
        call_command("migrate", verbosity=0)
    return about


def _check_fits(about: About) -> None:
    if about.database != connection.vendor:
        raise Refused(f"The archive is of a database on {about.database}; this one is on {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations or {}}
    newer = sorted(set(about.migrations) - known)
    if newer:
        raise Refused(f"The archive was made by a newer Abonent than this one, which does not know {newer[0]}.")


def _check_empty() -> None:
    if connection.introspection.table_names():
        raise Refused("The database is not empty. An archive is restored into an empty installation only.")
    if any(storage().contents()):
        raise Refused(f"{storage().root} is not empty. An archive is restored into an empty installation only.")
    if any(store.root().rglob("*.parquet")):
        raise Refused(f"{store.root()} is not empty. An archive is restored into an empty installation only.")


def _nearby() -> Path | None:
    """A folder from which a database file gets to its place by renaming."""
    if connection.vendor != "sqlite":
        return None
    folder = _database().parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _database() -> Path:
    return Path(str(connection.settings_dict["NAME"]))


def _keep(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        path.chmod(0o600)
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def _load(folder: Path, about: About) -> None:
    if connection.vendor != "sqlite":
        tables.load(folder, about.migrations)
        return
    # Looking for tables made an empty database, whose log must not be read into this one.
    connection.close()
    place = _database()
    for beside in (f"{place}-wal", f"{place}-shm"):
        Path(beside).unlink(missing_ok=True)
    (folder / SQLITE_COPY).replace(place)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
