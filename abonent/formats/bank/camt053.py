"""ISO 20022 camt.053, versions 02 to 08, read as a stream by expat: no declarations, no entities, no network.

An entry (`Ntry`) is one booking of the bank; a batch of it has several details (`TxDtls`), each of which is a payment.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from xml.parsers import expat
from zoneinfo import ZoneInfo

from abonent.formats.bank.entries import (
    MAX_ENTRIES,
    MAX_TEXT,
    SHOWN,
    BankEntry,
    Mark,
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

PIECE = 64 * 1024
MAX_DEPTH = 60
MAX_PENDING = 1024 * 1024  # bytes of one tag: expat keeps it whole in memory
_SPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d\d)")
_VERSIONS = {f"{version:02}" for version in range(2, 9)}
_ACCOUNT = ("Document", "BkToCstmrStmt", "Stmt", "Acct", "Id")
_ENTRY = ("Document", "BkToCstmrStmt", "Stmt", "Ntry")
_DETAILS = (*_ENTRY, "NtryDtls", "TxDtls")
_NOT_GIVEN = {"", "NOTPROVIDED", "NONREF"}

Values = dict[str, str]


def looks_like(data: bytes) -> bool:
    return data[:PIECE].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") and b"camt.053" in data[:PIECE]


def read(data: bytes, zone: ZoneInfo) -> Iterator[Read]:
    """The payments of a file in their order; instants are read as days of `zone`."""
    walk = _Walk(zone)
    count = 0
    for start in range(0, len(data), PIECE):
        walk.feed(data[start : start + PIECE])
        for entry in walk.taken():
            count += 1
            if count > MAX_ENTRIES:
                raise StatementRefused(Refusal.TOO_MANY, entry.line)
            yield entry
    walk.close()
    yield from walk.taken()


@dataclass(slots=True)
class _Entry:
    """An entry as it is being read: its own values by path, and those of each of its details."""

    line: int
    account: str
    values: Values = field(default_factory=dict)
    details: list[tuple[int, Values]] = field(default_factory=list)


class _Walk:
    """What expat tells, kept only for the entry that is being read."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._fed = 0
        self._path: list[str] = []
        self._space = ""
        self._account = ""
        self._entry: _Entry | None = None
        self._text: list[str] = []
        self._currency = ""
        self._read: list[Read] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_declaration
        self._parser.EntityDeclHandler = self._refuse_declaration
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def feed(self, piece: bytes) -> None:
        self._parse(piece, final=False)
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > MAX_PENDING:
            raise StatementRefused(Refusal.BROKEN, self._parser.CurrentLineNumber)

    def close(self) -> None:
        self._parse(b"", final=True)

    def taken(self) -> list[Read]:
        """What was read since the last time."""
        found, self._read = self._read, []
        return found

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except (expat.ExpatError, ValueError) as error:
            raise StatementRefused(Refusal.BROKEN, self._parser.CurrentLineNumber) from error

    def _refuse_declaration(self, *_: object) -> None:
        raise StatementRefused(Refusal.DECLARATIONS, self._parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self._path:
            self._space = _known(space)
        self._path.append(local if space == self._space else "?")
        if len(self._path) > MAX_DEPTH:
            raise StatementRefused(Refusal.BROKEN, self._parser.CurrentLineNumber)
        self._text, self._currency = [], attributes.get("Ccy", "")
        place = tuple(self._path)
        if place == _ACCOUNT:
            self._account = ""
        elif place == _ENTRY:
            self._entry = _Entry(self._parser.CurrentLineNumber, self._account)
        elif place == _DETAILS and self._entry:
            self._entry.details.append((self._parser.CurrentLineNumber, {}))
            if len(self._entry.details) > MAX_ENTRIES:
                raise StatementRefused(Refusal.TOO_MANY, self._parser.CurrentLineNumber)

    def _characters(self, data: str) -> None:
        if sum(map(len, self._text)) < MAX_TEXT:
            self._text.append(data)

    def _end(self, _name: str) -> None:
        place = tuple(self._path)
        text = squeezed("".join(self._text))[:MAX_TEXT]
        if self._entry is not None and place == _ENTRY:
            self._read.extend(_entries(self._entry, self._zone))
            self._entry = None
        elif self._entry is not None:
            self._keep(place, text)
        elif place[: len(_ACCOUNT)] == _ACCOUNT and place[len(_ACCOUNT) :] in {("IBAN",), ("Othr", "Id")}:
            self._account = account_of(text)
        self._path.pop()
        self._text = []

    def _keep(self, place: tuple[str, ...], text: str) -> None:
        entry = self._entry
        if entry is None or not text:
            return
        if place[: len(_DETAILS)] == _DETAILS:
            values, path = entry.details[-1][1], "/".join(place[len(_DETAILS) :])
        else:
            values, path = entry.values, "/".join(place[len(_ENTRY) :])
        if path not in _WANTED:
            return
        repeated = path in _TEXTS and path in values
        values[path] = f"{values[path]} {text}"[:MAX_TEXT] if repeated else text
        if self._currency:
            values[f"{path}@Ccy"] = self._currency


_TEXTS = {"RmtInf/Ustrd", "AddtlNtryInf", "AddtlTxInf"}
_DEBTOR = ("RltdPties/Dbtr", "RltdPties/Dbtr/Pty")
_AMOUNTS = ("Amt", "AmtDtls/TxAmt/Amt")
_TAX_ID = tuple(f"{party}/Id/{kind}/Othr/Id" for party in _DEBTOR for kind in ("OrgId", "PrvtId"))
_NAMES = tuple(f"{party}/Nm" for party in _DEBTOR)
_ACCOUNTS = {role: (f"RltdPties/{role}/Id/IBAN", f"RltdPties/{role}/Id/Othr/Id") for role in ("DbtrAcct", "CdtrAcct")}
_NUMBERS = ("Refs/EndToEndId", "Refs/InstrId")
_REFERENCES = ("Refs/AcctSvcrRef", "Refs/TxId", "AcctSvcrRef")
_PURPOSES = ("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "AddtlTxInf", "AddtlNtryInf")
_DAYS = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
_WANTED = {
    *(*_AMOUNTS, "CdtDbtInd", "RvslInd", "Sts", "Sts/Cd", "RtrInf/Rsn/Cd"),
    *(*_TAX_ID, *_NAMES, *_NUMBERS, *_REFERENCES, *_PURPOSES, *_DAYS),
    *(path for paths in _ACCOUNTS.values() for path in paths),
}


def _known(space: str) -> str:
    found = _SPACE.fullmatch(space)
    if not found:
        raise StatementRefused(Refusal.NOT_A_STATEMENT)
    if found[1] not in _VERSIONS:
        raise StatementRefused(Refusal.VERSION)
    return space


def _entries(entry: _Entry, zone: ZoneInfo) -> list[Read]:
    """The payments of an entry; one that does not add up is not understood as a whole."""
    amount, day = amount_of(entry.values.get("Amt", "")), _day(entry.values, zone)
    direction = entry.values.get("CdtDbtInd", "")
    if amount is None:
        return [_unread(entry, Problem.AMOUNT)]
    if day is None:
        return [_unread(entry, Problem.DATE)]
    if direction not in {"CRDT", "DBIT"}:
        return [_unread(entry, Problem.DIRECTION)]
    details = entry.details or [(entry.line, {})]
    amounts = [amount] if len(details) == 1 else [_part(values, entry.values) for _line, values in details]
    whole = [part for part in amounts if part is not None]
    if len(whole) < len(amounts) or sum(whole, Decimal(0)) != amount:
        return [_unread(entry, Problem.PARTS)]
    return [_payment(line, entry, values, part, day) for (line, values), part in zip(details, whole, strict=True)]


def _part(values: Values, whole: Values) -> Decimal | None:
    """The amount of one of several details: in the entry's currency and direction, else None."""
    path = next((path for path in _AMOUNTS if path in values), "")
    same = values.get("CdtDbtInd", whole["CdtDbtInd"]) == whole["CdtDbtInd"]
    same = same and values.get(f"{path}@Ccy") == whole.get("Amt@Ccy")
    return amount_of(values[path]) if path and same else None


def _payment(line: int, entry: _Entry, values: Values, amount: Decimal, day: dt.date) -> BankEntry:
    both = {**entry.values, **values}
    incoming = entry.values["CdtDbtInd"] == "CRDT"
    other = account_of(_first(values, _ACCOUNTS["DbtrAcct" if incoming else "CdtrAcct"]))
    return BankEntry(
        line=line,
        credited=entry.account if incoming else other,
        debited=other if incoming else entry.account,
        amount=amount,
        currency=currency_of(entry.values.get("Amt@Ccy", "")),
        booked=day,
        number=_first(values, _NUMBERS)[:40],
        bank_reference=_first(both, _REFERENCES if len(entry.details) <= 1 else _REFERENCES[:2])[:80],
        payer=_first(values, _NAMES)[:250],
        payer_tax_id=_first(values, _TAX_ID)[:20],
        purpose=_first(both, _PURPOSES)[:MAX_TEXT],
        mark=_mark(both),
    )


def _mark(values: Values) -> Mark:
    if values.get("RvslInd") in {"true", "1"} or "RtrInf/Rsn/Cd" in values:
        return Mark.REVERSAL
    return Mark.PLAIN if (values.get("Sts/Cd") or values.get("Sts")) == "BOOK" else Mark.PENDING


def _first(values: Values, paths: tuple[str, ...]) -> str:
    return next((values[path] for path in paths if values.get(path, "") not in _NOT_GIVEN), "")


def _day(values: Values, zone: ZoneInfo) -> dt.date | None:
    text = _first(values, _DAYS)
    try:
        if len(text) <= len("2026-11-21"):
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(zone).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None


def _unread(entry: _Entry, problem: Problem) -> Unread:
    text = "; ".join(f"{path}={value}" for path, value in entry.values.items())
    return Unread(entry.line, problem, text[:SHOWN])
