"""The work of the bench `journal`, in a process of its own that has a scratch database."""

import hashlib
import random
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # the settings come first
from django.db import connection, transaction  # noqa: E402

from abonent.audit import guards  # noqa: E402
from abonent.audit.journal import SYSTEM, record  # noqa: E402
from abonent.audit.models import Beside, Entry  # noqa: E402
from abonent.audit.sealing import seal  # noqa: E402
from abonent.audit.verifying import verify_journal  # noqa: E402
from bench.measure import figure, peak_mb  # noqa: E402

ENTRIES, CHUNK, AIM = 100_000, 1_000, 5


def write() -> None:
    for start in range(0, ENTRIES, CHUNK):
        with transaction.atomic():
            for number in range(start, start + CHUNK):
                record(SYSTEM, "orders.rows", target=("order", number, str(number)), client_id=1, after={"n": number})


def timed_verify() -> tuple[float, list[str]]:
    start = time.perf_counter()
    report = verify_journal()
    return time.perf_counter() - start, [str(found) for found in report.problems]


def bare() -> float:
    """The limit: one read of the same columns and one digest a row."""
    start = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, action, hash, what_digest FROM audit_entry ORDER BY client_id, sequence")
        for row in cursor:
            hashlib.sha256(repr(row).encode()).hexdigest()
    return time.perf_counter() - start


def tampered(what: str, key: int, name: str) -> None:
    """Do `what` to entry `key` as somebody would who owns the database, look, and put it back."""
    entry, beside = Entry.objects.get(pk=key), Beside.objects.get(pk=key)
    following = Entry.objects.get(pk=key + 1)
    with guards.lifted(connection):
        if what == "altered":
            Entry.objects.filter(pk=key).update(result="refused")
        elif what == "removed":
            Beside.objects.filter(pk=key).delete()
            Entry.objects.filter(pk=key).delete()
        else:
            swap(key, entry.sequence, key + 1, following.sequence)
    spent, found = timed_verify()
    named = bool(found) and any(str(near) in found[0] for near in (key, key + 1))
    figure(f"{name}.{what}", spent, "s", note=f"entry {key}: {found[:1]}, named: {named}; aim: under {AIM} s")
    assert named, (what, key, found)
    with guards.lifted(connection):
        if what == "altered":
            Entry.objects.filter(pk=key).update(result=entry.result)
        elif what == "removed":
            Entry.objects.bulk_create([entry])
            Beside.objects.bulk_create([beside])
        else:
            swap(key, following.sequence, key + 1, entry.sequence)


def swap(first: int, first_place: int | None, second: int, second_place: int | None) -> None:
    Entry.objects.filter(pk=first).update(sequence=None)
    Entry.objects.filter(pk=second).update(sequence=first_place)
    Entry.objects.filter(pk=first).update(sequence=second_place)


def main(kind: str) -> None:
    call_command("migrate", verbosity=0)
    name = f"journal.{kind}"
    write()
    start = time.perf_counter()
    seal()
    figure(
        f"{name}.seal", ENTRIES / (time.perf_counter() - start), "rows/s", note="with the pauses that let others write"
    )
    spent, found = timed_verify()
    assert found == []
    figure(
        f"{name}.verify",
        spent,
        "s",
        peer="read and hash once",
        peer_value=bare(),
        invert=True,
        note=f"{ENTRIES:,} entries; aim: under {AIM} s",
    )
    dice = random.Random(11)  # noqa: S311  # the same entries each time
    for what in ("altered", "removed", "reordered"):
        tampered(what, Entry.objects.order_by("pk")[dice.randrange(1, ENTRIES - 2)].pk, name)
    spent, found = timed_verify()
    assert found == []
    figure(f"{name}.peak_mb", peak_mb(), "MB")


if __name__ == "__main__":
    main(sys.argv[1])
