"""Phone numbers: strings of digits with the country code, typed in many ways, shown in one."""

import re
from dataclasses import dataclass

import phonenumbers

_FILLER = re.compile(r"[\s\-().\u00a0\u2009\u202f]")
_FLOAT = re.compile(r"\.0+$")


@dataclass(frozen=True, slots=True)
class NumberPlan:
    """What a number looks like at this operator: `length` counts all digits, country code included."""

    country_code: str
    length: int

    def clean(self, typed: str) -> str | None:
        """The digits of a number as a person or a spreadsheet writes it; None where it cannot be one."""
        text = _FILLER.sub("", _FLOAT.sub("", typed.strip()))
        digits = text.removeprefix("+")
        if not digits.isascii() or not digits.isdigit():
            return None
        if len(digits) == self.length - len(self.country_code):
            digits = self.country_code + digits
        fits = len(digits) == self.length and digits.startswith(self.country_code)
        return digits if fits else None


def pretty(digits: str) -> str:
    """`+375 29 123-45-67` for people to read; a text that is not a phone number stays as it is."""
    if not digits.isdigit():
        return digits
    if digits.startswith("375") and len(digits) == 12:  # noqa: PLR2004  # the usual local grouping, quicker than the library
        return f"+375 {digits[3:5]} {digits[5:8]}-{digits[8:10]}-{digits[10:]}"
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_possible_number(number):
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
