"""The private copy of a call record file: hashed while it is read, and clean enough for any reader.

Bytes that are not UTF-8, control characters, blank and endless lines must neither break the reader nor shift the
line numbers: such a line is marked and comes back as a rejected line.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from abonent.usage.layout import HEADER, LINE_LIMIT

BAD = "\ufffd"
BLANK = "\x1e"
FIELD_END = "\x1f"
_CHUNK = 1 << 20
_PLAIN = bytes(range(0x20, 0x7F)) + b"\n"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class NotAUsageFileError(ValueError):
    """The first line is not the header of the format."""


@dataclass(frozen=True, slots=True)
class CleanCopy:
    path: Path
    sha256: str
    size: int


def copy(source: Path, target: Path, progress: Callable[[int], None]) -> CleanCopy:
    """Copy `source` to `target` without its header; `progress` gets bytes read. NotAUsageFileError without a header."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("wb") as writer:
        header = reader.readline(len(HEADER) + 5)
        if header.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n") != HEADER.encode():
            raise NotAUsageFileError(source.name)
        digest.update(header)
        size += len(header)
        for block, whole in _whole_lines(reader):
            digest.update(block)
            size += len(block)
            writer.write(clean(whole))
            progress(size)
    return CleanCopy(target, digest.hexdigest(), size)


def _whole_lines(reader: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Pairs of a block as read and the lines that it completes; the rest of an endless line is dropped."""
    rest = b""
    while block := reader.read(_CHUNK):
        head, newline, tail = block.rpartition(b"\n")
        yield block, (rest + head + newline if newline else b"")
        rest = (tail if newline else rest + tail)[: LINE_LIMIT * 8]
    if rest:
        yield b"", rest + b"\n"


def clean(whole: bytes) -> bytes:
    """As many lines, each UTF-8 without control characters, of at most LINE_LIMIT + 1 characters, none blank."""
    whole = whole.replace(b"\r\n", b"\n")
    lines = whole.split(b"\n")[:-1]
    if not whole.translate(None, _PLAIN) and all(map(len, lines)) and max(map(len, lines), default=0) <= LINE_LIMIT:
        return whole
    return "".join(_clean_line(line) + "\n" for line in lines).encode()


def _clean_line(line: bytes) -> str:
    text = line.decode("utf-8", "replace")[: LINE_LIMIT + 1]
    return _CONTROL.sub(BAD, text) or BLANK
