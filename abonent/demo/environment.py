"""The demonstration's settings: everything in one folder, nothing taken from a real installation's environment."""

import argparse
import os
import secrets
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

DEFAULT_FOLDER = Path("var/demo")
DEFAULT_PORT = 8000
MARKER = "demo.json"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on 127.0.0.1 (default 8000)")
    parser.add_argument("--data", type=Path, default=DEFAULT_FOLDER, help="folder of the data (default var/demo)")
    parser.add_argument("--reset", action="store_true", help="throw the data away and make them anew")
    parser.add_argument("--full", action="store_true", help="make at least 8 million call records")


def prepare(arguments: Sequence[str]) -> None:
    """Put the settings of the demonstration into the environment; with `--reset` its folder is emptied first."""
    parser = argparse.ArgumentParser(add_help=False)
    add_options(parser)
    options, _others = parser.parse_known_args(arguments)
    folder: Path = options.data.resolve()
    if options.reset:
        _empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        ABONENT_DEMO="1",
        ABONENT_PROFILE="by",
        ABONENT_SECRET_KEY=_secret(folder),
        ABONENT_DATABASE_URL=f"sqlite:///{folder}/abonent.sqlite3",
        ABONENT_EMAIL_URL="inbox:",
        ABONENT_SMS_URL="inbox:",
        ABONENT_STORAGE_URL=f"file://{folder}/files",
        ABONENT_USAGE_URL=f"file://{folder}/usage",
        ABONENT_SITE_URL=f"http://127.0.0.1:{options.port}",
    )


def _secret(folder: Path) -> str:
    """The key of this demonstration: sessions outlive a restart, and no two demonstrations share one."""
    path = folder / "secret"
    if not path.is_file():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="ascii")
    return path.read_text(encoding="ascii")


def _empty(folder: Path) -> None:
    """Remove a folder that is a demonstration's; anything else is left alone."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not (folder / "secret").is_file():
        sys.exit(f"{folder} holds something else than a demonstration; it stays as it is.")
    clear(folder)


def clear(folder: Path) -> None:
    """Remove what a demonstration made in its folder; its key stays, so that nobody is logged out by it."""
    for name in (MARKER, "abonent.sqlite3", "abonent.sqlite3-wal", "abonent.sqlite3-shm"):
        (folder / name).unlink(missing_ok=True)
    for name in ("files", "usage"):
        shutil.rmtree(folder / name, ignore_errors=True)
