from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from abonent.audit.journal import SYSTEM
from abonent.billing.bank.loading import enter, finish
from abonent.billing.models import BankStatement
from abonent.lib import clock
from tests.billing.world import local

NOW = local(2026, 11, 22, 12)
Load = Callable[..., BankStatement]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path) -> Iterator[None]:
    """The day after that of the samples, with a place for files."""
    with clock.stopped(NOW), override_settings(STORAGE_URL=f"file://{tmp_path}/files"):
        yield


@pytest.fixture
def load() -> Load:
    def loaded(data: bytes, name: str = "statement.txt") -> BankStatement:
        return finish(enter(data, name, SYSTEM)[0])

    return loaded
