from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from abonent.main.processes import THREADS, need_free_port, run_together, web_command, worker_command


class Command(BaseCommand):
    help = "Serve the pages, with one worker beside (stop both with Ctrl-C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=THREADS, help="requests answered at the same time")
        parser.add_argument("--no-worker", action="store_true", help="the work is done by `abonent work` elsewhere")

    def handle(self, *, host: str, port: int, threads: int, no_worker: bool, **_options: object) -> None:
        need_free_port(host, port)
        commands = [web_command(host, port, threads)]
        if not no_worker:
            commands.append(worker_command())
        raise SystemExit(run_together(commands))
