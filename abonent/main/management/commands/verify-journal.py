from django.core.management.base import BaseCommand

from abonent.audit.verifying import verify_journal


class Command(BaseCommand):
    help = "Prove that the journal is whole; what is not is named, and the exit code is 1."

    def handle(self, **_options: object) -> None:
        report = verify_journal()
        self.stdout.write(f"{report.entries} entries in {len(report.heads)} chains were checked.")
        for chain, (sequence, digest) in sorted(report.heads.items()):
            self.stdout.write(f"  chain {chain}: ends with number {sequence}, {digest}")
        for problem in report.problems:
            self.stderr.write(str(problem))
        if not report.is_sound:
            raise SystemExit(1)
        self.stdout.write("Nothing is altered, removed, added or out of order.")
