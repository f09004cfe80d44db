"""A SQLite database with every migration applied and nothing in it: made once for all who need one, then copied."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

FOLDER = "ABONENT_TEST_TEMPLATE"
# `abonent demo` for a folder that is new, but for the migrations: they are a third of what a small one costs.
DEMO = [
    sys.executable,
    "-c",
    """
from abonent.demo import environment
from abonent.main.cli import main
from tests import template

clear = environment.clear


def clear_to_the_template(folder):
    clear(folder)
    template.copy(folder / "abonent.sqlite3")


environment.clear = clear_to_the_template
main()
""",
    "demo",
]
_NAME = "migrated.sqlite3"
_MIGRATE = [sys.executable, "-c", "from abonent.main.cli import main; main()", "migrate", "-v0"]


def copy(target: Path) -> None:
    """A migrated database at `target`, whose folder is there."""
    folder = Path(os.environ[FOLDER])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / _NAME).exists():
            _make(folder)
    shutil.copyfile(folder / _NAME, target)


def _make(folder: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ABONENT_", "DJANGO_"))}
    unfinished = folder / "unfinished.sqlite3"
    own = {
        "ABONENT_SECRET_KEY": "a secret of thirty-two characters or more",
        "ABONENT_DATABASE_URL": f"sqlite:///{unfinished}",
        "ABONENT_EMAIL_URL": "smtp://127.0.0.1:9",
        "ABONENT_STORAGE_URL": f"file://{folder}/files",
        "ABONENT_USAGE_URL": f"file://{folder}/usage",
        "ABONENT_PROFILE": "by",
    }
    subprocess.run(_MIGRATE, env={**kept, **own}, check=True)  # noqa: S603  # ours
    unfinished.rename(folder / _NAME)
