"""Empties the tables after a test that commits.

Django's own flush visits every table and makes all permissions anew, which takes longer than most tests. Here only what
holds something is emptied, and what the migrations made stays.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from abonent.audit import guards
from abonent.billing import guards as billing_guards

_KEPT = {"django_content_type", "auth_permission"}
# The built-in roles come with the migrations too.
_OWN = {"access_role": "WHERE client_id IS NOT NULL"}


def empty(connection: BaseDatabaseWrapper) -> None:
    """No table that a test may fill has a row, in spite of the triggers of journal and ledger."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            # Neither those triggers nor the checks of foreign keys are asked in this one transaction.
            connection.cursor().execute("SET LOCAL session_replication_role = replica")
            _delete(connection)
    else:
        with guards.lifted(connection), billing_guards.lifted(connection), transaction.atomic():
            _delete(connection)


def filled(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The tables that hold something, quoted, each with what to ask it for: all but what the migrations made."""
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _KEPT
    wanted = {connection.ops.quote_name(name): _OWN.get(name, "") for name in sorted(names)}
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name} {which})"  # noqa: S608  # names of tables
        for name, which in wanted.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name: f"{name} {wanted[name]}" for (name,) in cursor.fetchall()}


def _delete(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for which in filled(connection).values():
            cursor.execute(f"DELETE FROM {which}")  # noqa: S608  # the name of a table
