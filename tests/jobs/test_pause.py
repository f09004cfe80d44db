"""The pause that lets others write: after what kept them, not after every little thing."""

import pytest
from django.db import connection

from abonent.jobs import pause

pytestmark = pytest.mark.django_db(transaction=True)


class Watch:
    """A clock that goes on when somebody sleeps, or is told to."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    made = Watch()
    monkeypatch.setattr(pause, "time", made)
    monkeypatch.setattr(pause._last, "pause", 0.0, raising=False)  # noqa: SLF001  # as if this thread had not written yet
    return made


def test_on_sqlite_writes_of_thirty_milliseconds_in_all_are_followed_by_a_pause(watch: Watch) -> None:
    for _piece in range(13):
        watch.now += 0.02
        pause.breathe()
    # The first, and then each second one: two of them took forty.
    assert watch.slept == ([0.02] * 7 if connection.vendor == "sqlite" else [])


def test_on_sqlite_each_long_write_has_its_pause(watch: Watch) -> None:
    for _piece in range(3):
        watch.now += 0.05
        pause.breathe()
    assert watch.slept == ([0.02] * 3 if connection.vendor == "sqlite" else [])
