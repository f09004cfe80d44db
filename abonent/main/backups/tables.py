"""PostgreSQL's tables as files and back, by COPY."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

LIST = "tables.json"
CHUNK = 1024 * 1024
COLUMNS = """SELECT column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"""


def dump(folder: Path) -> list[str]:
    """Write every table and the list of them (columns, sequences), within the caller's transaction; the file names."""
    columns = {name: _columns(name) for name in sorted(connection.introspection.table_names())}
    for name, listed in columns.items():
        _dump(name, listed, folder / f"{name}.copy")
    (folder / LIST).write_text(json.dumps({"columns": columns, "sequences": _sequences()}), encoding="utf-8")
    return [*(f"{name}.copy" for name in columns), LIST]


def _dump(name: str, columns: list[str], path: Path) -> None:
    statement = _copy(name, columns, "TO STDOUT")
    with path.open("wb") as out, _psycopg().cursor() as cursor, cursor.copy(statement) as rows:
        for piece in rows:
            out.write(piece)


def load(folder: Path, migrations: Iterable[str]) -> None:
    """Make the tables as of these migrations ("app.name"), and fill them from `folder`, in one transaction."""
    _migrate({(app, name) for app, _, name in (line.partition(".") for line in migrations)})
    listed = json.loads((folder / LIST).read_text(encoding="utf-8"))
    columns: Mapping[str, list[str]] = listed["columns"]
    # What migrating put there goes; what makes rows immutable stands aside while they come in, and is back at the end.
    with transaction.atomic():
        _alter(columns, "DISABLE TRIGGER USER")
        _execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, columns))))
        for name, of_table in columns.items():
            _fill(name, of_table, folder / f"{name}.copy")
        for name, (value, called) in listed["sequences"].items():
            _execute(sql.SQL("SELECT setval({}, {}, {})").format(name, value, called))
        _execute(sql.SQL("SET CONSTRAINTS ALL IMMEDIATE").format())
        _alter(columns, "ENABLE TRIGGER USER")


def _fill(name: str, columns: list[str], path: Path) -> None:
    statement = _copy(name, columns, "FROM STDIN")
    with path.open("rb") as rows, _psycopg().cursor() as cursor, cursor.copy(statement) as table:
        for piece in _pieces(rows):
            table.write(piece)


def _migrate(wanted: set[tuple[str, str]]) -> None:
    """Up to the last ones of these: each target brings those that it stands on."""
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    executor.migrate([key for key in sorted(wanted) if not any(child.key in wanted for child in nodes[key].children)])


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [table])
        return [name for (name,) in cursor.fetchall()]


def _sequences() -> dict[str, tuple[int, bool]]:
    """Where each sequence is; at least as far as the rows of the transaction."""
    found = {}
    with _psycopg().cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1")
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
            found[name] = cursor.fetchall()[0]
    return found


def _alter(names: Iterable[str], change: str) -> None:
    for name in names:
        _execute(sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(name), sql.SQL(change)))


def _copy(table: str, names: list[str], direction: str) -> sql.Composed:
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), listed, sql.SQL(direction))


def _execute(statement: sql.Composed) -> None:
    with _psycopg().cursor() as cursor:
        cursor.execute(statement)


def _psycopg() -> "psycopg.Connection[tuple[Any, ...]]":
    """The driver's own connection, which knows COPY; in the transaction that Django has open."""
    connection.ensure_connection()
    driver: psycopg.Connection[tuple[Any, ...]] = connection.connection
    return driver


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece
