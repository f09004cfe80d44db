"""`abonent serve` is the web and a worker in one process group, which starts, says how it is, and stops cleanly."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import template
from tests.jobs.processes import until
from tests.main.installation import COMMAND, Installation


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    template.copy(tmp_path / "abonent.sqlite3")
    return Installation(tmp_path, f"sqlite:///{tmp_path}/abonent.sqlite3", {"ABONENT_CLOCK": None})


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serving(installation: Installation, port: int) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(  # noqa: S603  # a command of ours
        [*COMMAND, "serve", "--port", str(port)],
        env=installation.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    yield process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def ask(port: int, path: str) -> tuple[int, dict[str, object]]:
    """Status and answer; 0 while nobody listens."""
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, json.loads(response.read())
    except OSError:
        return 0, {}


def group(leader: int) -> set[int]:
    """The processes of the group that still run."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[2]) == leader and fields[0] != "Z":
                found.add(int(entry.name))
    return found


def worker_of(installation: Installation) -> list[int]:
    path = installation.database.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=20)) as database:
        return [process for (process,) in database.execute("SELECT process FROM jobs_workerbeat")]


def test_it_serves_says_when_it_is_ready_and_stops_cleanly(
    serving: "subprocess.Popen[str]", installation: Installation, port: int
) -> None:
    until(lambda: ask(port, "/health/live")[0] == 200)
    until(lambda: ask(port, "/health/ready")[0] == 200)
    assert ask(port, "/health/ready")[1]["workers"] == 1
    assert group(serving.pid) >= {serving.pid, *worker_of(installation)}
    os.killpg(serving.pid, signal.SIGINT)
    said, _ = serving.communicate(timeout=60)
    assert serving.returncode == 0
    assert group(serving.pid) == set()
    assert worker_of(installation) == []
    assert said == ""


def test_it_ends_with_an_error_when_its_worker_dies(
    serving: "subprocess.Popen[str]", installation: Installation, port: int
) -> None:
    until(lambda: ask(port, "/health/ready")[0] == 200)
    os.kill(worker_of(installation)[0], signal.SIGKILL)
    serving.communicate(timeout=60)
    assert serving.returncode != 0
    assert group(serving.pid) == set()


def test_without_a_worker_it_lives_and_is_not_ready(installation: Installation, port: int) -> None:
    web = installation.start(*COMMAND, "serve", "--no-worker", "--port", str(port))
    until(lambda: ask(port, "/health/live")[0] == 200)
    assert ask(port, "/health/ready") == (503, {"ready": False, "database": True, "migrated": True, "workers": 0})
    worker = installation.start(*COMMAND, "work")
    until(lambda: ask(port, "/health/ready")[0] == 200)
    worker.terminate()
    worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert ask(port, "/health/ready")[0] == 503
    web.terminate()
    web.communicate(timeout=60)
    assert web.returncode == 0
