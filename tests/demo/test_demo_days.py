"""The demonstration starts on any day, and what it shows was computed (issue: «computed, not painted»)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import template

SMALL = ["--numbers", "24", "--records", "9000", "--only-make"]
FIRST = "2026-11-01T00:30:00+03:00"
THIRD = "2026-12-03T12:00:00+03:00"
LEAP = "2028-02-29T23:59:50+03:00"
LAST = "2027-01-31T08:00:00+03:00"
ASK = """
import json
import os
import sys

import django

from abonent.demo import environment

environment.prepare(["--data", sys.argv[1]])
os.environ["DJANGO_SETTINGS_MODULE"] = "abonent.main.settings"
django.setup()

from abonent.billing import balance
from abonent.billing.models import Invoice, LedgerEntry
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current
from abonent.usage.models import StoredPart, UsageMonth
from django.db.models import Sum

accounts = list(Account.objects.as_system())
states = balance.states_of(accounts)
months = sorted(set(Invoice.objects.as_system().values_list("month", flat=True)))
print(json.dumps({
    "today": str(clock.today(current().zone)),
    "open": str(Month.at(clock.now(), current().zone)),
    "months": months,
    "invoices": Invoice.objects.as_system().count(),
    "accounts": len(accounts),
    "records": StoredPart.objects.filter(kind="records").aggregate(sum=Sum("rows"))["sum"],
    "rated_open": UsageMonth.objects.order_by("-month").first().version is not None,
    "balance": str(sum(state.balance for state in states.values())),
    "ledger": str(LedgerEntry.objects.aggregate(sum=Sum("amount"))["sum"]),
    "last": [state.last_month for state in states.values()],
}))
"""


ABONENT = Path(sys.executable).with_name("abonent")


def run(folder: Path, day: str, command: list[str]) -> str:
    """What a process prints that stands on `day`, with the demonstration's folder as its last argument."""
    environment = {**os.environ, "ABONENT_CLOCK": day}
    for name in ("DJANGO_SETTINGS_MODULE", "ABONENT_CLOCK_SHIFT"):
        environment.pop(name, None)
    line = [*command, str(folder)]
    return subprocess.run(line, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603  # ours


@pytest.mark.parametrize(
    ("day", "demo"),
    [(FIRST, [str(ABONENT), "demo"]), (THIRD, template.DEMO), (LAST, template.DEMO), (LEAP, template.DEMO)],
)
def test_the_demonstration_stands_on_any_day(day: str, demo: list[str], tmp_path: Path) -> None:
    """What it says of itself adds up."""
    run(tmp_path, day, [*demo, *SMALL, "--data"])
    said: dict[str, Any] = json.loads(run(tmp_path, day, [sys.executable, "-c", ASK]))  # Any: JSON of our own script
    assert said["today"] == day[:10]
    assert len(said["months"]) == 13
    assert said["invoices"] == 13 * said["accounts"]
    assert said["months"][-1] < said["open"]
    assert set(said["last"]) == {said["months"][-1]}
    assert said["balance"] == said["ledger"]
    assert said["records"] > 5000


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        run(tmp_path, THIRD, [str(ABONENT), "demo", *SMALL, "--reset", "--data"])
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "mine"
