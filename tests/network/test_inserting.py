"""Writing many rows at once: what comes back is what was given, on both databases."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from abonent.lib.inserting import insert
from abonent.network.models import NetworkCommand

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

AT = dt.datetime(2026, 11, 9, 9, 0, 0, 123_456, tzinfo=dt.UTC)


def command(key: str, **values: object) -> NetworkCommand:
    return NetworkCommand(**{"key": key, "kind": "connect_service", "number": "375291110001", "done": True, **values})


def test_rows_come_back_as_they_were_given() -> None:
    odd = "tab\tline\nback\\slash \\N 'quote' №"
    given = [command("1", args={"service": odd}, at=AT), command("2", reason=odd, done=False), command("3", number="")]
    insert(given)
    kept = list(NetworkCommand.objects.order_by("key"))
    fields = ("key", "kind", "number", "args", "done", "reason", "at")
    assert [[getattr(row, name) for name in fields] for row in kept] == [
        [getattr(row, name) for name in fields] for row in given
    ]


def test_a_row_that_is_known_is_an_error_that_keeps_nothing_or_is_left_out() -> None:
    insert([command("1", reason="first")])
    again = [command("2"), command("1", reason="second")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(again)
    assert NetworkCommand.objects.count() == 1
    insert(again, skip_known=True)
    assert list(NetworkCommand.objects.order_by("key").values_list("key", "reason")) == [("1", "first"), ("2", "")]


def test_no_rows_are_no_statement() -> None:
    insert([])
    assert not NetworkCommand.objects.exists()
