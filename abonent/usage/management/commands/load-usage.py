"""`abonent load-usage FILE…`: take in call record files, then rate the open months that they touched."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from abonent.usage import intake
from abonent.usage.lines import NotAUsageFileError
from abonent.usage.rating import rate

SHOWN = 20


class Command(BaseCommand):
    help = "Load call record files (docs/usage-format.md); a file that is loaded already changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--rejects", type=Path, metavar="FILE", help="write every rejected line to this CSV file")
        parser.add_argument("--no-rating", action="store_true", help="do not rate the months that got records")

    def handle(self, *_args: object, **options: Any) -> None:  # noqa: ANN401  # as Django declares it
        results = [self._load(path) for path in options["files"]]
        if options["rejects"]:
            self._write_rejects(options["rejects"], results)
        if not options["no_rating"]:
            for month in sorted({month for result in results for month in result.months}):
                version = rate(month)
                self.stdout.write(
                    _("%(month)s rated: %(records)d records, %(unrated)d without a price")
                    % {"month": month, "records": version.records, "unrated": version.unrated}
                )

    def _load(self, path: Path) -> intake.IntakeResult:
        try:
            result = intake.load(path, self._progress)
        except NotAUsageFileError:
            raise CommandError(_("%(file)s: not a call record file (its first line)") % {"file": path}) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        if result.already_loaded:
            self.stdout.write(_("%(file)s: loaded already, nothing changed") % {"file": path})
            return result
        self.stdout.write(
            _("%(file)s: %(records)d records, %(late)d of them late, %(rejected)d lines rejected")
            % {"file": path, "records": result.records, "late": result.late, "rejected": result.rejected}
        )
        self._show_rejects(result)
        return result

    def _show_rejects(self, result: intake.IntakeResult) -> None:
        for line in result.file.rejected_lines.all()[:SHOWN]:
            text = _("  line %(line)d: %(reason)s: %(text)s")
            self.stdout.write(text % {"line": line.line_number, "reason": line.get_reason_display(), "text": line.text})
        if result.rejected > SHOWN:
            self.stdout.write(_("  and %(count)d more (--rejects FILE lists all)") % {"count": result.rejected - SHOWN})

    def _write_rejects(self, path: Path, results: list[intake.IntakeResult]) -> None:
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, delimiter=";")
            writer.writerow(("file", "line", "reason", "text"))
            for result in results:
                for line in result.file.rejected_lines.iterator():
                    writer.writerow((result.file.name, line.line_number, line.reason, line.text))

    def _progress(self, stage: str, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{stage} {done * 100 // max(total, 1)} % ", ending="")
