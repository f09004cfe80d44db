"""How values read: for people in their language, and for machines in one canonical form."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Generic, TypeVar

from abonent.formats.report import MEGABYTE, Cell, Column, Kind
from abonent.lib.phones import pretty

Out = TypeVar("Out")
Encoder = Callable[[Cell], Out]

CACHE_LIMIT = 50_000
GROUP_GAP = "\u202f"

# What no file may hold: control characters, lone surrogates, and the two code points that XML refuses.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")
_BIDI = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Cache(dict[Cell, Out], Generic[Out]):
    """Values already encoded. Reading a known one is a single C call; it forgets everything when full.

    Memory is bounded by that.
    """

    def __init__(self, encode: Encoder[Out], limit: int = CACHE_LIMIT) -> None:
        super().__init__()
        self._encode = encode
        self._limit = limit

    def __missing__(self, value: Cell) -> Out:
        encoded = self._encode(value)
        if len(self) >= self._limit:
            self.clear()
        self[value] = encoded
        return encoded


def cached(encode: Encoder[Out], limit: int = CACHE_LIMIT) -> Encoder[Out]:
    return Cache(encode, limit).__getitem__


def clean(value: Cell) -> str:
    """Text on one line without what files cannot hold; direction marks go too.

    They could make one number look like another.
    """
    text = str(value)
    if text.isprintable() and text.isascii():
        return text
    text = _BREAKS.sub(" ", text)
    return unicodedata.normalize("NFC", _BIDI.sub("", _FORBIDDEN.sub("\ufffd", text)))


def decimal_sign(language: str) -> str:
    return "." if language.startswith("en") else ","


def plain(value: Decimal | float, digits: int) -> str:
    """`-1234.50`: a number as machines read it, rounded to `digits`."""
    return f"{value:.{digits}f}"


def amount(value: Cell, digits: int, sign: str, gap: str = GROUP_GAP) -> str:
    """`−1 234,50` with `gap` between thousands; the minus stays an ASCII hyphen, so that what is copied parses."""
    if value is None:
        return ""
    if not isinstance(value, int | Decimal):
        return clean(value)
    whole, _, fraction = f"{value:,.{digits}f}".partition(".")
    return whole.replace(",", gap) + (sign + fraction if fraction else "")


def duration(value: Cell) -> str:
    """`27:03:05` of seconds."""
    if not isinstance(value, int):
        return "" if value is None else clean(value)
    minutes, seconds = divmod(abs(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if value < 0 else ''}{hours}:{minutes:02}:{seconds:02}"


def volume(value: Cell, sign: str, gap: str = GROUP_GAP) -> str:
    """Megabytes with three decimals, of bytes."""
    if not isinstance(value, int):
        return "" if value is None else clean(value)
    return amount(Decimal(value) / MEGABYTE, 3, sign, gap)


def day(value: Cell, language: str) -> str:
    if not isinstance(value, date):
        return "" if value is None else clean(value)
    shown = value.isoformat()
    return shown[:10] if language.startswith("en") else f"{shown[8:10]}.{shown[5:7]}.{shown[:4]}"


def moment(value: Cell, language: str) -> str:
    if not isinstance(value, datetime):
        return day(value, language)
    shown = value.isoformat(" ", "seconds")  # several times quicker than strftime
    return shown[:19] if language.startswith("en") else f"{shown[8:10]}.{shown[5:7]}.{shown[:4]}{shown[10:19]}"


def phone(value: Cell) -> str:
    return "" if value is None else pretty(clean(value))


def words(value: Cell) -> str:
    return "" if value is None else clean(value)


def for_people(column: Column, language: str, gap: str = GROUP_GAP) -> Encoder[str]:
    """How a person reads the values of a column."""
    sign = decimal_sign(language)
    encoders: dict[Kind, Encoder[str]] = {
        Kind.TEXT: words,
        Kind.PHONE: phone,
        Kind.INTEGER: lambda value: amount(value, 0, sign, gap),
        Kind.AMOUNT: lambda value: amount(value, column.digits, sign, gap),
        Kind.DATE: lambda value: day(value, language),
        Kind.DATETIME: lambda value: moment(value, language),
        Kind.DURATION: duration,
        Kind.VOLUME: lambda value: volume(value, sign, gap),
    }
    return encoders[column.kind]


def for_machines(column: Column) -> Encoder[str]:
    """ISO dates, dots in decimals, seconds, bytes, digits."""
    if column.kind is Kind.AMOUNT:
        return partial(_canonical_amount, digits=column.digits)
    if column.kind is Kind.DATETIME:
        return _canonical_moment
    if column.kind is Kind.DATE:
        return _canonical_day
    return words


def _canonical_amount(value: Cell, digits: int) -> str:
    return plain(value, digits) if isinstance(value, int | Decimal) else words(value)


def _canonical_moment(value: Cell) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else words(value)


def _canonical_day(value: Cell) -> str:
    return value.strftime("%Y-%m-%d") if isinstance(value, date) else words(value)
