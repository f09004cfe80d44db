import hashlib

import pytest

from abonent.formats.faces import FOLDER, GROUP_FIGURES, load


def test_S5_vendored_fonts_are_those_that_were_made() -> None:
    lines = (FOLDER / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == 3
    for line in lines:
        digest, name = line.split()
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("name", ["Inter-Regular", "Inter-SemiBold"])
def test_S5_figures_are_tabular_and_their_twins_carry_one_gap(name: str) -> None:
    widths = load(name).widths
    assert len({widths[digit] for digit in "0123456789"}) == 1
    assert len({widths[twin] - widths["0"] for twin in GROUP_FIGURES.values()}) == 1
    assert widths[GROUP_FIGURES[0]] > widths["0"]


def test_S5_the_fonts_have_the_letters_of_our_languages() -> None:
    assert load("Inter-Regular").known.issuperset("абвгдеёжзійклмнопрстуўфхцчшыьэюяшщъи ABCXYZabcxyz №«»—–−…€₽₴₸→×")
    assert load("DejaVuSans").known.issuperset("ԱԲԳאבג\ufffd")
