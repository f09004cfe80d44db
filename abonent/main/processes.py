"""Starting and stopping the processes of a running Abonent as one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from django.core.management.base import CommandError

GRACE_SECONDS = 15
# Less than our own grace: a web worker that does not stop is ended by its parent, and not left behind.
WEB_GRACE_SECONDS = 8
LOOK_SECONDS = 0.2
# Requests answered at the same time. More than the processors can do only wait for each other inside the process; those
# that come meanwhile wait in the listening socket.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)


def web_command(host: str, port: int, threads: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "abonent.main.wsgi:application"),
        *("--host", host, "--port", str(port), "--workers", "1", "--blocking-threads", str(threads)),
        *("--no-ws", "--log-level", "warning", "--workers-kill-timeout", str(WEB_GRACE_SECONDS)),
    ]


def need_free_port(host: str, port: int) -> None:
    """CommandError where somebody listens there: the server would share the port and get half of the requests."""
    family, _kind, _protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise CommandError(f"{host}:{port}: {error.strerror}. Choose another port with --port.") from error


def worker_command() -> list[str]:
    return [sys.executable, "-m", "django", "work"]


def run_together(commands: Sequence[Sequence[str]]) -> int:
    """Run the commands until one of them ends or a signal comes; then end the others too. The first's exit code.

    All stay in this process group. Ctrl-C in a terminal reaches this process alone, which then ends the others: granian
    and its own child, each told twice, take the other's end for a crash.
    """
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    # What is blocked stays so in the children; here it comes as soon as they are there.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    running = [subprocess.Popen(command, env=environment) for command in commands]  # noqa: S603  # commands of ours
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    while not stopping and all(process.poll() is None for process in running):
        time.sleep(LOOK_SECONDS)
    codes = [process.poll() for process in running]
    _end(running)
    failed = [code for code in codes if code]
    return 0 if stopping or not failed else failed[0]


def _end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask each to stop, wait, and only then insist."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
