"""Streams that are counted as they are read: whatever a file says of itself, it takes no more than these bounds."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from abonent.expenses.formats.content import Unreadable, Why

MAX_BYTES = 4 * 1024**3  # of one file, inflated
MAX_LINE = 1024 * 1024
MAX_BETWEEN = 8 * 1024 * 1024  # bytes from one row to the next
_BEGINNING = 4096
_PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^<>]{0,200}\?>)?\s*<[A-Za-z]")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Counted:
    """A stream of bytes with an end to its patience: in all, and between rows, which the reader tells by `row()`."""

    def __init__(self, stream: Readable, limit: int = MAX_BYTES) -> None:
        self._stream = stream
        self._limit = limit
        self._whole = 0
        self._since = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size if 0 < size <= MAX_LINE else MAX_LINE)
        self._whole += len(piece)
        self._since += len(piece)
        if self._whole > self._limit or self._since > MAX_BETWEEN:
            raise Unreadable(Why.TOO_LARGE)
        return piece

    def row(self) -> None:
        self._since = 0


class Undeclared(Counted):
    """XML whose root comes first: nothing that could declare a type or an entity stands before it, and it is UTF-8.

    After the root's start tag, XML itself forbids declarations.
    """

    def __init__(self, stream: Readable, limit: int = MAX_BYTES) -> None:
        super().__init__(stream, limit)
        self._begun = False

    def read(self, size: int = -1) -> bytes:
        piece = super().read(max(size, _BEGINNING))
        if not self._begun:
            self._begun = True
            while len(piece) < _BEGINNING and (more := super().read(_BEGINNING)):
                piece += more
            _judge(piece[:_BEGINNING])
        return piece


def _judge(beginning: bytes) -> None:
    found = _PROLOGUE.match(beginning)
    if not found:
        raise Unreadable(Why.DECLARATIONS if b"<!" in beginning else Why.BROKEN)
    encoding = _ENCODING.search(found[0])
    if encoding and encoding[1].lower() not in {b"utf-8", b"us-ascii"}:
        raise Unreadable(Why.BROKEN)


def lines(stream: BinaryIO) -> Iterator[str]:
    """Lines of UTF-8 without their ends; raises Unreadable for one that is too long or is no text."""
    whole = number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        whole += len(line)
        if len(line) > MAX_LINE or whole > MAX_BYTES:
            raise Unreadable(Why.TOO_LARGE, f"line {number}")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        try:
            yield line.decode()
        except UnicodeDecodeError as error:
            raise Unreadable(Why.BROKEN, f"line {number}") from error
