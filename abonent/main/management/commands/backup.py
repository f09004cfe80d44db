from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from abonent.main.backups.backup import backup
from abonent.main.backups.errors import Refused


class Command(BaseCommand):
    help = "Write data, files and call records of this moment into one archive, while the product runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive, which must not be there yet")

    def handle(self, *, file: Path, **_options: object) -> None:
        try:
            about = backup(file.absolute())
        except (Refused, OSError) as refused:
            raise CommandError(str(refused)) from refused
        megabytes = file.stat().st_size / 1_000_000
        self.stdout.write(f"{file}: {about.members} members, {megabytes:.1f} MB, as of {about.made}.")
