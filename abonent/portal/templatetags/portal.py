"""Figures, numbers and moments as people read them, and the small parts of a page.

A page of 50 rows calls these 500 times, so nothing here goes through Django's localisation: the separators are known,
the month names are looked up once a language. What is grouped for reading is grouped by style alone: copied, it is the
bare number.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Literal

from babel.dates import get_month_names
from django.template import Library
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from abonent import profile
from abonent.lib import phones
from abonent.lib.money import round_money

register = Library()

_GROUP = 3
_BELARUS = "375"
_BELARUS_LENGTH = 12
# What a template hands over where there is nothing: None, or the empty text of a path that leads nowhere.
Missing = Literal[""] | None

STATE_ICONS = {"good": "check", "warn": "warning", "bad": "error", "busy": "clock", "idle": "pause"}


@cache
def _months(language: str) -> Mapping[int, str]:
    """By number, in the form that stands alone: Django's catalogues have the genitive for some languages."""
    return get_month_names("wide", "stand-alone", locale=language)


@cache
def _short_months() -> Mapping[int, str]:
    return get_month_names("abbreviated", locale="en")


@cache
def _sprite() -> str:
    return static("portal/icons.svg")


def _language() -> str:
    return translation.get_language() or "en"


def _grouped(digits: str) -> str:
    """Thousands set apart by a margin, which a copy does not carry."""
    head = len(digits) % _GROUP or _GROUP
    groups = [digits[:head], *(digits[at : at + _GROUP] for at in range(head, len(digits), _GROUP))]
    return "".join(f"<i>{group}</i>" for group in groups[:-1]) + groups[-1]


def _number(text: str, unit: str = "") -> SafeString:
    """`text` is a plain decimal such as `-1234.50`."""
    sign, digits = ('<span class="minus">-</span>', text[1:]) if text.startswith("-") else ("", text)
    whole, _, part = digits.partition(".")
    point = "." if _language() == "en" else ","
    shown = sign + (_grouped(whole) if len(whole) > _GROUP else whole) + (point + part if part else "")
    tail = f"\u00a0{escape(unit)}" if unit else ""
    return mark_safe(f'<span class="n">{shown}</span>{tail}')  # noqa: S308  # digits, and the escaped unit


@register.filter
def money(amount: Decimal | Missing, currency: str = "") -> str:
    """An amount with two decimals, grouped; `currency` behind it where the column does not name it."""
    return "–" if amount is None or amount == "" else _number(str(round_money(amount)), currency)


@register.filter
def count(number: int | Missing) -> str:
    """A whole number, grouped."""
    return "–" if number is None or number == "" else _number(str(number))


@register.filter
def quantity(amount: Decimal | Missing, unit: str = "") -> str:
    """A quantity with as many decimals as it has (`12.5`), grouped, with its unit."""
    return "–" if amount is None or amount == "" else _number(f"{amount.normalize():f}", unit)


@register.filter
def phone(digits: str | None) -> str:
    """`+375 29 123-45-67` to read, `375291234567` to copy; what is not a phone number (a SIP id) stays as it is."""
    if not digits:
        return "–"
    if digits.startswith(_BELARUS) and len(digits) == _BELARUS_LENGTH and digits.isdigit():
        shown = f"<i>375</i><i>{digits[3:5]}</i><b>{digits[5:8]}</b><b>{digits[8:10]}</b>{digits[10:]}"
        return mark_safe(f'<span class="n tel">{shown}</span>')  # noqa: S308  # nothing but digits
    pretty = phones.pretty(digits)
    if not pretty.startswith("+"):
        return format_html('<span class="n">{}</span>', digits)
    words = [word.split("-") for word in pretty[1:].split(" ")]
    marked = ["".join(f"<b>{part}</b>" for part in word[:-1]) + word[-1] for word in words]
    shown = "".join(f"<i>{word}</i>" for word in marked[:-1]) + marked[-1]
    return mark_safe(f'<span class="n tel">{shown}</span>')  # noqa: S308  # digits, grouped by the library


def _day(day: dt.date) -> str:
    if _language() == "en":
        return f"{day.day} {_short_months()[day.month]} {day.year}"
    return f"{day.day:02}.{day.month:02}.{day.year}"


@register.filter
def day(value: dt.date | Missing) -> str:
    """A calendar day; an instant is taken in the operator's zone."""
    if not value:
        return "–"
    local = value.astimezone(profile.current().zone).date() if isinstance(value, dt.datetime) else value
    return mark_safe(f'<time class="n" datetime="{local.isoformat()}">{_day(local)}</time>')  # noqa: S308  # figures and month names


@register.filter
def moment(instant: dt.datetime | Missing) -> str:
    """An aware instant with hours and minutes, in the operator's zone."""
    if not instant:
        return "–"
    local = instant.astimezone(profile.current().zone)
    shown = f"{_day(local.date())} {local.hour:02}:{local.minute:02}"
    full = local.isoformat(timespec="seconds")
    return mark_safe(f'<time class="n" datetime="{full}">{shown}</time>')  # noqa: S308  # figures and month names


@register.filter
def month(value: dt.date | Missing) -> str:
    """`November 2026`, `ноябрь 2026`: the month that the day is in."""
    return "–" if not value else f"{_months(_language())[value.month]} {value.year}"


@register.simple_tag
def currency() -> str:
    """The operator's currency as the reader's language writes it, e.g. `руб.`."""
    return profile.current().currency_label(_language())


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A picture from the sprite; without `label` it is decoration and stays silent."""
    if not label:
        return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)
    return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, _sprite(), name)


@register.simple_tag
def badge(state: str, label: str) -> SafeString:
    """A state in a word with its picture; `state` is good, warn, bad, busy or idle (another one is a KeyError)."""
    return format_html('<span class="badge {}">{}{}</span>', state, icon(STATE_ICONS[state]), label)
