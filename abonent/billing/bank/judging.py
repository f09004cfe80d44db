"""What is to become of an entry of a bank statement: money to book, or a stated reason why not."""

import datetime as dt
import re

from abonent.billing.models import BankLine
from abonent.formats.bank.entries import BankEntry, Mark, account_of
from abonent.profile import Profile

Reason = BankLine.Reason
OLDEST_YEAR = 2000
_DIGITS = re.compile(r"(?<!\d)\d{4,20}(?!\d)")


def why_ignored(entry: BankEntry, profile: Profile) -> BankLine.Reason | None:
    """None for money that came to the operator's account, in its currency, for good."""
    own = account_of(profile.operator.bank_account)
    checks = (
        (entry.debited == own and entry.mark == Mark.PLAIN, Reason.DEBIT),
        (own not in {entry.credited, entry.debited}, Reason.OTHER_ACCOUNT),
        (entry.mark == Mark.REVERSAL, Reason.REVERSAL),
        (entry.mark == Mark.PENDING, Reason.PENDING),
        (entry.currency not in {"", profile.currency}, Reason.CURRENCY),
        (entry.amount <= 0, Reason.NOT_POSITIVE),
    )
    return next((reason for wrong, reason in checks if wrong), None)


def why_unbelievable(entry: BankEntry, today: dt.date) -> BankLine.Reason | None:
    """A day on which no money can have come: yet to come, or before there were such statements."""
    if entry.booked > today:
        return Reason.FUTURE
    return Reason.DATE if entry.booked.year < OLDEST_YEAR else None


def named_accounts(purpose: str, profile: Profile) -> list[str]:
    """What looks like an account number of the operator, each once, in the order of the text."""
    return [found for found in dict.fromkeys(_DIGITS.findall(purpose)) if profile.is_account_number(found)]
