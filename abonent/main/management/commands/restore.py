from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from abonent.audit.verifying import verify_journal
from abonent.main.backups.errors import Refused
from abonent.main.backups.members import fingerprint
from abonent.main.backups.restore import restore


class Command(BaseCommand):
    help = "Fill an empty installation from an archive of `abonent backup`; the archive is checked first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive")

    def handle(self, *, file: Path, **_options: object) -> None:
        try:
            about = restore(file.absolute())
        except (Refused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Restored {about.members} members, as of {about.made}.")
        if about.key != fingerprint():
            self.stderr.write(
                "The archive was made under another ABONENT_SECRET_KEY. Give that one: with this one nobody stays "
                "logged in, and the journal is not signed by us."
            )
        report = verify_journal()
        for problem in report.problems:
            self.stderr.write(str(problem))
        if not report.is_sound:
            raise SystemExit(1)
        self.stdout.write(f"The journal is sound: {report.entries} entries.")
