"""Writers and sealers at the same time, on a database that really commits."""

import threading

import pytest
from django.db import connections

from abonent.audit.journal import SYSTEM, record
from abonent.audit.models import Entry
from abonent.audit.sealing import seal
from abonent.audit.verifying import verify_journal

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

EACH = 40


def test_two_writers_and_two_sealers_at_once_keep_the_chain_valid() -> None:
    failures: list[BaseException] = []
    written = threading.Event()

    def write() -> None:
        for number in range(EACH):
            record(SYSTEM, "test.write", client_id=number % 2 + 1, after={"n": number})

    def keep_sealing() -> None:
        while not written.is_set():
            seal()

    def guarded(work: object) -> None:
        try:
            assert callable(work)
            work()
        except BaseException as failure:  # noqa: BLE001  # handed to the test below
            failures.append(failure)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=guarded, args=(write,)) for _ in range(2)]
    sealers = [threading.Thread(target=guarded, args=(keep_sealing,)) for _ in range(2)]
    for thread in [*sealers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    written.set()
    for thread in sealers:
        thread.join()
    report = verify_journal()
    assert failures == []
    assert report.is_sound
    assert report.entries == 2 * EACH
    first = Entry.objects.filter(client_id=1).order_by("sequence")
    assert list(first.values_list("sequence", flat=True)) == list(range(1, EACH + 1))
