"""Worker processes on the database of the test."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from urllib.parse import quote

from django.db import connection

PATIENCE = 60.0


def start(mode: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "ABONENT_TEST_DATABASE_URL": database_url()}
    command = [sys.executable, "-m", "tests.jobs.child", mode]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own module


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another thread or process will bring about."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        threading.Event().wait(0.02)


def database_url() -> str:
    """Where the test's own database is."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, password = quote(database["USER"], safe=""), quote(database["PASSWORD"], safe="")
    host, port = quote(database["HOST"], safe=""), f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{user}:{password}@{host}{port}/{database['NAME']}"
