"""Contents in a folder, named by their hash."""

import contextlib
import datetime as dt
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CHUNK = 1024 * 1024
UNFINISHED = "unfinished"
LOCK = ".lock"


@dataclass(frozen=True, slots=True)
class Folder:
    """Contents under `root`, each written once: `ab/cd/abcd…`, mode 0600, visible only when whole."""

    root: Path

    def write(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Keep a content; return its SHA-256 (hex) and its size in bytes."""
        unfinished = self.root / UNFINISHED
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.mkdir(mode=0o700, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        handle, path = tempfile.mkstemp(dir=unfinished)  # 0600 from the start
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in chunks:
                    digest.update(chunk)
                    size += out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            self._place(Path(path), digest.hexdigest())
        except BaseException:
            Path(path).unlink(missing_ok=True)
            raise
        return digest.hexdigest(), size

    def open(self, sha256: str) -> BufferedReader:
        return self.path(sha256).open("rb")

    def is_intact(self, sha256: str) -> bool:
        try:
            with self.open(sha256) as content:
                return hashlib.file_digest(content, "sha256").hexdigest() == sha256
        except FileNotFoundError:
            return False

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def contents(self) -> Iterator[Path]:
        """Every content, and every unfinished one."""
        return (path for path in self.root.glob("*/**/*") if path.is_file())

    def age(self, path: Path) -> dt.timedelta:
        """How long ago a content was written, by the clock of the file system (within `alone`)."""
        lock = self.root / LOCK
        lock.touch()
        return dt.timedelta(seconds=lock.stat().st_mtime - path.stat().st_mtime)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else places or removes a content within the block."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.root / LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _place(self, unfinished: Path, sha256: str) -> None:
        # An equal content is replaced, not kept: its fresh date saves it from a sweep that runs at this moment.
        with self.alone():
            path = self.path(sha256)
            # One by one: parents that mkdir makes on the way would be readable by others.
            path.parent.parent.mkdir(mode=0o700, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            unfinished.replace(path)
        _sync(path.parent)


def storage() -> Folder:
    """Where contents are kept, as `ABONENT_STORAGE_URL` says; an unknown kind is a configuration error."""
    return _from_url(settings.STORAGE_URL)


@lru_cache(maxsize=8)
def _from_url(url: str) -> Folder:
    parts = urlsplit(url)
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/"):
        raise ImproperlyConfigured("ABONENT_STORAGE_URL must be file:///an/absolute/path")
    return Folder(Path(unquote(parts.path)))


def _sync(folder: Path) -> None:
    """A file that was renamed is found after a power cut only once its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
