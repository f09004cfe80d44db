"""The commands that `main` brings."""

import io

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.db import connection

from abonent.audit import guards
from abonent.audit.journal import SYSTEM, record
from abonent.audit.models import Entry


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


def test_every_command_of_ours_says_what_it_is_for() -> None:
    ours = {name: package for name, package in get_commands().items() if str(package).startswith("abonent.")}
    assert {"backup", "restore", "demo", "serve", "work", "verify-journal", "load-usage", "bill-run"} <= set(ours)
    for name, package in ours.items():
        assert load_command_class(str(package), name).help.endswith(".")
