"""The fictional operator's pool: some hundred free mobile numbers in three categories (S13)."""

from decimal import Decimal

from abonent.catalog.models import NumberCategory
from abonent.clients.models import Account
from abonent.subscribers import pool

PREFIX = "37525"
CATEGORIES = (
    (
        "number-plain",
        "0",
        {"ru": "Обычные", "be": "Звычайныя", "en": "Plain"},
        {"ru": "Любой свободный номер", "be": "Любы свабодны нумар", "en": "Any free number"},
    ),
    (
        "number-silver",
        "12.5",
        {"ru": "Серебряные", "be": "Срэбныя", "en": "Silver"},
        {
            "ru": "Дважды одна пара цифр в конце",
            "be": "Двойчы адна пара лічбаў у канцы",
            "en": "One pair of digits twice at the end",
        },
    ),
    (
        "number-gold",
        "100",
        {"ru": "Золотые", "be": "Залатыя", "en": "Gold"},
        {
            "ru": "Четыре одинаковые цифры в конце",
            "be": "Чатыры аднолькавыя лічбы ў канцы",
            "en": "Four same digits at the end",
        },
    ),
)


def make_pool() -> None:
    """Fill the empty pool; numbers are free from the clock's moment on."""
    made = [
        NumberCategory.objects.create(
            code=code, kind=Account.Kind.MOBILE, fee=Decimal(fee), names=names, descriptions=descriptions
        )
        for code, fee, names, descriptions in CATEGORIES
    ]
    for category, numbers in zip(made, (_plain(), _silver(), _gold()), strict=True):
        pool.load(category, numbers)


def _plain() -> list[str]:
    """Without a pattern that one could see: the last four digits are never in pairs."""
    scattered = [f"{place * 7919 % 900_000 + 5_100_000}" for place in range(1, 400)]
    return [f"{PREFIX}{digits}" for digits in scattered if digits[-1] != digits[-2]][:300]


def _silver() -> list[str]:
    return [
        f"{PREFIX}6{head}{pair}{pair}"
        for head in ("14", "27", "53", "68")
        for pair in (f"{tens}{ones}" for tens in range(1, 8) for ones in range(4) if tens != ones)
    ]


def _gold() -> list[str]:
    return [f"{PREFIX}7{head}{str(digit) * 4}" for head in ("17", "77") for digit in range(10)]
