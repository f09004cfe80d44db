"""Who gets what: every address × method × role, then foreign ids in every filter, form and address; how many leak.

The expectations are those of `tests/matrix`, written by hand; here they are walked and counted. With `GUARDS=1` each
access guard is taken away in turn besides, which takes hours: how many of them no test would miss.
"""

import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from bench.measure import figure

ROOT = Path(__file__).resolve().parents[1]
WALK, FOREIGN = "tests/matrix/test_walk.py", "tests/matrix/test_foreign.py"
WALKED = "test_an_address_answers_as_the_table_says"
GUARDS = re.compile(r"^(\d+) guards taken away one by one, (\d+) unnoticed$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Walked:
    """Cases of the walk, requests with foreign ids, and the cases that did not go as they should."""

    combinations: int
    requests: int
    wrong: tuple[str, ...]


def walked() -> Walked:
    with tempfile.TemporaryDirectory(prefix="abonent-matrix-") as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            # The counts of requests are properties of the cases, which the newer form does not have.
            "-o",
            "junit_family=xunit1",
            f"--junit-xml={report}",
            WALK,
            FOREIGN,
        ]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)  # noqa: S603  # our own tests
        return read(report)


def read(report: Path) -> Walked:
    """Count what pytest has written down."""
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314  # written just now by our own run
    names = [case.get("name", "") for case in cases]
    wrong = [case.get("name", "") for case in cases if any(case.find(end) is not None for end in ("failure", "error"))]
    noted = [note for case in cases for note in case.iter("property") if note.get("name") == "requests"]
    combinations = sum(name.startswith(WALKED) for name in names)
    return Walked(combinations, sum(int(note.get("value", "0")) for note in noted), tuple(wrong))


def guards() -> tuple[int, int]:
    """How many guards there are, and how many could go without a test that fails."""
    command = [sys.executable, "tools/guards.py"]
    run = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603  # our own tool
    found = GUARDS.search(run.stdout)
    if found is None:
        sys.exit(f"the guards could not be taken away: {run.stdout[-500:]}")
    return int(found.group(1)), int(found.group(2))


def main() -> None:
    found = walked()
    figure("access_matrix.combinations", found.combinations, "requests", note="address × GET, POST × four people")
    figure("access_matrix.foreign_ids", found.requests, "requests", note="in filters, forms and addresses")
    figure("access_matrix.leaks", len(found.wrong), "cases", note="; ".join(found.wrong[:5]))
    if os.environ.get("GUARDS"):
        known, unnoticed = guards()
        figure("access_matrix.guards", known, "guards", note="each taken away in turn")
        figure("access_matrix.guards_unnoticed", unnoticed, "guards")
