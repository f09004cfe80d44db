"""Writing many rows of a model at once, with the database held for as short as can be."""

from collections.abc import Iterable, Mapping, Sequence
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
    model = type(rows[0])
    if connection.vendor == "postgresql" and skip_known:
        model._base_manager.bulk_create(rows, ignore_conflicts=True)  # noqa: SLF001  # Django's documented name
        return
    columns = {field: [getattr(row, field.attname) for row in rows] for field in _fields(model)}
    _write(model, columns, skip_known=skip_known)


def insert_values(
    model: type[models.Model], names: Sequence[str], rows: Sequence[Values], *, skip_known: bool = False
) -> None:
    """`insert` for rows that are nothing but these fields (by attribute); the others have their defaults.

    An object of each row would take as long as the rest of it.
    """
    if not rows:
        return
    if connection.vendor == "postgresql" and skip_known:
        insert([model(**dict(zip(names, row, strict=True))) for row in rows], skip_known=True)
        return
    given = dict(zip(names, zip(*rows, strict=True), strict=True))
    columns = {field: given.get(field.attname) or (field.get_default(),) * len(rows) for field in _fields(model)}
    unknown = given.keys() - {field.attname for field in columns}
    if unknown:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    _write(model, columns, skip_known=skip_known)


def _write(model: type[models.Model], columns: Mapping[Field, Sequence[Any]], *, skip_known: bool) -> None:
    values = list(zip(*(_column(field, column) for field, column in columns.items()), strict=True))
    if connection.vendor == "sqlite":
        _by_statement(_target(model, columns), values, " ON CONFLICT DO NOTHING" if skip_known else "")
    else:
        _by_copy(_target(model, columns), values)


def _by_statement(target: str, values: Sequence[Values], tail: str) -> None:
    marks = ", ".join(["%s"] * len(values[0]))
    statement = f"INSERT INTO {target} VALUES ({marks}){tail}"  # noqa: S608  # names only
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _by_copy(target: str, values: Sequence[Values]) -> None:
    # Django passes `copy` on as it is, so its errors have to be made Django's here.
    errors = connection.wrap_database_errors
    with transaction.atomic(), connection.cursor() as cursor, errors, cursor.copy(f"COPY {target} FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _fields(model: type[models.Model]) -> list[Field]:
    options = model._meta  # noqa: SLF001  # documented
    return [field for field in options.concrete_fields if not field.primary_key]


def _target(model: type[models.Model], fields: Iterable[Field]) -> str:
    """The table and its columns."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return f"{quote(model._meta.db_table)} ({columns})"  # noqa: SLF001  # documented


def _column(field: Field, values: Sequence[Any]) -> list[Any]:  # the same
    """As the database takes them. Often a whole column is one and the same value, which is made ready once."""
    # Not the proxy, which looks for the connection at each of several uses a value.
    real = connections[DEFAULT_DB_ALIAS]
    first = values[0]
    if all(value is first for value in values):
        return [field.get_db_prep_save(first, real)] * len(values)
    return [field.get_db_prep_save(value, real) for value in values]
