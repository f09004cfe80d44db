"""What a bank statement says, entry by entry, whatever its format; and why a file or an entry is not read."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext

MAX_BYTES = 50 * 1024 * 1024
MAX_ENTRIES = 100_000
MAX_TEXT = 2_000  # characters of a value
SHOWN = 300
_AMOUNT = re.compile(r"-?\d{1,13}(?:[.,]\d{1,5})?")
_BLANKS = re.compile(r"[\s\u00a0\u202f]+")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_NUMERIC = {"933": "BYN", "974": "BYR", "643": "RUB", "810": "RUB", "840": "USD", "978": "EUR", "156": "CNY"}
_CENT = Decimal("0.01")


class Refusal(StrEnum):
    NOT_A_STATEMENT = "not_a_statement"
    VERSION = "version"
    TOO_LARGE = "too_large"
    DECLARATIONS = "declarations"
    BROKEN = "broken"
    TOO_MANY = "too_many"


class StatementRefused(Exception):  # noqa: N818  # it is a refusal with a reason, told to a person
    """A file of which nothing is booked. `line` is counted from 1 where the reason has a place."""

    def __init__(self, reason: Refusal, line: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.line = line

    def message(self) -> str:
        """What is wrong and what to do, in the language in force."""
        text = _message(self.reason)
        return text if self.line is None else f"{text} {gettext('Line %(line)d.') % {'line': self.line}}"


class Problem(StrEnum):
    """Why an entry of a file that is read otherwise is not understood."""

    UNKNOWN_TEXT = "unknown_text"
    UNFINISHED = "unfinished"
    CUT = "cut"
    TWO_VALUES = "two_values"
    AMOUNT = "amount"
    DATE = "date"
    DIRECTION = "direction"
    PARTS = "parts"
    TOO_LONG = "too_long"


class Mark(StrEnum):
    """What the bank says of an entry beside its sums."""

    PLAIN = "plain"
    REVERSAL = "reversal"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Unread:
    """An entry that is not understood: where it begins (line from 1), why, and the beginning of what stands there."""

    line: int
    problem: Problem
    text: str


@dataclass(frozen=True, slots=True)
class BankEntry:
    """Money that went from the account `debited` to the account `credited`; either may be unknown (empty).

    `line` is where it begins in the file, from 1. `amount` has two places, its sign is the file's. `currency` is the
    three-letter code, empty where the file names none. `number` is that of the payer's order, `bank_reference` the
    bank's own; both may be empty.
    """

    line: int
    credited: str
    debited: str
    amount: Decimal
    currency: str
    booked: dt.date
    number: str = ""
    bank_reference: str = ""
    payer: str = ""
    payer_tax_id: str = ""
    purpose: str = ""
    mark: Mark = Mark.PLAIN


Read = BankEntry | Unread


def amount_of(text: str) -> Decimal | None:
    """An amount of at most two places that matter, `1 234,50` too; None for anything else."""
    plain = _BLANKS.sub("", text)
    if not _AMOUNT.fullmatch(plain):
        return None
    exact = Decimal(plain.replace(",", "."))
    rounded = exact.quantize(_CENT)
    return rounded if rounded == exact else None


def account_of(text: str) -> str:
    """A bank account as it is compared: without blanks, in capitals."""
    return _BLANKS.sub("", text).upper()[:40]


def currency_of(text: str) -> str:
    """The three letters of a currency, given them or its number."""
    code = text.strip().upper()[:3]
    return _NUMERIC.get(code, code)


def squeezed(text: str) -> str:
    """In one line, with single blanks, without what cannot be shown or written to XML."""
    return _UNSEEN.sub("", _BLANKS.sub(" ", text)).strip()


def _message(reason: Refusal) -> str:
    messages = {
        Refusal.NOT_A_STATEMENT: gettext(
            "This is no bank statement that can be read: export it as 1CClientBankExchange or as camt.053."
        ),
        Refusal.VERSION: gettext("This version of camt.053 is not known: export the statement as version 02 to 08."),
        Refusal.TOO_LARGE: gettext("The file is too large. Export the statement of a shorter period."),
        Refusal.DECLARATIONS: gettext("The file has declarations that no bank statement needs; it is not read."),
        Refusal.BROKEN: gettext("The file is damaged or cut off. Export it anew."),
        Refusal.TOO_MANY: gettext("The file has too many entries. Export the statement of a shorter period."),
    }
    return messages[reason]
