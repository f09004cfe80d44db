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

    def is_home(self, digits: str) -> bool:
        """Whether these digits are a number of this plan."""
        return len(digits) == self.length and digits.startswith(self.country_code)

    def clean_abroad(self, typed: str) -> str | None:
        """The digits of a number of another country, typed whole with + or 00 before it; None where it is none."""
        text = _FILLER.sub("", typed.strip())
        digits = text[1:] if text.startswith("+") else text.removeprefix("00") if text.startswith("00") else ""
        if not digits.isascii() or not digits.isdigit() or digits.startswith(self.country_code):
            return None
        try:
            number = phonenumbers.parse("+" + digits)
        except phonenumbers.NumberParseException:
            return None
        return digits if phonenumbers.is_valid_number(number) else None

    def clean(self, typed: str) -> str | None:
        """The digits of a number as a person or a spreadsheet writes it; None where it cannot be one."""
        text = _FILLER.sub("", _FLOAT.sub("", typed.strip()))
        digits = text.removeprefix("+")
        if not digits.isascii() or not digits.isdigit():
            return None
        if len(digits) == self.length - len(self.country_code):
            digits = self.country_code + digits
        return digits if self.is_home(digits) else None


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
