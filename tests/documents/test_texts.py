"""The words that documents share read rightly in each language of the product."""

import pytest
from django.utils import translation

from abonent.documents.texts import month_name
from abonent.lib.periods import Month


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["March 2026", "May 2026", "October 2026"]),
        ("ru", ["март 2026", "май 2026", "октябрь 2026"]),
        ("be", ["сакавік 2026", "май 2026", "кастрычнік 2026"]),
    ],
)
def test_a_month_by_its_name_stands_in_the_nominative(language: str, names: list[str]) -> None:
    with translation.override(language):
        assert [month_name(Month(2026, number)) for number in (3, 5, 10)] == names
