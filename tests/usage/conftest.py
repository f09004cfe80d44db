import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from abonent.lib import clock
from tests.usage import world as worlds
from tests.usage.world import World

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def world(db: None, tmp_path: Path) -> Iterator[World]:  # noqa: ARG001  # it stands in the database
    """A store of its own, a small operator, and a clock that stands at `NOW`."""
    (tmp_path / "store").mkdir()
    with override_settings(USAGE_URL=f"file://{tmp_path}/store"), clock.stopped(NOW):
        yield worlds.make(tmp_path)
