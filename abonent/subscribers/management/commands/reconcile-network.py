"""`abonent reconcile-network`: what the network has is held against what we hold."""

import csv
import os
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from abonent.network.embedded import EmbeddedNetwork
from abonent.network.errors import NetworkError
from abonent.network.gateway import Gateway, gateway
from abonent.subscribers.models import Subscriber, SubscriberQuerySet
from abonent.subscribers.reconciling import UNKNOWN, Difference, compare, unknown_lines

SHOWN = 100


class Command(BaseCommand):
    help = "Compare every number with what the network says of it; the exit code is 1 where something differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--client", default="", metavar="TAX_ID", help="only the numbers of this client")
        parser.add_argument("--csv", type=Path, metavar="FILE", help="write every difference to this file")
        parser.add_argument(
            "--take-over",
            action="store_true",
            help="let the embedded network know the numbers that it was never told of",
        )

    def handle(self, *, client: str, csv: Path | None, take_over: bool, **_options: object) -> None:
        lines = Subscriber.objects.as_system()
        if client:
            lines = lines.filter(account__contract__client__tax_id=client)
            if not lines.exists():
                raise CommandError(f"There are no numbers of a client {client}.")
        try:
            if take_over:
                self._take_over(lines)
            numbers, differing, differences = self._compare(lines, gateway(), csv)
        except NetworkError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{numbers} numbers compared; {differing} of them differ, in {differences} things.")
        if differences:
            raise SystemExit(1)

    def _take_over(self, lines: SubscriberQuerySet) -> None:
        network = gateway()
        if not isinstance(network, EmbeddedNetwork):
            raise CommandError("Only the embedded network takes numbers over from us; another one knows its own.")
        count = 0
        for unknown in unknown_lines(lines, network.report):
            network.take_over({f"line-{pk}": line for pk, line in unknown.items()})
            count += len(unknown)
        self.stdout.write(f"{count} numbers were taken over.")

    def _compare(self, lines: SubscriberQuerySet, network: Gateway, path: Path | None) -> tuple[int, int, int]:
        """How many numbers there were, how many differ, and in how many things."""
        numbers = differing = differences = 0
        with (path or Path(os.devnull)).open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(("number", "what", "ours", "theirs"))
            for compared in compare(lines, network.report):
                self._show(compared.differences[: max(SHOWN - differences, 0)])
                writer.writerows((one.number, one.what, one.ours, one.theirs) for one in compared.differences)
                numbers += compared.numbers
                differing += len({one.number for one in compared.differences})
                differences += len(compared.differences)
        if differences > SHOWN:
            self.stdout.write(f"… and {differences - SHOWN} more (--csv FILE has them all)")
        return numbers, differing, differences

    def _show(self, differences: Iterable[Difference]) -> None:
        for one in differences:
            if one.what == UNKNOWN:
                self.stdout.write(f"{one.number}: the network does not know it ({one.ours})")
            else:
                self.stdout.write(f"{one.number}: {one.what}: ours “{one.ours}”, theirs “{one.theirs}”")
