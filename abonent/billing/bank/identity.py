"""What makes a payment of a statement that one and no other, in whichever file and format it comes again.

The bank's own reference stands in camt.053 alone. What both formats have is who paid whom, the number of the order, the
day, and the amount, with the accounts that the purpose names; the reference of a payment is made of these. Where the
payer gave no number, the bank's reference takes its place, or else the words of the purpose. Payments that are alike in
all of it are counted: the second one of a file is another than the first only where the bank gives it a reference of
its own, or there is no number at all.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from abonent.formats.bank.entries import BankEntry, squeezed

Key = tuple[str, ...]


class References:
    """Gives the entries of one file their references, asked in the order of the file."""

    def __init__(self) -> None:
        self._known: dict[Key, list[str]] = defaultdict(list)

    def of(self, entry: BankEntry, accounts: Sequence[str]) -> str:
        """`17-20261121-<digest>`; `accounts` are those that the purpose names."""
        number = entry.number or entry.bank_reference
        key = (
            entry.credited,
            entry.debited,
            number or squeezed(entry.purpose).casefold(),
            entry.booked.isoformat(),
            str(entry.amount),
            ",".join(sorted(accounts)),
        )
        place = self._place(self._known[key], entry.bank_reference, numbered=bool(number))
        digest = hashlib.sha256("\n".join((*key, str(place))).encode()).hexdigest()[:16]
        return f"{entry.number or '0'}-{entry.booked:%Y%m%d}-{digest}"

    @staticmethod
    def _place(known: list[str], own: str, *, numbered: bool) -> int:
        if numbered and own in known:
            return known.index(own)
        if numbered and known and not own:
            return 0
        known.append(own)
        return len(known) - 1
