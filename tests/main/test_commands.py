"""The commands that `main` brings."""

import io

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import connection

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.audit import guards
from abonent.audit.journal import SYSTEM, record
from abonent.audit.models import Entry
from tests.cast import Cast


def verified() -> str:
    out = io.StringIO()
    call_command("verify-journal", stdout=out, stderr=out)
    return out.getvalue()


@pytest.mark.django_db
def test_verify_journal_prints_the_heads_to_keep() -> None:
    record(SYSTEM, "tests.first")
    record(SYSTEM, "tests.second", client_id=7)
    told = verified()
    assert "2 entries in 2 chains" in told
    assert Entry.objects.get(client_id=7).hash in told
    assert "Nothing is altered" in told


@pytest.mark.django_db
def test_verify_journal_names_an_altered_entry_and_ends_with_1() -> None:
    entries = [record(SYSTEM, f"tests.{name}") for name in ("first", "second")]
    verified()
    with guards.lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET action = 'tests.other' WHERE id = %s", [entries[1].pk])
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify-journal", stdout=out, stderr=out)
    assert ended.value.code == 1
    assert f"altered: the operator's chain, number 2 (entry {entries[1].pk})" in out.getvalue()


@pytest.mark.django_db
def test_give_seat_lets_the_first_of_the_staff_in() -> None:
    call_command("give-seat", "Vera@Operator.example", "operator", name="Vera", stdout=io.StringIO())
    seat = Seat.objects.get(person__identifiers__value="vera@operator.example", person__identifiers__verified=True)
    assert (seat.person.name, seat.client, seat.has(Right.OPERATOR_JOBS)) == ("Vera", None, True)
    assert Entry.objects.get(action="access.seat").target_id == str(seat.pk)


def test_give_seat_gives_a_client_its_first_people_and_nothing_beyond(cast: Cast) -> None:
    arguments = ["anna@example.com", "supervisor", "--client", cast.company.tax_id]
    call_command("give-seat", *arguments, "--account", cast.second.number, stdout=io.StringIO())
    seat = cast.anna.person.seats.latest("pk")
    assert (seat.client, seat.account_ids) == (cast.company, frozenset({cast.second.pk}))
    wrong = [
        [*arguments, "--account", cast.stranger_account.number],
        ["anna@example.com", "supervisor"],
        ["anna@example.com", "operator", "--client", cast.company.tax_id],
        ["anna@example.com", "supervisor", "--client", "000"],
        ["anna", "operator"],
    ]
    for line in wrong:
        with pytest.raises(CommandError):
            call_command("give-seat", *line)
    assert cast.anna.person.seats.count() == 2


def test_every_command_of_ours_says_what_it_is_for() -> None:
    ours = {name: package for name, package in get_commands().items() if str(package).startswith("abonent.")}
    assert {"backup", "restore", "demo", "serve", "work", "verify-journal", "load-usage", "bill-run"} <= set(ours)
    for name, package in ours.items():
        assert load_command_class(str(package), name).help.endswith(".")
