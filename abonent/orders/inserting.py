"""Writing many rows of orders at once."""

from collections.abc import Sequence

from django.db import connection, transaction

from abonent.orders.models import OrderItem


def insert(items: Sequence[OrderItem]) -> None:
    """Write new rows, without their keys.

    Django's `bulk_create` builds its statements while the transaction is open, for most of its time: on SQLite
    nobody else could write meanwhile. Here the values are ready before it begins.
    """
    fields = [field for field in OrderItem._meta.concrete_fields if not field.primary_key]  # noqa: SLF001  # documented
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(OrderItem._meta.db_table)  # noqa: SLF001  # documented
    statement = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608  # names only
    rows = [[field.get_db_prep_save(getattr(item, field.attname), connection) for field in fields] for item in items]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(statement, rows)
