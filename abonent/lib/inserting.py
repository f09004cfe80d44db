"""Writing many rows of a model at once, with the database held for as short as can be."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

Field: TypeAlias = "models.Field[Any, Any]"  # Any: of any kind
Values: TypeAlias = tuple[Any, ...]  # Any: as the driver takes them


def insert(rows: Sequence[models.Model], *, skip_known: bool = False) -> None:
    """Write new rows of one model; their keys are not to be counted on. `skip_known` leaves out conflicting ones.

    Django's `bulk_create` builds its statements while the transaction is open, for most of its time: on SQLite nobody
    else could write meanwhile, so there the values are ready before it begins. PostgreSQL takes rows by COPY in half
    the time, except where conflicts are left out, which COPY cannot.
    """
    if not rows:
        return
    if connection.vendor == "sqlite":
        _by_statement(rows, " ON CONFLICT DO NOTHING" if skip_known else "")
    elif skip_known:
        type(rows[0])._base_manager.bulk_create(rows, ignore_conflicts=True)  # noqa: SLF001  # Django's documented name
    else:
        _by_copy(rows)


def _by_statement(rows: Sequence[models.Model], tail: str) -> None:
    fields = _fields(rows)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {_target(rows, fields)} VALUES ({marks}){tail}"  # noqa: S608  # names only
    values = _values(rows, fields)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _by_copy(rows: Sequence[models.Model]) -> None:
    fields = _fields(rows)
    values = _values(rows, fields)
    statement = f"COPY {_target(rows, fields)} FROM STDIN"
    # Django passes `copy` on as it is, so its errors have to be made Django's here.
    errors = connection.wrap_database_errors
    with transaction.atomic(), connection.cursor() as cursor, errors, cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)


def _fields(rows: Sequence[models.Model]) -> list[Field]:
    options = rows[0]._meta  # noqa: SLF001  # documented
    return [field for field in options.concrete_fields if not field.primary_key]


def _target(rows: Sequence[models.Model], fields: Sequence[Field]) -> str:
    """The table and its columns."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return f"{quote(rows[0]._meta.db_table)} ({columns})"  # noqa: SLF001  # documented


def _values(rows: Sequence[models.Model], fields: Sequence[Field]) -> list[Values]:
    """By row."""
    columns = (_column(field, [getattr(row, field.attname) for row in rows]) for field in fields)
    return list(zip(*columns, strict=True))


def _column(field: Field, values: list[Any]) -> list[Any]:  # the same
    """As the database takes them. Often a whole column is one and the same value, which is made ready once."""
    # Not the proxy, which looks for the connection at each of several uses a value.
    real = connections[DEFAULT_DB_ALIAS]
    first = values[0]
    if all(value is first for value in values):
        return [field.get_db_prep_save(first, real)] * len(values)
    return [field.get_db_prep_save(value, real) for value in values]
