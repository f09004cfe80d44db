"""A place for a bench that needs a database: an empty one of its own, which is gone afterwards."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Place:
    """A scratch folder with a database of its own, and the environment for every process that uses it."""

    folder: Path
    environment: dict[str, str]


@contextlib.contextmanager
def place(kind: str, network: str = "embedded:") -> Iterator[Place]:
    """Start an empty database of one kind; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="abonent-bench-") as scratch:
        folder = Path(scratch)
        with _database(kind, folder) as url:
            yield Place(folder, {**os.environ, **_settings(url, folder), "ABONENT_NETWORK_URL": network})


def _settings(url: str, folder: Path) -> dict[str, str]:
    return {
        "ABONENT_SECRET_KEY": "a secret that only the benches of this product know",
        "ABONENT_DATABASE_URL": url,
        "ABONENT_DEMO": "1",
        "ABONENT_EMAIL_URL": "smtp://127.0.0.1:25",
        "ABONENT_STORAGE_URL": f"file://{folder}/files",
        "ABONENT_USAGE_URL": f"file://{folder}/usage",
        "ABONENT_PROFILE": "by",
        "DJANGO_SETTINGS_MODULE": "abonent.main.settings",
    }


@contextlib.contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/abonent.db"
        return
    environment = {"XDG_RUNTIME_DIR": tempfile.gettempdir(), **os.environ}
    # A process of its own: what a bench kills must not take the database with it.
    with subprocess.Popen(  # noqa: S603  # our own code
        [sys.executable, "-m", "bench.postgres", str(folder / "pg")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        try:
            yield f"postgresql://postgres:@{quote(str(folder / 'pg'), safe='')}/postgres"
        finally:
            server.communicate()


def run_in(where: Place, module: str, *arguments: str) -> None:
    """Run a bench's module in the place; what it prints goes through."""
    command = [sys.executable, "-m", module, *arguments, str(where.folder)]
    subprocess.run(command, env=where.environment, check=True)  # noqa: S603  # a module of ours
