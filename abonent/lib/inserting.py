"""Writing many rows of a model at once, with the database held for as short as can be."""

from collections.abc import Collection

from django.db import connection, models, transaction


def insert(rows: Collection[models.Model], *, skip_known: bool = False) -> None:
    """Write new rows of one model, without giving them their keys; `skip_known` leaves out what breaks a constraint.

    Django's `bulk_create` builds its statements while the transaction is open, for most of its time: on SQLite nobody
    else could write meanwhile. Here the values are ready before it begins.
    """
    if not rows:
        return
    options = type(next(iter(rows)))._meta  # noqa: SLF001  # documented
    fields = [field for field in options.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    conflict = " ON CONFLICT DO NOTHING" if skip_known else ""
    statement = f"INSERT INTO {quote(options.db_table)} ({columns}) VALUES ({marks}){conflict}"  # noqa: S608  # names only
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, values)
