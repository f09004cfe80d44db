"""A worker that is killed again and again while it sends: no letter is lost, a repeated one has the same Message-ID."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from pytest_django.fixtures import Settings

from abonent.jobs.lease import Lease
from abonent.jobs.models import State
from abonent.jobs.queue import LEASE
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.outbox import message, smtp
from abonent.outbox.models import Letter
from abonent.outbox.posting import post
from abonent.outbox.queues import QUEUES
from tests.outbox.mailserver import mail_server

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
LETTERS, KILLS = 25, 20


class Killed(BaseException):
    """As `kill -9` ends it: nothing that the product does on an error is done, what was not committed is gone."""


# Where it dies: with the letter claimed, built, taken by the server, or taken and settled but not committed.
POINTS: dict[str, tuple[object, str, bool]] = {
    "claimed": (message, "build", False),
    "built": (smtp, "send", False),
    "taken": (smtp, "send", True),
    "settled": (Lease, "_settle", True),
}


@contextmanager
def dying(point: str, nth: int) -> Iterator[None]:
    """Die the `nth` time that the work comes to `point`."""
    place, name, after = POINTS[point]
    real: Callable[..., object] = getattr(place, name)
    calls = count(1)

    def deadly(*args: object, **kwargs: object) -> object:
        last = next(calls) == nth
        if last and not after:
            raise Killed
        answer = real(*args, **kwargs)
        if last:
            raise Killed
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, deadly)
        yield


def test_killed_20_times_every_letter_arrives(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    names, kills, now = list(POINTS), 0, NOON
    with mail_server() as box:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{box.port}"
        with clock.stopped(NOON):
            wanted = {
                post(f"{n}@client.by", "Invoice", "x", purpose="invoice", language="en").message_id
                for n in range(LETTERS)
            }
        while Letter.objects.exclude(state=State.DONE).exists():
            with clock.stopped(now):
                try:
                    with dying(names[kills % len(names)], nth=1 + kills % 3 if kills < KILLS else 10**6):
                        drain(QUEUES)
                except Killed:
                    kills += 1
            now += LEASE
    arrived = Counter(str(letter["Message-ID"]) for letter in box.letters)
    repeated = sum(arrived.values()) - len(arrived)
    with capsys.disabled():
        print(f"\nkilled {kills} times: {len(wanted)} letters, {len(wanted - set(arrived))} lost, {repeated} repeated")  # noqa: T201  # the figure that is asked for
    assert (kills, set(arrived)) == (KILLS, wanted)
    # Only those that the server had taken when the worker died.
    assert 0 < repeated <= KILLS // 2
    assert not Letter.objects.filter(sent_at=None).exists()
