"""`abonent bill-run 2026-10`: form the invoices of a month that has ended."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from abonent.billing.models import BillRun, Invoice
from abonent.billing.run import BillRunError, bill_run
from abonent.lib.periods import Month


class Command(BaseCommand):
    help = "Rate a month that has ended and form one invoice per account; started again, it finishes what is left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", help="YYYY-MM")

    def handle(self, *, month: str, **_options: object) -> None:
        wanted = _month(month)
        shown: set[tuple[int, int]] = set()

        def tell(formed: int, total: int) -> None:
            if total and (formed, total) not in shown:
                shown.add((formed, total))
                self.stderr.write(f"{formed} of {total} accounts")

        try:
            run = bill_run(wanted, tell)
        except BillRunError as error:
            raise CommandError(str(error)) from error
        self._summary(run)

    def _summary(self, run: BillRun) -> None:
        """A line per account, then what was rated."""
        invoices = Invoice.objects.as_system().filter(month=run.month).select_related("account")
        for invoice in invoices.order_by("number").iterator():
            self.stdout.write(f"{invoice.account.number}  {invoice.number}  {invoice.gross} {invoice.currency}")
        version = run.rating_version
        if version:
            self.stdout.write(f"{version.records} records, {version.unrated} of them without a price")


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is not a month; write it as 2026-10") from error
