"""`abonent load-payments FILE…`: book what bank statements (1CClientBankExchange, camt.053) brought."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from abonent.audit.journal import SYSTEM
from abonent.billing.bank.loading import counts, enter, finish
from abonent.billing.models import BankLine, BankStatement
from abonent.formats.bank.entries import StatementRefused
from abonent.formats.bank.reading import contents
from abonent.jobs.models import State

SHOWN = 50


class Command(BaseCommand):
    help = "Load bank statements (docs/formats/bank-statements.md); what is loaded already is not booked again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *_args: object, **options: Any) -> None:  # noqa: ANN401  # as Django declares it
        for path in options["files"]:
            self._load(path)

    def _load(self, path: Path) -> None:
        try:
            with path.open("rb") as stream:
                statement, new = enter(contents(stream), path.name, SYSTEM)
        except StatementRefused as refused:
            raise CommandError(f"{path}: {refused.message()}") from refused
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        if not new and not statement.is_open:
            self.stdout.write(_("%(file)s: loaded already, nothing changed") % {"file": path})
        finish(statement)
        if statement.state != State.DONE:
            raise CommandError(f"{path}: {statement.error}")
        self._tell(path, statement)

    def _tell(self, path: Path, statement: BankStatement) -> None:
        """The counts, then each entry that was not booked, with its line and why."""
        labels = dict(BankLine.State.choices)
        found = ", ".join(f"{labels[state]}: {count}" for state, count in sorted(counts(statement).items()))
        self.stdout.write(f"{path}: {found}")
        rest = statement.lines.exclude(state=BankLine.State.BOOKED)
        for line in rest[:SHOWN]:
            text = _("  line %(line)d: %(reason)s: %(text)s")
            said = line.text or f"{line.amount} {line.payer}"
            self.stdout.write(text % {"line": line.line, "reason": line.get_reason_display(), "text": said})
        more = rest.count() - SHOWN
        if more > 0:
            self.stdout.write(_("  and %(count)d more") % {"count": more})
