"""Writing many rows of a model at once, with the database held for as short as can be."""

from collections.abc import Sequence

from django.db import connection, models, transaction


def insert(rows: Sequence[models.Model], *, skip_known: bool = False) -> None:
    """Write new rows of one model; their keys are not to be counted on. `skip_known` leaves out conflicting ones.

    Django's `bulk_create` builds its statements while the transaction is open, for most of its time: on SQLite nobody
    else could write meanwhile, so there the values are ready before it begins. On PostgreSQL it is the quickest.
    """
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor != "sqlite":
        model._base_manager.bulk_create(rows, ignore_conflicts=skip_known)  # noqa: SLF001  # Django's documented name
        return
    options = model._meta  # noqa: SLF001  # documented
    fields = [field for field in options.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    tail = " ON CONFLICT DO NOTHING" if skip_known else ""
    statement = f"INSERT INTO {quote(options.db_table)} ({columns}) VALUES ({marks}){tail}"  # noqa: S608  # names only
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, values)
