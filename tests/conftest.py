"""What all tests share."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from abonent.audit import guards


@pytest.fixture(autouse=True, scope="session")
def _journal_opens_for_flush() -> Iterator[None]:
    """A test that commits empties the tables afterwards, which the journal's triggers would forbid."""
    flush = TransactionTestCase._fixture_teardown  # noqa: SLF001  # the one place where Django does it

    def flush_without_triggers(self: TransactionTestCase) -> None:
        with guards.lifted(connection):
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield
