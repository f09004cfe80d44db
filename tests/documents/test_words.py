"""The amount in words on the invoice: genders, plurals and hundredths in three languages."""

from decimal import Decimal

import pytest

from abonent.documents.words import LIMIT, amount_in_words
from abonent.profile import read

BY = read("by").currency_words
RU = read("ru").currency_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "Ноль белорусских рублей 00 копеек"),
        ("1.01", "Один белорусский рубль 01 копейка"),
        ("2.02", "Два белорусских рубля 02 копейки"),
        ("5.05", "Пять белорусских рублей 05 копеек"),
        ("11.11", "Одиннадцать белорусских рублей 11 копеек"),
        ("21.21", "Двадцать один белорусский рубль 21 копейка"),
        ("112.12", "Сто двенадцать белорусских рублей 12 копеек"),
        ("1001.00", "Одна тысяча один белорусский рубль 00 копеек"),
        ("2342.10", "Две тысячи триста сорок два белорусских рубля 10 копеек"),
        ("12000.99", "Двенадцать тысяч белорусских рублей 99 копеек"),
        ("21000000.00", "Двадцать один миллион белорусских рублей 00 копеек"),
        ("1002001000.40", "Один миллиард два миллиона одна тысяча белорусских рублей 40 копеек"),
        ("-164.15", "Минус сто шестьдесят четыре белорусских рубля 15 копеек"),
        ("0.995", "Один белорусский рубль 00 копеек"),
    ],
)
def test_an_amount_in_russian(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), "ru", BY["ru"]) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "Нуль беларускіх рублёў 00 капеек"),
        ("1.21", "Адзін беларускі рубель 21 капейка"),
        ("2042.02", "Дзве тысячы сорак два беларускія рублі 02 капейкі"),
        ("1918.14", "Адна тысяча дзевяцьсот васемнаццаць беларускіх рублёў 14 капеек"),
        ("5000611.60", "Пяць мільёнаў шэсцьсот адзінаццаць беларускіх рублёў 60 капеек"),
    ],
)
def test_an_amount_in_belarusian(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), "be", BY["be"]) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1.01", "One Belarusian ruble 01 kopeck"),
        ("21.02", "Twenty-one Belarusian rubles 02 kopecks"),
        ("1342.50", "One thousand three hundred forty-two Belarusian rubles 50 kopecks"),
    ],
)
def test_an_amount_in_english(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount), "en", BY["en"]) == words


def test_the_currency_is_the_profiles() -> None:
    assert amount_in_words(Decimal("3.00"), "ru", RU["ru"]) == "Три рубля 00 копеек"
    assert amount_in_words(Decimal("1.00"), "be", RU["be"]) == "Адзін расійскі рубель 00 капеек"


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        amount_in_words(Decimal(LIMIT), "ru", BY["ru"])
    with pytest.raises(ValueError, match="pl"):
        amount_in_words(Decimal(1), "pl", BY["ru"])
