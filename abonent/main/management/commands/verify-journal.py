from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from abonent.audit.anchoring import check_lines
from abonent.audit.verifying import verify_journal


class Command(BaseCommand):
    help = "Prove that the journal is whole; what is not is named, and the exit code is 1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", type=Path, help="a file of lines that were kept outside, to hold against it")

    def handle(self, *, anchors: Path | None, **_options: object) -> None:
        report = verify_journal()
        if anchors is not None:
            count = check_lines(anchors.read_text(encoding="utf-8").splitlines(), report)
            self.stdout.write(f"{count} lines kept outside were held against the journal.")
        self.stdout.write(f"{report.entries} entries in {len(report.heads)} chains were checked.")
        if report.erased:
            self.stdout.write(f"{report.erased} parts were erased, as later entries tell.")
        for chain, (sequence, digest) in sorted(report.heads.items()):
            self.stdout.write(f"  chain {chain}: ends with number {sequence}, {digest}")
        for problem in report.problems:
            self.stderr.write(str(problem))
        if not report.is_sound:
            raise SystemExit(1)
        self.stdout.write("Nothing is altered, removed, added or out of order.")
