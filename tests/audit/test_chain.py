"""Each thing that can be done to the journal behind the product's back is named."""

import time

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from abonent.audit import guards
from abonent.audit.chain import COUNT, Content, entry_hash
from abonent.audit.journal import SYSTEM, record
from abonent.audit.models import Beside, Entry, Head
from abonent.audit.report import Kind, Report
from abonent.audit.sealing import BATCH, HeadForged, seal
from abonent.audit.verifying import verify, verify_journal

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def written(count: int, client_id: int | None = 1) -> list[int]:
    found = [record(SYSTEM, "test.write", client_id=client_id, after={"n": n}).pk for n in range(count)]
    seal()
    return found


def alter(key: int, **values: object) -> None:
    """Change an entry as somebody would who owns the database."""
    with guards.lifted(connection):
        Entry.objects.filter(pk=key).update(**values)


def remove(*keys: int) -> None:
    with guards.lifted(connection):
        Beside.objects.filter(pk__in=keys).delete()
        Entry.objects.filter(pk__in=keys).delete()


def found(report: Report | None = None) -> list[tuple[Kind, int, int, int | None]]:
    checked = report or verify_journal()
    return [(problem.kind, problem.chain, problem.sequence, problem.entry_id) for problem in checked.problems]


def test_sealing_chains_each_client_for_itself() -> None:
    written(3)
    written(2, client_id=2)
    written(1, client_id=None)
    written(1)
    sealed = Entry.objects.order_by("id").values_list("client_id", "sequence")
    assert list(sealed) == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (None, 1), (1, 4)]
    report = verify_journal()
    assert report.is_sound
    assert (report.entries, sorted(report.heads)) == (7, [0, 1, 2])
    assert report.heads[1] == (4, Entry.objects.get(client_id=1, sequence=4).hash)


def test_more_than_a_batch_is_sealed_at_once_and_nothing_twice() -> None:
    Entry.objects.bulk_create(Entry(client_id=1, action="test.write", result="done") for _ in range(BATCH + 1))
    assert seal() == BATCH + 1
    assert seal() == 0


def test_an_unsealed_entry_is_shown_as_such_and_verify_journal_seals_it() -> None:
    record(SYSTEM, "test.write")
    report = Report()
    verify(report)
    assert (report.unsealed, report.entries) == (1, 0)
    report = verify_journal()
    assert (report.unsealed, report.entries) == (0, 1)


def test_an_altered_entry_is_named() -> None:
    keys = written(5)
    alter(keys[2], result="refused")
    assert found() == [(Kind.ALTERED, 1, 3, keys[2])]


def test_words_altered_beside_an_entry_are_named() -> None:
    keys = written(3)
    with guards.lifted(connection):
        Beside.objects.filter(pk=keys[1]).update(what="{}")
    assert found() == [(Kind.ALTERED, 1, 2, keys[1])]
    with guards.lifted(connection):
        Beside.objects.filter(pk=keys[0]).delete()
    assert found()[0] == (Kind.ALTERED, 1, 1, keys[0])


def test_a_removed_entry_is_named() -> None:
    keys = written(5)
    remove(keys[2])
    assert found() == [(Kind.REMOVED, 1, 3, None)]


def test_a_removed_entry_is_named_when_the_numbers_were_closed_up() -> None:
    keys = written(5)
    remove(keys[2])
    alter(keys[3], sequence=3)
    alter(keys[4], sequence=4)
    assert found()[0] == (Kind.REMOVED, 1, 3, keys[3])


def test_reordered_entries_are_named() -> None:
    keys = written(5)
    alter(keys[1], sequence=99)
    alter(keys[2], sequence=2)
    alter(keys[1], sequence=3)
    assert found()[0] == (Kind.REORDERED, 1, 2, keys[2])


def test_a_cut_tail_is_named_even_after_new_entries() -> None:
    keys = written(5)
    remove(keys[3], keys[4])
    assert found() == [(Kind.CUT, 1, 4, None)]
    written(1)
    assert found() == [(Kind.REMOVED, 1, 4, None)]


def test_a_tail_cut_together_with_the_head_is_named_and_not_sealed_over() -> None:
    keys = written(3)
    last = Entry.objects.get(pk=keys[1])
    remove(keys[2])
    Head.objects.filter(chain=1).update(sequence=2, hash=last.hash)
    assert found() == [(Kind.FORGED, 1, 2, None)]
    record(SYSTEM, "test.write", client_id=1)
    with pytest.raises(HeadForged):
        seal()
    assert {kind for kind, *_ in found()} == {Kind.FORGED}


def test_a_whole_chain_that_is_gone_is_named() -> None:
    written(2)
    remove(*written(2, client_id=2))
    assert found() == [(Kind.CUT, 2, 1, None)]
    Head.objects.filter(chain=2).delete()
    assert found() == [(Kind.CUT, COUNT, 1, None)]


def test_an_entry_added_after_the_signed_end_is_named() -> None:
    keys = written(2)
    last = Entry.objects.get(pk=keys[1])
    forged = record(SYSTEM, "test.forged", client_id=1)
    content = Content._make(Entry.objects.filter(pk=forged.pk).values_list(*Content._fields).get())
    own = entry_hash(content, 3, last.hash)
    alter(forged.pk, sequence=3, previous=last.hash, hash=own)
    assert found() == [(Kind.ADDED, 1, 3, None)]


def test_a_chain_hashed_anew_ends_in_another_entry_than_the_signed_one() -> None:
    keys = written(1)
    alter(keys[0], result="refused")
    content = Content._make(Entry.objects.filter(pk=keys[0]).values_list(*Content._fields).get())
    alter(keys[0], hash=entry_hash(content, 1, ""))
    assert found() == [(Kind.FORGED, 1, 1, keys[0])]


def test_a_head_signed_with_the_key_in_force_before_still_holds(settings: Settings) -> None:
    written(2)
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "a new one"
    assert found()[0][0] is Kind.FORGED
    settings.SECRET_KEY_FALLBACKS = [before]
    assert found() == []
    assert Head.objects.count() == 2


def test_a_hundred_thousand_entries_are_verified_in_five_seconds() -> None:
    count = 20_000
    record(SYSTEM, "test.write", client_id=1)
    first = Entry.objects.select_related("beside").get()
    _copies(first, count - 1)
    seal()
    began = time.process_time()
    report = verify_journal()
    spent = time.process_time() - began
    assert report.is_sound
    assert report.entries == count
    assert spent * 100_000 / count < 5


def _copies(entry: Entry, count: int) -> None:
    columns = [str(field.column) for field in Entry._meta.concrete_fields if field.column != "id"]  # noqa: SLF001  # Django's public name
    names = ", ".join(columns)
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "  # noqa: S608  # our own names
        f"INSERT INTO audit_entry ({names}) SELECT {names} FROM audit_entry, n WHERE audit_entry.id = {entry.pk}"
    )
    with connection.cursor() as cursor:
        cursor.execute(numbers)
        cursor.execute(
            "INSERT INTO audit_beside (entry_id, who_salt, who, what_salt, what) "
            "SELECT e.id, b.who_salt, b.who, b.what_salt, b.what FROM audit_entry e, audit_beside b "
            "WHERE b.entry_id = %s AND e.id <> %s",
            [entry.pk, entry.pk],
        )
