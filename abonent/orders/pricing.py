"""What the rows of an order cost together: how many there are of each price, kept with the order."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from abonent.lib.money import ZERO, round_money
from abonent.orders.actions.action import Price

Stored = list[list[str | int]]


@dataclass(frozen=True, slots=True)
class Totals:
    """Net of VAT, in money: each month, once, and what it takes to begin (once, and a month where it becomes dearer).

    `single` is the price of one number where all have the same.
    """

    monthly: Decimal
    once: Decimal
    begin: Decimal
    single: Price | None


def stored(prices: Mapping[Price, int]) -> Stored:
    """As an order keeps them."""
    return [[str(price.monthly), str(price.once), count] for price, count in prices.items()]


def counted(rows: Iterable[tuple[Decimal, Decimal, int]]) -> Counter[Price]:
    """From (monthly, once, how many)."""
    found: Counter[Price] = Counter()
    for monthly, once, count in rows:
        found[Price(monthly, once)] += count
    return found


def totals(kept: Sequence[Sequence[str | int]]) -> Totals:
    """Of what an order keeps; each price is rounded before it is multiplied, as an invoice does it."""
    monthly = once = begin = ZERO
    for by_month, at_once, number in kept:
        each, first, count = round_money(Decimal(by_month)), round_money(Decimal(at_once)), int(number)
        monthly += each * count
        once += first * count
        begin += (max(each, ZERO) + first) * count
    single = Price(Decimal(kept[0][0]), Decimal(kept[0][1])) if len(kept) == 1 else None
    return Totals(monthly, once, begin, single)
