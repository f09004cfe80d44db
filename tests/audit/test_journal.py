import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from abonent.audit.erasing import erase_actor, erase_target
from abonent.audit.journal import SYSTEM, Actor, ActorKind, Origin, entries, record
from abonent.audit.models import Beside, Entry, JournalIsClosed
from abonent.audit.report import Kind
from abonent.audit.sealing import seal
from abonent.audit.verifying import verify_journal
from abonent.lib import clock

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

ANNA = Actor(ActorKind.PERSON, "7", "Анна Сергеевна")
HOME = Origin(address="203.0.113.5", device="Firefox", seat="Администратор")
NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def rename(client_id: int = 1) -> Entry:
    return record(
        ANNA,
        "subscribers.rename",
        target=("subscriber", 42, "Иван Петров"),
        client_id=client_id,
        before={"name": "Иван Петров"},
        after={"name": "Пётр Иванов", "price": Decimal("1.50"), "from": dt.date(2026, 11, 1)},
        origin=HOME,
    )


def named() -> list[tuple[Kind, int | None]]:
    return [(problem.kind, problem.entry_id) for problem in verify_journal().problems]


@pytest.mark.parametrize(
    ("part", "erase", "others", "own"),
    [
        ("who", erase_actor, ("person", "8"), ("person", "7")),
        ("what", erase_target, ("subscriber", "41"), ("subscriber", "42")),
    ],
)
def test_V6_a_part_that_is_blank_without_an_erasure_of_it_is_named(
    part: str, erase: Callable[..., int], others: tuple[str, str], own: tuple[str, str]
) -> None:
    """The database lets it through, as an erasure does the same; the journal tells."""
    operator, blank = Actor(ActorKind.PERSON, "1", "Support"), {part: "", f"{part}_salt": ""}
    entry, _other = rename(), rename()
    seal()
    erase(*others, by=operator)
    Beside.objects.filter(entry=entry).update(**blank)
    assert named() == [(Kind.ALTERED, entry.pk)]
    erase(*own, by=operator)
    assert named() == []
    later = rename()
    Beside.objects.filter(entry=later).update(**blank)
    assert named() == [(Kind.ALTERED, later.pk)]


def test_an_entry_says_who_what_on_what_from_where_before_after_and_result() -> None:
    with clock.stopped(NOON):
        rename()
    found = entries(1).get()
    assert (found.at, found.actor_kind, found.actor_id, found.action) == (NOON, "person", "7", "subscribers.rename")
    assert (found.target_kind, found.target_id, found.result) == ("subscriber", "42", "done")
    beside = found.beside
    assert (beside.actor_label, beside.target_label) == ("Анна Сергеевна", "Иван Петров")
    assert (beside.address, beside.device, beside.seat) == ("203.0.113.5", "Firefox", "Администратор")
    assert beside.before == {"name": "Иван Петров"}
    assert beside.after == {"name": "Пётр Иванов", "price": "1.50", "from": "2026-11-01"}


def test_entries_are_found_by_time_action_actor_and_target_within_a_client() -> None:
    with clock.stopped(NOON):
        rename()
        rename(client_id=2)
    with clock.stopped(NOON + dt.timedelta(hours=1)):
        record(SYSTEM, "billing.issue", client_id=1)
    assert [entry.action for entry in entries(1)] == ["billing.issue", "subscribers.rename"]
    hour = NOON + dt.timedelta(hours=1)
    assert [entry.action for entry in entries(1, since=hour)] == ["billing.issue"]
    assert [entry.action for entry in entries(1, until=hour)] == ["subscribers.rename"]
    assert entries(1, action="billing.issue").count() == 1
    assert entries(1, actor=("person", "7")).count() == 1
    assert entries(1, target=("subscriber", 42)).count() == 1
    assert entries(None).count() == 0


def test_an_entry_is_undone_with_the_change_it_tells_of() -> None:
    def change() -> None:
        with transaction.atomic():
            rename()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert not Entry.objects.exists()
    assert not Beside.objects.exists()


def test_the_models_refuse_to_change_or_delete() -> None:
    entry = rename()
    with pytest.raises(JournalIsClosed):
        entry.save()
    with pytest.raises(JournalIsClosed):
        entry.delete()
    with pytest.raises(JournalIsClosed):
        entry.beside.delete()


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entry",
        "DELETE FROM audit_beside",
        "UPDATE audit_entry SET result = 'other'",
        "UPDATE audit_entry SET client_id = NULL",
        "UPDATE audit_entry SET client_id = 2, sequence = 9, previous = 'a', hash = 'b'",
        "UPDATE audit_entry SET what_digest = 'a'",
        "UPDATE audit_entry SET sequence = NULL",
        "UPDATE audit_beside SET what = '{}'",
        "UPDATE audit_beside SET who = '', who_salt = 'a'",
    ],
)
def test_the_database_refuses_to_change_or_delete(statement: str, sealed: bool) -> None:  # noqa: FBT001  # a parameter
    rename()
    if sealed:
        seal()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_journal().is_sound


def test_a_sealed_entry_is_not_sealed_again() -> None:
    rename()
    seal()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET sequence = 2, previous = 'a', hash = 'b'")


def test_erasing_a_person_leaves_the_chain_valid_and_the_values_gone() -> None:
    rename()
    rename()
    seal()
    operator = Actor(ActorKind.PERSON, "1", "Support")
    assert erase_actor("person", "7", by=operator) == 2
    assert erase_target("subscriber", 42, by=operator) == 2
    report = verify_journal()
    assert report.is_sound
    assert report.erased == 4
    found = entries(1).first()
    assert found is not None
    assert (found.beside.actor_label, found.beside.address, found.beside.after) == ("", "", {})
    stored = "".join(Beside.objects.filter(entry__client_id=1).values_list("who", flat=True))
    assert "Анна" not in stored
    assert [entry.action for entry in entries(None)] == ["audit.erase-target", "audit.erase-actor"]
