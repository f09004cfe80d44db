import datetime as dt
from decimal import Decimal

import pytest

from abonent import profile


def test_both_profiles_are_whole() -> None:
    by, ru = profile.read("by"), profile.read("ru")
    assert (by.currency, by.numbers.length, by.zone.key) == ("BYN", 12, "Europe/Minsk")
    assert (ru.currency, ru.numbers.length, ru.zone.key) == ("RUB", 11, "Europe/Moscow")
    assert (by.label("tax_id", "ru"), ru.label("tax_id", "ru")) == ("УНП", "ИНН")
    assert by.is_account_number("00020123456")
    assert not by.is_account_number("0002012345")


def test_an_unknown_profile_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="there are by, ru"):
        profile.read("xx")


@pytest.mark.parametrize(("day", "rate"), [((2018, 12, 31), 18), ((2019, 1, 1), 20), ((2026, 1, 1), 22)])
def test_vat_is_that_of_the_day_of_supply(day: tuple[int, int, int], rate: int) -> None:
    assert profile.read("ru").vat_rate(dt.date(*day)) == Decimal(rate)


def test_a_supply_before_the_first_known_rate_is_an_error() -> None:
    with pytest.raises(ValueError, match="no VAT rate"):
        profile.read("by").vat_rate(dt.date(2001, 1, 1))
