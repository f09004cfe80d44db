"""S12: from the card to the page of forwarding, set for one kind, by the keyboard alone; then the card says so."""

import pytest
from playwright.sync_api import expect

from abonent.demo.people import VIKTOR
from tests.browser.running import Demo
from tests.browser.test_orders import wait_until_done
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ACCOUNT = "00020100003"
TARGET, DIGITS = "+375 17 300-00-00", "375173000000"


def test_S12_calls_of_a_busy_number_are_forwarded(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    first, second = demo.lines(ACCOUNT)[30:32]
    visitor.log_in(VIKTOR)
    visitor.open(f"/subscribers/{first.pk}/")
    page.locator("#forwarding a").click()
    expect(page.locator("main .panel")).to_have_count(4)
    page.locator("#id_busy_target").fill(first.number)
    page.keyboard.press("Enter")
    expect(page.locator("#id_busy_target-error")).to_be_visible()
    expect(page.locator("#id_busy_target")).to_have_value(first.number)
    page.locator("#id_busy_target").fill(TARGET)
    page.keyboard.press("Enter")
    page.locator(".receipt button[type=submit]").click()
    page.locator("main p a").click()
    wait_until_done(visitor)
    visitor.open(f"/subscribers/{first.pk}/")
    expect(page.locator("#forwarding")).to_contain_text(DIGITS)
    visitor.open(f"/subscribers/{second.pk}/forwarding/")
    page.locator("#id_unreachable_target").fill(first.number)
    page.keyboard.press("Enter")
    expect(page.locator(".receipt")).to_be_visible()
