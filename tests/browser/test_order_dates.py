"""S17: an order for a day to come is planned on its draft, moved and cancelled on its page."""

import pytest
from playwright.sync_api import expect

from abonent.demo.people import SERGEI
from tests.browser.running import Demo
from tests.browser.test_orders import tick, verdicts
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ACCOUNT = "00020100001"


def choose_day(visitor: Visitor, place: int) -> str:
    """Open the calendar and take a day of it; its date."""
    page = visitor.page
    page.locator("details.panel > summary").click()
    day = page.locator(".day-sheet input[name=day]").nth(place)
    value = day.get_attribute("value") or ""
    day.check(force=True)
    visitor.button("Save the day").click()
    expect(page.locator(f'main time[datetime^="{value}"]').first).to_be_visible()
    return value


def test_S17_numbers_are_blocked_on_a_day_to_come(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    visitor.open("/orders/new/blocking/")
    for line in demo.lines(ACCOUNT)[70:72]:
        tick(visitor, line)
    visitor.button("Continue").click()
    assert len(verdicts(visitor)) == 2
    first = choose_day(visitor, 3)
    page.locator(".receipt button[type=submit]").click()
    expect(page.locator(f'main time[datetime="{first}"]')).to_be_visible()
    page.locator("main a[href^='/orders/']").first.click()
    second = choose_day(visitor, 5)
    assert second > first
    visitor.button("Cancel what has not begun").click()
    page.locator("dialog[open] button[type=submit]").click()
    expect(page.locator("main details.panel")).to_have_count(0)
