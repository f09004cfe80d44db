"""Installations of their own for a test: a folder, an environment, a database, and the console command."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql

COMMAND = [sys.executable, "-c", "from abonent.main.cli import main; main()"]
# What is taken out of the environment of the tests: an installation has settings of its own.
OURS = "ABONENT_"


@dataclass(slots=True)
class Installation:
    """An Abonent that is nobody's but the test's; `changes` overrides its environment (None: not set)."""

    folder: Path
    database: str
    changes: dict[str, str | None] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        own: dict[str, str | None] = {
            "DJANGO_SETTINGS_MODULE": "abonent.main.settings",
            "ABONENT_SECRET_KEY": "a secret of thirty-two characters or more",
            "ABONENT_DATABASE_URL": self.database,
            "ABONENT_EMAIL_URL": "smtp://127.0.0.1:9",
            "ABONENT_STORAGE_URL": f"file://{self.folder}/files",
            "ABONENT_USAGE_URL": f"file://{self.folder}/usage",
            "ABONENT_PROFILE": "by",
            "ABONENT_CLOCK": "2026-11-09T12:00:00+03:00",
            **self.changes,
        }
        return inherited | {name: value for name, value in own.items() if value is not None}

    def run(self, *arguments: object, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """`abonent ARGUMENTS`; with `check` it must end well."""
        done = subprocess.run(  # noqa: S603  # a command of ours
            [*COMMAND, *map(str, arguments)], env=self.environment, capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def start(self, *command: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(  # noqa: S603  # the same
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def files(self) -> dict[str, str]:
        """Every content and call record file: its path, and the SHA-256 of its bytes."""
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for name in ("files", "usage")
            for path in sorted((self.folder / name).rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }

    def rows(self) -> dict[str, tuple[int, str]]:
        """Every table, with how many rows it has and a digest of them; what guards them counts as a table too."""
        return dict(
            _sqlite_rows(self.database) if self.database.startswith("sqlite") else _postgres_rows(self.database)
        )

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """Plain SQL, past the product."""
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"))) as database, database:
                return database.execute(query).fetchall()
        with psycopg.connect(self.database) as server:
            answer = server.execute(query.encode())
            return answer.fetchall() if answer.description else []


def databases(folder: Path, count: int) -> Iterator[list[str]]:
    """Addresses of `count` databases of the kind that the tests run on, gone afterwards."""
    if connection.vendor == "sqlite":
        yield [f"sqlite:///{folder}/{place}/abonent.sqlite3" for place in range(count)]
        return
    names = [f"backup_{os.getpid()}_{place}" for place in range(count)]
    with psycopg.connect(_url("postgres"), autocommit=True) as admin:
        for name in names:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield [_url(name) for name in names]
        for name in names:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _url(name: str) -> str:
    server = connection.settings_dict
    user, password = quote(server["USER"], safe=""), quote(server["PASSWORD"], safe="")
    host, port = quote(server["HOST"], safe=""), f":{server['PORT']}" if server["PORT"] else ""
    return f"postgresql://{user}:{password}@{host}{port}/{name}"


def _sqlite_rows(url: str) -> Iterator[tuple[str, tuple[int, str]]]:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        yield (
            "guards",
            _digest(database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()),
        )
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        for (name,) in names:
            rows = database.execute(f'SELECT * FROM "{name}"').fetchall()  # noqa: S608  # a table's own name
            yield name, _digest(sorted(rows, key=repr))


def _postgres_rows(url: str) -> Iterator[tuple[str, tuple[int, str]]]:
    with psycopg.connect(url) as server:
        guards = (
            "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
        )
        yield "guards", _digest(server.execute(guards).fetchall())
        yield (
            "sequences",
            _digest(server.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1").fetchall()),
        )
        names = server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        for (name,) in names:
            rows = server.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))).fetchall()
            yield name, _digest(sorted(rows))


def _digest(rows: list[tuple[object, ...]]) -> tuple[int, str]:
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()
