import pytest

from abonent.lib.phones import NumberPlan, pretty

BY = NumberPlan("375", 12)
RU = NumberPlan("7", 11)


@pytest.mark.parametrize(
    "typed",
    ["375291234567", "+375 29 123-45-67", "375291234567.0", "+375(29)1234567", "\u00a0375 29 123 45 67 ", "291234567"],
)
def test_a_number_is_understood_however_it_is_typed(typed: str) -> None:
    assert BY.clean(typed) == "375291234567"


@pytest.mark.parametrize(
    "typed", ["", "37529123456", "3752912345678", "74951234567", "٣٧٥٢٩١٢٣٤٥٦٧", "=375291234567", "+"]
)
def test_what_is_no_number_of_this_operator_is_refused(typed: str) -> None:
    assert BY.clean(typed) is None


def test_a_russian_number_is_ten_digits_after_the_fixed_prefix() -> None:
    assert RU.clean("9161234567") == "79161234567"


def test_numbers_are_shown_in_groups_and_other_names_as_they_are() -> None:
    assert pretty("375291234567") == "+375 29 123-45-67"
    assert pretty("79161234567").startswith("+7 916 123")
    assert pretty("sip-node-1") == "sip-node-1"
    assert pretty("103") == "103"
