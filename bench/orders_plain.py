"""What the database itself takes for the end result of an order: the limit beside which the order is measured."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from abonent.lib import clock
from abonent.network.models import NetworkCommand
from abonent.orders.models import Order

# By action: which rows of a kind of holding are closed, which new one begins, and what the line itself shows then.
_HOLDINGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "change_plan": ("subscribers_planholding", ("tariff_id",)),
    "change_option_set": ("subscribers_planholding", ("tariff_id", "option_set_id")),
    "rename": ("subscribers_nameholding", ("last_name", "first_name", "middle_name")),
    "forwarding": ("subscribers_forwarding", ("kind", "target")),
    "replace_sim": ("subscribers_simholding", ("iccid",)),
    "change_numbers": ("subscribers_numberholding", ("number", "category_id", "fee")),
    "block": ("subscribers_statusholding", ("status",)),
    "unblock": ("subscribers_statusholding", ("status",)),
    "terminate": ("subscribers_statusholding", ("status",)),
}
# What of it the line itself shows, where that is not all.
_SHOWN: dict[str, tuple[str, ...]] = {"forwarding": (), "change_numbers": ("number",)}
_CONNECTED = ("subscribers_connectedservice", ("service_id", "fee", "connect_fee", "source"))


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and the values of each of its runs."""

    sql: str
    rows: Sequence[Sequence[object]]


def plain_rows_per_second(order: Order) -> float:
    """Write once more what the order has written, row by row in one transaction, and take it back."""
    rows = list(order.items.order_by("row").values_list("subscriber_id", "number"))
    statements = _statements(order, [(int(pk or 0), number) for pk, number in rows])
    with transaction.atomic(), connection.cursor() as cursor:
        began = time.perf_counter()
        for statement in statements:
            cursor.executemany(statement.sql, statement.rows)  # type: ignore[arg-type]  # as the driver takes them
        spent = time.perf_counter() - began
        transaction.set_rollback(True)
    return len(rows) / spent


def _statements(order: Order, rows: Sequence[tuple[int, str]]) -> list[Statement]:
    now = str(connection.ops.adapt_datetimefield_value(clock.now()))
    ids = [pk for pk, _number in rows]
    connects = order.action == "connect_service"
    table, fields = _CONNECTED if connects else _HOLDINGS[order.action]
    held = _held(table, fields)
    if connects:
        held = {pk: (*values[:-1], f"plain-{pk}") for pk, values in held.items()}
    names, marks = ", ".join(fields), ", ".join(["%s"] * len(fields))
    found = [
        Statement(
            f'UPDATE {table} SET "end" = %s WHERE subscriber_id = %s AND "end" IS NULL',  # noqa: S608  # names only
            [(now, pk) for pk in ids],
        ),
        Statement(
            f"INSERT INTO {table} (subscriber_id, start, {names}) VALUES (%s, %s, {marks})",  # noqa: S608  # names only
            [(pk, now, *held[pk]) for pk in ids],
        ),
    ]
    shown = () if connects else _SHOWN.get(order.action, fields)
    if shown:
        sets = ", ".join(f"{name} = %s" for name in shown)
        statement = f"UPDATE subscribers_subscriber SET {sets} WHERE id = %s"  # noqa: S608  # names only
        found.append(Statement(statement, [(*held[pk][: len(shown)], pk) for pk in ids]))
    return found if order.action == "rename" else [*found, _log(order.action, rows)]


def _held(table: str, fields: Sequence[str]) -> dict[int, tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT subscriber_id, {", ".join(fields)} FROM {table} WHERE "end" IS NULL')  # noqa: S608  # names only
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _log(kind: str, rows: Sequence[tuple[int, str]]) -> Statement:
    """The network's own line for each number."""
    fields = [field for field in NetworkCommand._meta.concrete_fields if not field.primary_key]  # noqa: SLF001  # documented
    names, marks = ", ".join(str(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    told = [NetworkCommand(key=f"plain-{number}", kind=kind, number=number, done=True) for _pk, number in rows]
    values = [
        tuple(field.get_db_prep_save(getattr(one, field.attname), connection) for field in fields) for one in told
    ]
    return Statement(f"INSERT INTO network_networkcommand ({names}) VALUES ({marks})", values)  # noqa: S608  # names only
