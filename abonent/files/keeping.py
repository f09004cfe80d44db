"""Storing files, and removing contents that nobody names."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from abonent.files.models import StoredFile
from abonent.files.storage import CHUNK, UNFINISHED, Folder, storage

# A content younger than this may belong to a transaction that has not ended yet.
GRACE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A content on the disk that no row names yet; a sweep leaves it alone for an hour."""

    sha256: str
    size: int


def keep(content: bytes | Path | BinaryIO) -> Kept:
    """Put a content on the disk, outside any transaction: a large one takes a while. `store` then names it."""
    return Kept(*storage().write(_chunks(content)))


def store(content: bytes | Path | BinaryIO | Kept, *, name: str, mime: str) -> StoredFile:
    """Keep a content (bytes, a file's path, an open binary stream read to its end, or one kept before) under a name.

    The bytes are on the disk when this returns; the row is part of the caller's transaction.
    """
    kept = content if isinstance(content, Kept) else keep(content)
    return StoredFile.objects.create(sha256=kept.sha256, size=kept.size, name=plain_name(name), mime=mime)


def sweep() -> int:
    """Remove contents that no row names, and what was left unfinished, once older than an hour; return how many."""
    folder = storage()
    return sum(_remove_if_unnamed(folder, path) for path in folder.contents())


def _remove_if_unnamed(folder: Folder, path: Path) -> bool:
    with folder.alone():
        if not path.exists() or folder.age(path) < GRACE:
            return False
        if path.parent.name != UNFINISHED and StoredFile.objects.filter(sha256=path.name).exists():
            return False
        path.unlink()
        return True


def _chunks(content: bytes | Path | BinaryIO) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, Path):
        with content.open("rb") as stream:
            yield from _chunks(stream)
    else:
        while chunk := content.read(CHUNK):
            yield chunk


def plain_name(name: str) -> str:
    """A name alone, without a path and without control characters: it goes into headers and onto disks."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:255] or "file"
