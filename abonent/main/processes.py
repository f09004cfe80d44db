"""Starting and stopping the processes of a running Abonent as one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

GRACE_SECONDS = 15
LOOK_SECONDS = 0.2
# Requests answered at the same time. More than the processors can do only wait for each other inside the process; those
# that come meanwhile wait in the listening socket.
THREADS = min(8, 2 * (os.cpu_count() or 1) + 1)


def web_command(host: str, port: int, threads: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "abonent.main.wsgi:application"),
        *("--host", host, "--port", str(port), "--workers", "1", "--blocking-threads", str(threads)),
        *("--no-ws", "--log-level", "warning"),
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-m", "django", "work"]


def run_together(commands: Sequence[Sequence[str]]) -> int:
    """Run the commands until one of them ends or a signal comes; then end the others too. The first's exit code.

    All stay in this process group, so Ctrl-C in a terminal reaches every one of them.
    """
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    # Inherited: until a child has its own handler, Ctrl-C does not tear it from its start; we end it then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    running = [subprocess.Popen(command, env=environment) for command in commands]  # noqa: S603  # commands of ours
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
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
