"""What an installation of a test has: `python -m tests.main.fill make FOLDER`, or `… write`, which never ends."""

import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # Django comes first
from django.db import transaction  # noqa: E402  # the same

from abonent.audit.journal import SYSTEM, record  # noqa: E402  # the same
from abonent.files.keeping import store  # noqa: E402  # the same
from abonent.usage.layout import HEADER  # noqa: E402  # the same
from tests import cast  # noqa: E402  # the same


def make(folder: Path) -> None:
    """The cast with a month of calls, billed; two files, and a journal that is sealed."""
    members = cast.build()
    lines = [
        f"{line.number};voice;out;2026-10-{day:02}T10:00:00+03:00;61;375172000000;"
        for line in members.subscribers
        for day in range(1, 29)
    ]
    path = folder / "october.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    call_command("load-usage", str(path))
    call_command("bill-run", "2026-10")
    store(b"%PDF-1.7 small", name="a.pdf", mime="application/pdf")
    store(bytes(range(256)) * 10_000, name="b.bin", mime="application/octet-stream")
    record(SYSTEM, "tests.filled", client_id=members.company.pk, target=("client", members.company.pk, "Belaya Rus"))
    call_command("verify-journal")


def write() -> None:
    """Two entries a transaction, on and on; says so after each."""
    while True:
        with transaction.atomic():
            record(SYSTEM, "tests.first")
            record(SYSTEM, "tests.second")
        print("wrote", flush=True)  # noqa: T201  # the test reads it


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        write()
