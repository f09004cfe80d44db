"""DuckDB connections: bounded, offline, with no database file of their own."""

import contextlib
import functools
import tempfile
from collections.abc import Iterable, Iterator, Sequence

import duckdb


@contextlib.contextmanager
def session(memory: str = "1GB", threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own for one job; what does not fit into `memory` spills into a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="abonent-duckdb-") as folder:
        connection = _connect(memory, threads, folder)
        try:
            yield connection
        finally:
            connection.close()


def _connect(memory: str, threads: int, folder: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": folder,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


@functools.cache
def _shared() -> duckdb.DuckDBPyConnection:
    return _connect("256MB", 1, "")


def web_cursor() -> duckdb.DuckDBPyConnection:
    """A cursor on the one connection of this process, for what a page asks: one subscriber's month, no more."""
    return _shared().cursor()


def fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], rows: Iterable[Sequence[object]]
) -> None:
    """Make `table` of `columns` (name → type) with `rows`, handed over column by column."""
    held = list(rows)
    definition = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({definition})")
    if held:
        lists = ", ".join(f"UNNEST(${index}::{kind}[])" for index, kind in enumerate(columns.values(), 1))
        values = [list(column) for column in zip(*held, strict=True)]
        connection.execute(f"INSERT INTO {table} SELECT {lists}", values)  # names are ours
