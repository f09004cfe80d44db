"""Calls that were made reach the card and the charges of the month: `abonent load-usage` beside a running product."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from abonent.demo.people import VIKTOR
from tests.browser.running import Demo, Line
from tests.browser.test_home import shown
from tests.browser.visitor import Visitor
from tests.browser.words import LANGUAGES

pytestmark = pytest.mark.browser
ACCOUNT = "00020100003"
CALLS = 3
# Minutes each; to a country that no package covers.
LONG, ABROAD = 600, "4930123456"


def records_on_card(visitor: Visitor, line: Line) -> int:
    """All records of the month, of every kind."""
    visitor.open(f"/subscribers/{line.pk}/")
    used = visitor.page.locator("main table.data", has=visitor.page.get_by_text(visitor.words("Usage of this month")))
    cells = used.locator(f"tbody td[data-label='{visitor.words('Records')}']")
    return sum(int("".join(text.split())) for text in cells.all_inner_texts())


def usage_file(path: Path, line: Line) -> Path:
    """Three calls abroad just now, and three lines that are none."""
    now = dt.datetime.now(dt.UTC)
    calls = [
        f"{line.number};voice;out;{now - dt.timedelta(minutes=back):%Y-%m-%dT%H:%M:%SZ};{LONG};{ABROAD};"
        for back in range(CALLS)
    ]
    bad = [
        f"{line.number};voice;out;yesterday;60;{ABROAD};",
        f"{line.number};voice;out",
        f"375290000000;{calls[0][13:]}",
    ]
    path.write_text("\n".join(["abonent-usage;1", *calls, *bad, ""]), encoding="utf-8")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
def test_usage_that_is_loaded_shows_on_the_card_once(visitor: Visitor, demo: Demo, tmp_path: Path) -> None:
    visitor.log_in(VIKTOR)
    line = demo.lines(ACCOUNT)[LANGUAGES.index(visitor.language)]
    before = records_on_card(visitor, line)
    file = usage_file(tmp_path / "calls.csv", line)
    said = demo.abonent("load-usage", str(file))
    # Every line that was rejected is told by its number, with its reason.
    for number in ("5", "6", "7"):
        assert any(number in row.split(":")[0] and "voice" in row for row in said.splitlines()), said
    assert records_on_card(visitor, line) == before + CALLS
    again = demo.abonent("load-usage", str(file))
    assert again.count("\n") == 1
    assert records_on_card(visitor, line) == before + CALLS


def test_S1_the_charges_of_the_period_follow_by_themselves(visitor: Visitor, demo: Demo, tmp_path: Path) -> None:
    visitor.log_in(VIKTOR)
    visitor.open("/home/")
    before = shown(visitor, "Charges of the current period")
    file = usage_file(tmp_path / "more.csv", demo.lines(ACCOUNT)[10])
    demo.abonent("load-usage", "--no-rating", str(file))
    # Fees grow with every moment, by kopecks; the calls cost more. The worker rates what is new once a minute.
    visitor.until(lambda: shown(visitor, "Charges of the current period") - before > Decimal(1), "/home/")
    expect(visitor.heading()).to_contain_text(ACCOUNT)
