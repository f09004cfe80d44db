"""An amount of money in words, as accountants write it: the units in words, the hundredths in digits.

`Сто двадцать три белорусских рубля 05 копеек`. The currency's own words stand in the profile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from abonent.lib.money import round_money
from abonent.profile.model import CurrencyWords

Forms = tuple[str, str, str]

LIMIT = 10**12
_TEEN_END = 20
_HUNDRED = 100
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Numerals:
    """How a language counts. `small` is 0 to 19; `feminine` replaces 1 and 2 before a feminine noun (thousands)."""

    small: tuple[str, ...]
    feminine: Mapping[int, str]
    tens: tuple[str, ...]
    hundreds: tuple[str, ...]
    scales: tuple[Forms, ...]
    minus: str
    joint: str
    slavic: bool


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_RUSSIAN = Numerals(
    small=_split(
        "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать "
        "четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
    ),
    feminine={1: "одна", 2: "две"},
    tens=_split("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто"),
    hundreds=_split("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот"),
    scales=(
        ("тысяча", "тысячи", "тысяч"),
        ("миллион", "миллиона", "миллионов"),
        ("миллиард", "миллиарда", "миллиардов"),
    ),
    minus="минус",
    joint=" ",
    slavic=True,
)

_BELARUSIAN = Numerals(
    small=_split(
        "нуль адзін два тры чатыры пяць шэсць сем восем дзевяць дзесяць адзінаццаць дванаццаць трынаццаць "
        "чатырнаццаць пятнаццаць шаснаццаць семнаццаць васемнаццаць дзевятнаццаць"
    ),
    feminine={1: "адна", 2: "дзве"},
    tens=_split("дваццаць трыццаць сорак пяцьдзясят шэсцьдзясят семдзесят восемдзесят дзевяноста"),
    hundreds=_split("сто дзвесце трыста чатырыста пяцьсот шэсцьсот семсот восемсот дзевяцьсот"),
    scales=(
        ("тысяча", "тысячы", "тысяч"),
        ("мільён", "мільёны", "мільёнаў"),
        ("мільярд", "мільярды", "мільярдаў"),
    ),
    minus="мінус",
    joint=" ",
    slavic=True,
)

_ENGLISH = Numerals(
    small=_split(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    ),
    feminine={},
    tens=_split("twenty thirty forty fifty sixty seventy eighty ninety"),
    hundreds=tuple(f"{digit} hundred" for digit in _split("one two three four five six seven eight nine")),
    scales=(("thousand",) * 3, ("million",) * 3, ("billion",) * 3),
    minus="minus",
    joint="-",
    slavic=False,
)

_LANGUAGES = {"ru": _RUSSIAN, "be": _BELARUSIAN, "en": _ENGLISH}


def amount_in_words(amount: Decimal, language: str, currency: CurrencyWords) -> str:
    """`amount` below a million millions, in ru, be or en; a larger one or another language is a ValueError."""
    numerals = _LANGUAGES.get(language)
    if numerals is None:
        raise ValueError(f"amounts are not written in words in “{language}”")
    cents = int(round_money(abs(amount)) * _HUNDRED)
    units, hundredths = divmod(cents, _HUNDRED)
    if units >= LIMIT:
        raise ValueError(f"{amount} is too large to be written in words")
    words = _number(units, numerals)
    if amount < 0 and cents:
        words.insert(0, numerals.minus)
    words.append(currency.unit[form(units, slavic=numerals.slavic)])
    words.append(f"{hundredths:02d} {currency.hundredth[form(hundredths, slavic=numerals.slavic)]}")
    text = " ".join(words)
    return text[0].upper() + text[1:]


def form(count: int, *, slavic: bool) -> int:
    """Which of the three forms of a noun stands after `count`: 0 as after 1, 1 as after 2, 2 as after 5."""
    if not slavic:
        return 0 if count == 1 else 2
    last, last_two = count % 10, count % _HUNDRED
    if last == 1 and last_two != 11:  # noqa: PLR2004  # eleven counts as five does
        return 0
    if 2 <= last <= 4 and not 12 <= last_two <= 14:  # noqa: PLR2004  # and so do twelve to fourteen
        return 1
    return 2


def _number(count: int, numerals: Numerals) -> list[str]:
    if count == 0:
        return [numerals.small[0]]
    words: list[str] = []
    for power in range(len(numerals.scales), 0, -1):
        group = count // _THOUSAND**power % _THOUSAND
        if group:
            words += _group(group, numerals, feminine=power == 1)
            words.append(numerals.scales[power - 1][form(group, slavic=numerals.slavic)])
    return words + _group(count % _THOUSAND, numerals, feminine=False)


def _group(count: int, numerals: Numerals, *, feminine: bool) -> list[str]:
    """One to three digits in words; nothing for 0."""
    hundreds, rest = divmod(count, _HUNDRED)
    words = [numerals.hundreds[hundreds - 1]] if hundreds else []
    if not rest:
        return words
    if rest < _TEEN_END:
        return [*words, _small(rest, numerals, feminine=feminine)]
    tens, units = divmod(rest, 10)
    ten = numerals.tens[tens - 2]
    if not units:
        return [*words, ten]
    unit = _small(units, numerals, feminine=feminine)
    return [*words, f"{ten}{numerals.joint}{unit}"]


def _small(count: int, numerals: Numerals, *, feminine: bool) -> str:
    return numerals.feminine.get(count, numerals.small[count]) if feminine else numerals.small[count]
