"""A price in monthly parts that add up to it, to the hundredth."""

from decimal import Decimal
from typing import NamedTuple

from abonent.lib.money import CENT, ZERO, round_money
from abonent.lib.periods import Month


class InstalmentPart(NamedTuple):
    """One payment: gross = net + VAT."""

    month: Month
    net: Decimal
    vat: Decimal
    gross: Decimal


def spread(amount: Decimal, count: int) -> list[Decimal]:
    """`amount` (of two places) in `count` parts: equal ones, and the hundredths left over go to the first ones."""
    whole, left = divmod(amount, CENT * count)
    return [whole * CENT + (CENT if place * CENT < left else ZERO) for place in range(count)]


def parts_of(price: Decimal, vat_rate: Decimal, months: int, first: Month, last: Month) -> list[InstalmentPart]:
    """One part for each month from `first` to `last`; where `last` comes before its time, it has all the rest.

    `price` is with VAT. Its VAT is worked out once, and spread as the price is: net, VAT and gross of the parts each
    add up to those of the whole.
    """
    vat = round_money(price * vat_rate / (100 + vat_rate))
    gross, vats = spread(price, months), spread(vat, months)
    count = min(months, _between(first, last) + 1)
    gross[count - 1 :] = [sum(gross[count - 1 :], ZERO)]
    vats[count - 1 :] = [sum(vats[count - 1 :], ZERO)]
    return [
        InstalmentPart(first.plus(place), whole - of_it, of_it, whole)
        for place, (whole, of_it) in enumerate(zip(gross, vats, strict=True))
    ]


def _between(first: Month, last: Month) -> int:
    return (last.year - first.year) * 12 + last.number - first.number
