"""Money: decimals, one rounding rule, and the integer micro-units in which usage is rated."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MICRO = 1_000_000


def round_money(amount: Decimal) -> Decimal:
    """Round to the hundredth, halves away from zero: the only rounding of money in the product."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def to_micros(amount: Decimal) -> int:
    """Millionths of the currency unit; `amount` has at most six decimals, otherwise ValueError."""
    scaled = amount * MICRO
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more than six decimals")
    return int(scaled)


def from_micros(micros: int) -> Decimal:
    """The exact decimal of an integer number of millionths."""
    return Decimal(micros).scaleb(-6)


def vat_on(net: Decimal, rate: Decimal) -> Decimal:
    """VAT on a net amount that is already rounded; `rate` in per cent (25 means 25 %)."""
    return round_money(net * rate / 100)
