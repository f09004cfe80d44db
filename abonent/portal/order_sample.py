"""The file that shows how a list of numbers is written (S15.1)."""

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.formats.report import Column, Kind, Report, Row, Section
from abonent.lib import clock
from abonent.profile import current

DIGITS = "123456789"
ROWS = 3


def sample() -> Report:
    """A heading, and numbers of the profile's length that nobody has: an order for them is refused row by row."""
    columns = (Column("number", _("Number"), Kind.TEXT, 18),)
    formed = clock.now().astimezone(current().zone)
    section = Section("numbers", "", columns, _rows())
    return Report("sample", _("Numbers"), get_language() or "en", (), (section,), formed)


def _rows() -> Iterator[Row]:
    numbers = current().numbers
    left = numbers.length - len(numbers.country_code)
    for last in range(1, ROWS + 1):
        yield (numbers.country_code + f"{DIGITS[: left - 1]}{last}",)
