"""The exchange format of banks and 1C (`1CClientBankExchange`, versions 1.01 to 1.03): lines of `key=value`.

A file is a header, sections of the accounts' balances, and one section per document. Its `Кодировка=` says `Windows`
(windows-1251) or `DOS` (cp866), some banks write UTF-8; which it is, is seen from the bytes of that very word.
"""

import datetime as dt
import io
from collections.abc import Iterator

from abonent.formats.bank.entries import (
    MAX_ENTRIES,
    MAX_TEXT,
    SHOWN,
    BankEntry,
    Problem,
    Read,
    Refusal,
    StatementRefused,
    Unread,
    account_of,
    amount_of,
    currency_of,
    squeezed,
)

SIGNATURE = b"1CClientBankExchange"
BOM = b"\xef\xbb\xbf"
_ENCODINGS = ("utf-8", "cp1251", "cp866")
_ENCODING_KEY = "Кодировка="
_HEAD = 4_096
_DOCUMENT, _DOCUMENT_END = "СекцияДокумент", "КонецДокумента"
_BALANCE, _BALANCE_END = "СекцияРасчСчет", "КонецРасчСчет"
_FILE_END = "КонецФайла"
_PURPOSE = "НазначениеПлатежа"
_NUMERALS = "123456"
_TAX_IDS = ("ПлательщикИНН", "ПлательщикУНП", "ПлательщикУНН")


def looks_like(data: bytes) -> bool:
    return data.removeprefix(BOM).startswith(SIGNATURE)


def read(data: bytes) -> Iterator[Read]:
    """The documents of a file in their order; what is no document and no known frame of one is given as not read."""
    if not looks_like(data) or b"\0" in data:
        raise StatementRefused(Refusal.NOT_A_STATEMENT)
    text = io.TextIOWrapper(io.BytesIO(data.removeprefix(BOM)), _encoding(data), errors="replace")
    for place, entry in enumerate(_Sections().read(text)):
        if place >= MAX_ENTRIES:
            raise StatementRefused(Refusal.TOO_MANY, entry.line)
        yield entry


def _encoding(data: bytes) -> str:
    head = data[:_HEAD]
    if head.startswith(BOM):
        return "utf-8"
    named = [name for name in _ENCODINGS if _ENCODING_KEY.encode(name) in head]
    return named[0] if named else "cp1251"


class _Sections:
    """Follows the lines of a file: `section` is the key that opened what they stand in, empty outside of all."""

    def __init__(self) -> None:
        self._section = ""
        self._began = 0
        self._last = ""
        self._values: dict[str, str] = {}
        self._problem: Problem | None = None

    def read(self, lines: Iterator[str]) -> Iterator[Read]:
        next(lines, "")
        ended, number = False, 1
        for number, line in enumerate(lines, 2):
            key, equals, value = line.strip().partition("=")
            key = key.strip()
            if key in {_DOCUMENT, _BALANCE}:
                yield from self._left_open()
                self._open(key, number)
            elif key == _DOCUMENT_END and self._section == _DOCUMENT:
                yield self._document()
                self._section = ""
            elif key == _BALANCE_END and self._section == _BALANCE:
                self._section = ""
            elif key == _FILE_END:
                ended = True
            elif key and self._section:
                self._note(key, value.strip(), continued=not equals)
            elif key and not equals:
                yield Unread(number, Problem.UNKNOWN_TEXT, squeezed(line)[:SHOWN])
        yield from self._left_open()
        if not ended:
            yield Unread(number, Problem.CUT, "")

    def _open(self, key: str, number: int) -> None:
        self._section, self._began, self._last = key, number, ""
        self._values, self._problem = {}, None

    def _left_open(self) -> Iterator[Unread]:
        if self._section == _DOCUMENT:
            yield self._unread(Problem.UNFINISHED)
        self._section = ""

    def _note(self, key: str, value: str, *, continued: bool) -> None:
        if self._section != _DOCUMENT:
            return
        if continued:
            # A purpose of several lines: only its first one has the key.
            key, value = self._last or key, f"{self._values.get(self._last, '')} {key}".strip()
        elif self._values.get(key, value) != value:
            self._problem = Problem.TWO_VALUES
        if len(value) > MAX_TEXT:
            self._problem, value = Problem.TOO_LONG, value[:MAX_TEXT]
        self._values[key] = value
        self._last = key

    def _document(self) -> Read:
        amount, booked = amount_of(self._values.get("Сумма", "")), _booked(self._values)
        if self._problem:
            return self._unread(self._problem)
        if amount is None:
            return self._unread(Problem.AMOUNT)
        if booked is None:
            return self._unread(Problem.DATE)
        said = self._said
        return BankEntry(
            line=self._began,
            credited=account_of(said("ПолучательСчет", "ПолучательРасчСчет")),
            debited=account_of(said("ПлательщикСчет", "ПлательщикРасчСчет")),
            amount=amount,
            currency=currency_of(said("КодВалюты", "Валюта")),
            booked=booked,
            number=squeezed(said("Номер"))[:40],
            payer=squeezed(said("Плательщик1", "Плательщик"))[:250],
            payer_tax_id=squeezed(said(*_TAX_IDS))[:20],
            purpose=self._purpose(),
        )

    def _said(self, *keys: str) -> str:
        return next((self._values[key] for key in keys if self._values.get(key)), "")

    def _purpose(self) -> str:
        whole = self._values.get(_PURPOSE, "")
        parts = [self._values.get(f"{_PURPOSE}{numeral}", "") for numeral in _NUMERALS]
        return squeezed(whole or " ".join(parts))[:MAX_TEXT]

    def _unread(self, problem: Problem) -> Unread:
        text = "; ".join(f"{key}={value}" for key, value in self._values.items())
        return Unread(self._began, problem, squeezed(text)[:SHOWN])


def _booked(values: dict[str, str]) -> dt.date | None:
    """The day on which it came; where the bank doesn't say, the day on which it went, then that of the document."""
    for key in ("ДатаПоступило", "ДатаСписано", "Дата"):
        if text := values.get(key):
            try:
                return dt.datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007  # a day has no zone
            except ValueError:
                return None
    return None
