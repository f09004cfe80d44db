"""Empties the tables after a test that commits.

Django's own flush visits every table and makes all permissions anew, which takes longer than most tests. Here only what
holds something is emptied, and what the migrations made stays.
"""

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from abonent.audit import guards
from abonent.billing import guards as billing_guards

_KEPT = {"django_content_type", "auth_permission"}


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


def _delete(connection: BaseDatabaseWrapper) -> None:
    names = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _KEPT
    quoted = [connection.ops.quote_name(name) for name in sorted(names)]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in quoted)  # noqa: S608  # names of tables
    with connection.cursor() as cursor:
        cursor.execute(asked)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608  # the same
