"""A number pool for the tests: categories and free numbers."""

from decimal import Decimal

from abonent.catalog.models import NumberCategory
from abonent.subscribers import pool


def category(code: str = "gold", fee: str = "25", kind: str = "mobile") -> NumberCategory:
    names = {"ru": f"Категория {code}", "en": f"Category {code}"}
    return NumberCategory.objects.create(code=code, names=names, kind=kind, fee=Decimal(fee))


def fill(of: NumberCategory, count: int, prefix: str = "37544") -> list[str]:
    """So many free numbers."""
    numbers = [f"{prefix}{place:07}" for place in range(count)]
    assert pool.load(of, numbers) == count
    return numbers
