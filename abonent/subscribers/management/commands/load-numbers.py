"""`abonent load-numbers CATEGORY FILE`: put numbers into the pool, one a line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from abonent.audit.journal import SYSTEM, record
from abonent.catalog.models import NumberCategory
from abonent.profile import current
from abonent.subscribers import pool

SHOWN = 5


class Command(BaseCommand):
    help = "Put the numbers of a text file, one a line, into the pool; what is known only changes its category."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("category", metavar="CATEGORY", help="code of a number category of the catalog")
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *_args: object, **options: Any) -> None:  # noqa: ANN401  # as Django declares it
        category = NumberCategory.objects.filter(code=options["category"]).first()
        if category is None:
            known = ", ".join(NumberCategory.objects.values_list("code", flat=True))
            raise CommandError(_("There is no such category; there are: %(known)s") % {"known": known})
        numbers = self._read(options["file"])
        added = pool.load(category, numbers)
        record(
            SYSTEM,
            "subscribers.load-numbers",
            after={"category": category.code, "count": len(numbers), "added": added},
        )
        self.stdout.write(_("%(count)d numbers, %(added)d of them new") % {"count": len(numbers), "added": added})

    def _read(self, path: Path) -> set[str]:
        """The digits of all lines; nothing is loaded of a file with a line that is none."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from error
        plan = current().numbers
        read = {number: plan.clean(line) for number, line in enumerate(lines, 1) if line.strip()}
        wrong = [number for number, digits in read.items() if digits is None]
        if wrong:
            first = ", ".join(str(number) for number in wrong[:SHOWN])
            raise CommandError(_("Not phone numbers, in lines: %(lines)s") % {"lines": first})
        return {digits for digits in read.values() if digits is not None}
