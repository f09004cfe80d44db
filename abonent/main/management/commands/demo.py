import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from abonent import profile
from abonent.demo import environment, history, people
from abonent.demo.plan import FULL_RECORDS, NUMBERS, RECORDS, Plan
from abonent.jobs import pause
from abonent.lib import clock
from abonent.lib.phones import pretty
from abonent.main.processes import THREADS, need_free_port, run_together, web_command, worker_command


class Command(BaseCommand):
    help = "Start a fictional operator with thirteen billed months; everything stays in one folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        environment.add_options(parser)
        parser.add_argument("--numbers", type=int, default=NUMBERS, help="numbers of the large client")
        parser.add_argument("--records", type=int, default=RECORDS, help="call records in all")
        parser.add_argument("--only-make", action="store_true", help="make the data and stop")

    def handle(self, *, port: int, data: Path, full: bool, **options: object) -> None:
        records = FULL_RECORDS if full else int(str(options["records"]))
        plan = Plan(clock.now(), profile.current().zone, int(str(options["numbers"])), records)
        folder = data.resolve()
        if not options["only_make"]:
            need_free_port("127.0.0.1", port)
        if self._is_made(folder, plan, full=full):
            call_command("migrate", verbosity=0)
        else:
            self._make(folder, plan)
        if options["only_make"]:
            return
        self._greet(port)
        raise SystemExit(run_together([web_command("127.0.0.1", port, THREADS), worker_command()]))

    def _is_made(self, folder: Path, plan: Plan, *, full: bool) -> bool:
        """Whether the folder holds a whole demonstration of this month, large enough where `--full` asks for it."""
        marker = folder / environment.MARKER
        if not marker.is_file():
            return False
        made = json.loads(marker.read_text(encoding="utf-8"))
        return made["month"] == str(plan.open_month) and (not full or made["records"] >= FULL_RECORDS)

    def _make(self, folder: Path, plan: Plan) -> None:
        started = clock.timer()
        environment.clear(folder)
        self.stdout.write(f"Making the demonstration in {folder}")
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            # Until it is whole there is nothing to lose to a power cut; the server opens the data with full care.
            cursor.execute("PRAGMA synchronous=OFF")
        with pause.alone():
            history.make(plan, self._tell)
        connection.close()
        marker = {"month": str(plan.open_month), "numbers": plan.numbers, "records": plan.records}
        (folder / environment.MARKER).write_text(json.dumps(marker), encoding="utf-8")
        self.stdout.write(f"Made in {clock.timer() - started:.0f} s")

    def _tell(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def _greet(self, port: int) -> None:
        lines = [
            "",
            f"Abonent is at http://127.0.0.1:{port}/  (Ctrl-C stops it)",
            f"Codes and letters arrive at http://127.0.0.1:{port}/inbox/",
            f"The password of everybody is {people.PASSWORD}",
            "",
        ]
        for member in people.CAST:
            account = f", account {member.account_login}" if member.account_login else ""
            lines.append(f"  {pretty(member.phone)}  {member.email:22}  {member.name}: {member.about}{account}")
        self.stdout.write("\n".join([*lines, ""]))
        self.stdout.flush()
