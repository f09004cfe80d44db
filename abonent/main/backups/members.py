"""What an archive consists of: a member about it, the manifest, and then what the manifest names, in its order."""

import hashlib
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.crypto import salted_hmac

ABOUT = "about.json"
MANIFEST = "manifest.jsonl"
FILES = "files/"
USAGE = "usage/"
DATABASE = "database/"
FORMAT = 1
# What an archive may name: nothing outside of the folders that it is restored into.
NAME = re.compile(r"files/[0-9a-f]{64}|usage/(?:[\w-]+/)*[\w-]+\.parquet|database/\w+\.\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Member:
    """A member's name in the archive, its size in bytes and its SHA-256 (hex)."""

    name: str
    size: int
    sha256: str

    def to_line(self) -> str:
        return json.dumps(asdict(self)) + "\n"


@dataclass(frozen=True, slots=True)
class About:
    """What the archive was made of and when: the kind of database, and its applied migrations ("app.name").

    `members` and `manifest` are the number of lines and the SHA-256 of the manifest; `key` is a fingerprint of the
    secret key, which the journal's signatures and the sessions hang on.
    """

    database: str
    made: str
    migrations: list[str]
    members: int
    manifest: str
    key: str
    format: int = FORMAT

    def to_bytes(self) -> bytes:
        text = json.dumps(asdict(self))
        return f"{text}\n{hashlib.sha256(text.encode()).hexdigest()}\n".encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "About":
        """ValueError where it is not what was written."""
        text, _, digest = content.decode().partition("\n")
        if hashlib.sha256(text.encode()).hexdigest() != digest.strip():
            raise ValueError("it was changed")
        return cls(**json.loads(text))


def fingerprint() -> str:
    """Tell one secret key from another, and nothing else of it."""
    return salted_hmac("abonent.backup", "key", algorithm="sha256").hexdigest()


def member_of(name: str, path: Path) -> Member:
    """A member from a file that nobody changes any more."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Member(name, path.stat().st_size, digest)


def forget(tar: tarfile.TarFile) -> None:
    """Drop what the library remembers of the members so far: there may be millions."""
    tar.members.clear()  # type: ignore[attr-defined]  # the stubs lack it


def read_manifest(stream: BinaryIO) -> Iterator[Member]:
    """ValueError for a name that does not belong into an archive."""
    for line in stream:
        member = Member(**json.loads(line))
        if not NAME.fullmatch(member.name):
            raise ValueError(f"{member.name} is no member of an archive")
        yield member
