"""What a page says in the three languages: texts by their English, figures as they are read."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext, pgettext

LOCALES = {"ru": "ru-RU", "en": "en-GB", "be": "be-BY"}
LANGUAGES = tuple(LOCALES)
FIGURE = re.compile(r"[-−]?\d[\d\s]*[.,]\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Words:
    """`words("Log in")` is that text in `language`; the catalogs are those of the product."""

    language: str

    def __call__(self, text: str, context: str = "") -> str:
        with translation.override(self.language):
            return pgettext(context, text) if context else gettext(text)


def figures(text: str) -> list[Decimal]:
    """The amounts of money in a text, with two decimals and however grouped."""
    return [_decimal(found) for found in FIGURE.findall(text)]


def figure(text: str) -> Decimal:
    """The one amount that a text holds."""
    found = figures(text)
    assert len(found) == 1, text
    return found[0]


def _decimal(text: str) -> Decimal:
    return Decimal("".join(text.split()).replace("−", "-").replace(",", "."))
