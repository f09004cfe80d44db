"""Reading a bank statement, whatever its format: what it is, its content says."""

from collections.abc import Iterator
from typing import BinaryIO
from zoneinfo import ZoneInfo

from abonent.formats.bank import camt053, client_bank
from abonent.formats.bank.entries import MAX_BYTES, Read, Refusal, StatementRefused


def contents(source: BinaryIO, most: int = MAX_BYTES) -> bytes:
    """The whole of a file that is not too large; else StatementRefused, with no more than that in memory."""
    data = source.read(most + 1)
    if len(data) > most:
        raise StatementRefused(Refusal.TOO_LARGE)
    return data


def format_of(data: bytes) -> str:
    """`1c` or `camt.053`; StatementRefused for anything else."""
    if client_bank.looks_like(data):
        return "1c"
    if camt053.looks_like(data):
        return "camt.053"
    raise StatementRefused(Refusal.NOT_A_STATEMENT)


def read(data: bytes, zone: ZoneInfo) -> Iterator[Read]:
    """Every entry in its order, those that are not understood too. Raises StatementRefused, possibly after some.

    Nothing may be kept of a file before the iterator has ended.
    """
    if format_of(data) == "1c":
        return client_bank.read(data)
    return camt053.read(data, zone)
