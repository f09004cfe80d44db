"""Reading an archive: every byte is checked before anything is restored."""

import contextlib
import hashlib
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from abonent.main.backups.errors import Refused
from abonent.main.backups.members import ABOUT, FORMAT, MANIFEST, About, Member, forget, read_manifest

CHUNK = 1024 * 1024
# The first member is a few kilobytes; anything larger is none of ours.
LARGEST_ABOUT = 10 * CHUNK


def check(archive: Path) -> About:
    """Read the whole archive; Refused names the first member that is not what the manifest says."""
    with _open(archive) as tar, tempfile.TemporaryFile() as lines:
        about = _about(tar)
        _manifest(tar, about, lines)
        count = 0
        for member in read_manifest(lines):
            _check_member(tar, member)
            count += 1
        if count != about.members or tar.next() is not None:
            raise Refused("The archive is damaged: its members are not as many as it says.")
    return about


def contents(archive: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Name and stream of each member behind the manifest, in order; read one before you ask for the next."""
    with _open(archive) as tar:
        while (info := tar.next()) is not None:
            forget(tar)
            stream = tar.extractfile(info)
            if stream is not None and info.name not in {ABOUT, MANIFEST}:
                yield info.name, stream


def pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece


@contextlib.contextmanager
def _open(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r:") as tar:
            yield tar
    except FileNotFoundError:
        raise Refused(f"There is no file {archive}.") from None
    except (tarfile.TarError, EOFError, ValueError, TypeError) as error:
        raise Refused(f"{archive} is no archive of Abonent, or damaged: {error}") from error


def _about(tar: tarfile.TarFile) -> About:
    info = tar.next()
    stream = tar.extractfile(info) if info is not None and info.name == ABOUT and info.size < LARGEST_ABOUT else None
    if stream is None:
        raise Refused(f"This is no archive of Abonent: it does not begin with {ABOUT}.")
    try:
        about = About.from_bytes(stream.read())
    except (ValueError, TypeError) as error:
        raise Refused(f"The archive is damaged: {ABOUT}: {error}.") from error
    if about.format != FORMAT:
        raise Refused(f"The archive has format {about.format}; this Abonent reads format {FORMAT}.")
    return about


def _manifest(tar: tarfile.TarFile, about: About, out: IO[bytes]) -> None:
    """Spool it: there may be millions of lines."""
    digest = hashlib.sha256()
    info = tar.next()
    stream = tar.extractfile(info) if info is not None and info.name == MANIFEST else None
    for piece in pieces(stream) if stream is not None else ():
        digest.update(piece)
        out.write(piece)
    if digest.hexdigest() != about.manifest:
        raise Refused(f"The archive is damaged: {MANIFEST} is not what was written.")
    out.seek(0)


def _check_member(tar: tarfile.TarFile, member: Member) -> None:
    try:
        info = tar.next()
        forget(tar)
        stream = tar.extractfile(info) if info is not None and info.name == member.name else None
        digest = hashlib.sha256()
        for piece in pieces(stream) if stream is not None else ():
            digest.update(piece)
    except (tarfile.TarError, EOFError) as error:
        raise Refused(f"The archive is damaged: {member.name}: {error}.") from error
    if info is None or info.name != member.name:
        raise Refused(f"The archive is damaged: {member.name} is missing, or the archive ends before it.")
    if info.size != member.size or digest.hexdigest() != member.sha256:
        raise Refused(f"The archive is damaged: {member.name} is not what was written.")
