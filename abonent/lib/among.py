"""«One of these many» as one parameter of a query."""

import json
from collections.abc import Iterable
from typing import Never

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL


def among(values: Iterable[int] | Iterable[str]) -> RawSQL:
    """For `pk__in=among(ids)`, where there are hundreds of ids (or of texts; all of one kind).

    Django makes a parameter of each value, through four layers: for batches of hundreds, and a score of statements a
    batch, that took longer than the statements. Here they go over as one array.
    """
    given = list(values)
    if not given:
        return _Nothing("", [])
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(given)])  # no text of anybody in it
    kind = "text" if isinstance(given[0], str) else "bigint"
    return RawSQL(f"SELECT unnest(%s::{kind}[])", [given])  # noqa: S611  # one of two names


class _Nothing(RawSQL):
    """None at all: the query is not sent, as with an empty list."""

    def as_sql(self, *_args: object) -> Never:
        raise EmptyResultSet
