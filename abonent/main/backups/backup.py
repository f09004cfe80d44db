"""Making an archive: data, files and call records of one moment, while the product runs."""

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from abonent.files.storage import storage
from abonent.lib import clock
from abonent.main.backups import snapshot
from abonent.main.backups.errors import Refused
from abonent.main.backups.members import (
    ABOUT,
    DATABASE,
    FILES,
    MANIFEST,
    USAGE,
    About,
    Member,
    fingerprint,
    forget,
    member_of,
    read_manifest,
)
from abonent.main.backups.snapshot import Snapshot
from abonent.usage import store


def backup(target: Path) -> About:
    """Write the archive `target` (mode 0600, visible only when whole). Refused where it cannot be one.

    Files and call records are never changed, so they are copied after the moment that the database was caught at. The
    copy of the database lies beside the archive meanwhile.
    """
    if target.exists():
        raise Refused(f"{target} is there already.")
    with tempfile.TemporaryDirectory(prefix=".abonent-backup-", dir=target.parent) as name:
        folder = Path(name)
        about = _catch(folder)
        unfinished = folder / "archive"
        unfinished.touch(mode=0o600)
        with unfinished.open("wb") as out:
            _write(out, about, folder)
            out.flush()
            os.fsync(out.fileno())
        unfinished.rename(target)
    return about


def _catch(folder: Path) -> About:
    """Put a picture of the database into `folder`, and the manifest of all that belongs to it."""
    manifest = folder / MANIFEST
    count = 0
    with snapshot.take(folder) as picture, manifest.open("w", encoding="utf-8") as out:
        for member in _members(picture):
            out.write(member.to_line())
            count += 1
        applied = snapshot.migrations(picture)
    digest = member_of(MANIFEST, manifest).sha256
    return About(connection.vendor, clock.now().isoformat(), applied, count, digest, fingerprint())


def _members(picture: Snapshot) -> Iterator[Member]:
    for sha256, size in snapshot.contents(picture):
        yield Member(FILES + sha256, size, sha256)
    for path, sha256 in snapshot.parts(picture):
        yield Member(USAGE + path, _size(store.root() / path), sha256)
    yield from picture.members


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        raise _lost(path) from None


def _write(out: io.BufferedWriter, about: About, folder: Path) -> None:
    moment = int(clock.now().timestamp())
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        first = about.to_bytes()
        tar.addfile(_info(ABOUT, len(first), moment), io.BytesIO(first))
        _add(tar, member_of(MANIFEST, folder / MANIFEST), folder / MANIFEST, moment)
        with (folder / MANIFEST).open("rb") as lines:
            for member in read_manifest(lines):
                _add(tar, member, _place(member.name, folder), moment)
                forget(tar)


def _place(name: str, folder: Path) -> Path:
    if name.startswith(FILES):
        return storage().path(name.removeprefix(FILES))
    if name.startswith(USAGE):
        return store.root() / name.removeprefix(USAGE)
    return folder / name.removeprefix(DATABASE)


class _Hashing:
    """A stream that is hashed while it is read."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self.stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(size)
        self.digest.update(piece)
        return piece


def _add(tar: tarfile.TarFile, member: Member, path: Path, moment: int) -> None:
    try:
        with path.open("rb") as stream:
            reader = _Hashing(stream)
            tar.addfile(_info(member.name, member.size, moment), reader)
            whole = not stream.read(1) and reader.digest.hexdigest() == member.sha256
    except FileNotFoundError:
        raise _lost(path) from None
    except OSError as error:
        if not path.exists() or path.stat().st_size >= member.size:
            raise
        raise Refused(f"{path} is shorter than it was written.") from error
    if not whole:
        raise Refused(f"{path} is not what was written: its SHA-256 is another one.")


def _info(name: str, size: int, moment: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, moment, 0o600
    return info


def _lost(path: Path) -> Refused:
    return Refused(
        f"{path} is gone. If the nightly clearing took it just now, start the backup again; else it is lost, and an "
        "older backup has it."
    )
