"""Triggers that keep invoices, payments and the ledger closed against anyone who speaks SQL to the database.

Nothing here is ever updated. Payments, ledger entries and invoices are never deleted. A breakdown and its rows can be
deleted, and rows added, only as long as no invoice has it: it is then the rest of a run that was killed.
"""

import contextlib
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

KEPT = ("billing_invoice", "billing_payment", "billing_ledgerentry")
# Table → its column that names the breakdown.
OF_BREAKDOWN = {
    "billing_breakdown": "id",
    "billing_invoicesubscriber": "breakdown_id",
    "billing_invoiceline": "breakdown_id",
}
MESSAGE = "what was billed or booked is closed"
FUNCTION = f"""CREATE OR REPLACE FUNCTION billing_closed() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END$$"""
# PostgreSQL allows no subquery in the condition of a trigger, so the question is asked in its function.
ISSUED_FUNCTION = f"""CREATE OR REPLACE FUNCTION billing_closed_if_issued() RETURNS trigger LANGUAGE plpgsql AS
$$DECLARE held bigint;
BEGIN
    IF TG_TABLE_NAME = 'billing_breakdown' THEN held := OLD.id;
    ELSIF TG_OP = 'DELETE' THEN held := OLD.breakdown_id;
    ELSE held := NEW.breakdown_id;
    END IF;
    IF EXISTS (SELECT 1 FROM billing_invoice WHERE breakdown_id = held) THEN
        RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END$$"""  # noqa: S608  # a constant of ours


def install(connection: BaseDatabaseWrapper) -> None:
    _run(connection, _sqlite() if connection.vendor == "sqlite" else _postgresql())


def remove(connection: BaseDatabaseWrapper) -> None:
    on = connection.vendor != "sqlite"
    tables = [*KEPT, *OF_BREAKDOWN]
    verbs = ("fixed", "kept", "whole", "added")
    _run(
        connection,
        [
            f"DROP TRIGGER IF EXISTS {table}_{verb}" + (f" ON {table}" if on else "")
            for table in tables
            for verb in verbs
        ],
    )


@contextlib.contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Without the triggers for the block: for emptying a test database, nothing else."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"

    def issued(row: str, column: str) -> str:
        return f"WHEN EXISTS (SELECT 1 FROM billing_invoice WHERE breakdown_id = {row}.{column})"  # noqa: S608  # names of ours

    return [
        *(f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} {refuse}" for table in (*KEPT, *OF_BREAKDOWN)),
        *(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {refuse}" for table in KEPT),
        *(
            f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {issued('OLD', column)} {refuse}"
            for table, column in OF_BREAKDOWN.items()
        ),
        *(
            f"CREATE TRIGGER {table}_added BEFORE INSERT ON {table} {issued('NEW', column)} {refuse}"
            for table, column in OF_BREAKDOWN.items()
            if column != "id"
        ),
    ]


def _postgresql() -> list[str]:
    each, refuse = "FOR EACH ROW", "EXECUTE FUNCTION billing_closed()"
    unless_issued = f"{each} EXECUTE FUNCTION billing_closed_if_issued()"
    tables = (*KEPT, *OF_BREAKDOWN)
    return [
        FUNCTION,
        ISSUED_FUNCTION,
        *(f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} {each} {refuse}" for table in tables),
        *(f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} {refuse}" for table in tables),
        *(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {each} {refuse}" for table in KEPT),
        *(f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} {unless_issued}" for table in OF_BREAKDOWN),
        *(
            f"CREATE TRIGGER {table}_added BEFORE INSERT ON {table} {unless_issued}"
            for table, column in OF_BREAKDOWN.items()
            if column != "id"
        ),
    ]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
