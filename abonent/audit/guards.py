"""Triggers that keep the journal closed against anyone who speaks SQL to the database."""

import contextlib
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

CONTENT = (
    "id",
    "client_id",
    "at",
    "actor_kind",
    "actor_id",
    "action",
    "target_kind",
    "target_id",
    "result",
    "digest",
    "who_digest",
    "what_digest",
)
FUNCTION = """CREATE OR REPLACE FUNCTION audit_closed() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'the journal is closed' USING ERRCODE = 'restrict_violation'; END$$"""
TABLES = ("audit_entry", "audit_beside")


def install(connection: BaseDatabaseWrapper) -> None:
    """Forbid deleting from the journal, and changing it but for sealing (once) and erasing (a part, to nothing)."""
    _run(connection, _sqlite() if connection.vendor == "sqlite" else _postgresql())


def remove(connection: BaseDatabaseWrapper) -> None:
    names = [f"{table}_{verb}" for table in TABLES for verb in ("kept", "fixed", "whole")]
    if connection.vendor == "sqlite":
        _run(connection, [f"DROP TRIGGER IF EXISTS {name}" for name in names])
    else:
        _run(connection, [f"DROP TRIGGER IF EXISTS {name} ON {name.rsplit('_', 1)[0]}" for name in names])


@contextlib.contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers for the block: for emptying a test database, nothing else."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _entry_changed(same: str) -> str:
    fixed = " OR ".join(f"NOT (NEW.{name} {same} OLD.{name})" for name in CONTENT)
    return f"OLD.sequence IS NOT NULL OR NEW.sequence IS NULL OR {fixed}"


def _beside_changed() -> str:
    parts = [
        f"(NEW.{part} = OLD.{part} AND NEW.{part}_salt = OLD.{part}_salt OR NEW.{part} = '' AND NEW.{part}_salt = '')"
        for part in ("who", "what")
    ]
    return f"NOT (NEW.entry_id = OLD.entry_id AND {' AND '.join(parts)})"


def _sqlite() -> list[str]:
    changed = {"audit_entry": _entry_changed("IS"), "audit_beside": _beside_changed()}
    refuse = "BEGIN SELECT RAISE(ABORT, 'the journal is closed'); END"
    return [
        *(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {refuse}" for table in TABLES),
        *(f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} WHEN {changed[table]} {refuse}" for table in TABLES),
    ]


def _postgresql() -> list[str]:
    changed = {"audit_entry": _entry_changed("IS NOT DISTINCT FROM"), "audit_beside": _beside_changed()}
    refuse = "EXECUTE FUNCTION audit_closed()"
    return [
        FUNCTION,
        *(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW {refuse}" for table in TABLES),
        *(f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} {refuse}" for table in TABLES),
        *(
            f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({changed[table]}) {refuse}"
            for table in TABLES
        ),
    ]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
