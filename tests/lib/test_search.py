from abonent.lib.search import search_key


def test_names_meet_in_any_case_and_with_or_without_the_dots() -> None:
    assert search_key("  Королёв   ПЁТР ") == search_key("королев петр")
