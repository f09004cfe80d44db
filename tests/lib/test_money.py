from decimal import Decimal

import pytest

from abonent.lib.money import from_micros, round_money, to_micros, vat_on


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049999", "0.00"), ("2.675", "2.68"), ("1.015", "1.02")],
)
def test_halves_round_away_from_zero(exact: str, rounded: str) -> None:
    assert round_money(Decimal(exact)) == Decimal(rounded)


def test_micros_are_exact_both_ways_and_refuse_what_they_cannot_hold() -> None:
    assert to_micros(Decimal("0.045001")) == 45_001
    assert from_micros(45_001) == Decimal("0.045001")
    with pytest.raises(ValueError, match="six decimals"):
        to_micros(Decimal("0.0000001"))


def test_vat_is_taken_from_the_rounded_net() -> None:
    assert vat_on(Decimal("10.02"), Decimal(25)) == Decimal("2.51")
