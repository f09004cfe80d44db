"""The product as a stranger starts it: `abonent demo` in a process group of its own, on a free port."""

import fcntl
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import template

ABONENT = Path(sys.executable).with_name("abonent")
SIZE = ["--numbers", "160", "--records", "30000"]
START_SECONDS = 120
STOP_SECONDS = 20
LOOK_SECONDS = 0.2
ON_ITS_DATA = """
import sys

from abonent.demo import environment

environment.prepare(["--data", sys.argv.pop(1)])
from abonent.main.cli import main

main()
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A subscriber as the database has it."""

    pk: int
    number: str
    iccid: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration that is running: its address and its folder."""

    url: str
    folder: Path

    def abonent(self, *arguments: str) -> str:
        """Run the console command on the same data; what it printed."""
        command = [sys.executable, "-c", ON_ITS_DATA, str(self.folder), *arguments]
        done = subprocess.run(command, env=environment(), check=True, capture_output=True, text=True)  # noqa: S603  # ours
        return done.stdout

    def lines(self, account: str, status: str = "active") -> list[Line]:
        """The subscribers of an account, by number."""
        asked = (
            "SELECT s.id, s.number, s.iccid, s.last_name FROM subscribers_subscriber s "
            "JOIN clients_account a ON a.id = s.account_id WHERE a.number = ? AND s.status = ? ORDER BY s.number"
        )
        with closing(sqlite3.connect(self.folder / "abonent.sqlite3")) as database:
            return [Line(*row) for row in database.execute(asked, (account, status))]

    def never_had(self, account: str, *services: str) -> list[Line]:
        """Its active subscribers that never had one of the services (by code), whatever other journeys did."""
        asked = (
            "SELECT c.subscriber_id FROM subscribers_connectedservice c JOIN catalog_service s ON s.id = c.service_id "
            "WHERE s.code IN (SELECT value FROM json_each(?))"
        )
        with closing(sqlite3.connect(self.folder / "abonent.sqlite3")) as database:
            having = {pk for (pk,) in database.execute(asked, [json.dumps(services)])}
        return [line for line in self.lines(account) if line.pk not in having]

    def end_session(self, key: str) -> None:
        """Its time is over, as it would be in twelve hours."""
        past = "UPDATE access_loginsession SET expire_date = '2020-01-01 00:00:00' WHERE session_key = ?"
        with closing(sqlite3.connect(self.folder / "abonent.sqlite3", timeout=10)) as database, database:
            assert database.execute(past, (key,)).rowcount == 1


def environment() -> dict[str, str]:
    """What the test has itself, without what the tests' settings put there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ABONENT_", "DJANGO_"))}
    return {**kept, "PYTHONUNBUFFERED": "1"}


def made(folder: Path) -> Path:
    """The data of a demonstration, made by the first who asks; nothing runs on it."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            command = [*template.DEMO, *SIZE, "--only-make", "--data", str(folder)]
            own = {**environment(), template.FOLDER: os.environ[template.FOLDER]}
            subprocess.run(command, env=own, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # ours
    return folder


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """Start the demonstration in `folder`; at the end Ctrl-C, which must stop all of it with a good exit code."""
    port = _free_port()
    log = folder.with_suffix(".log")
    command = [str(ABONENT), "demo", *SIZE, "--data", str(folder), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # ours
            command, env=environment(), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        _wait(process, port, log)
        yield Demo(f"http://127.0.0.1:{port}", folder)
    finally:
        _stop(process, log)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(port):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, f"not ready: {log.read_text(encoding='utf-8')}"
        time.sleep(LOOK_SECONDS)


def _is_ready(port: int) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/health/ready")
        return asking.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        asking.close()


def _stop(process: "subprocess.Popen[bytes]", log: Path) -> None:
    """As Ctrl-C in a terminal does: a signal to the whole group."""
    group = process.pid
    if process.poll() is None:
        os.killpg(group, signal.SIGINT)
    try:
        code = process.wait(STOP_SECONDS)
        left = _members(group)
        assert (code, left) == (0, []), log.read_text(encoding="utf-8")
    finally:
        if _members(group):
            os.killpg(group, signal.SIGKILL)


def _members(group: int) -> list[str]:
    """The processes of the group that still live, by what the kernel says of each: name, state, parent, group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = path.read_text(encoding="utf-8")
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, _parent, its_group = said.rpartition(")")[2].split()[:3]
        if int(its_group) == group and state != "Z":
            found.append(said)
    return found
