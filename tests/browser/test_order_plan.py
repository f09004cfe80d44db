"""S15.2: another tariff for two numbers from the list: choose, see what it changes, confirm, done."""

import re

import pytest
from playwright.sync_api import expect

from abonent.demo.people import SERGEI
from tests.browser.running import Demo
from tests.browser.test_orders import confirm, tick, verdicts, wait_until_done
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ACCOUNT = "00020100001"


def choose(visitor: Visitor, field: str, at: int) -> str:
    """Take an option of a field by its place; the page follows, with the choice in its address."""
    select = visitor.page.locator(f"select[name={field}]")
    option = select.locator("option").nth(at)
    label, value = option.inner_text(), option.get_attribute("value")
    select.select_option(value=value)
    expect(visitor.page).to_have_url(re.compile(f"{field}={value}"))
    return label


def test_S15_2_the_tariff_of_two_numbers_is_changed(visitor: Visitor, demo: Demo) -> None:
    page, words = visitor.page, visitor.words
    chosen = demo.lines(ACCOUNT)[60:62]
    visitor.log_in(SERGEI)
    visitor.open("/subscribers/")
    page.locator("#sections").get_by_role("link", name=words("Change of tariff"), exact=True).click()
    expect(visitor.heading()).to_have_text(words("Change of tariff"))
    expect(page.locator(".tabs a").first).to_have_attribute("aria-current", "page")
    choose(visitor, "category", 1)
    tariff = choose(visitor, "plan", 1)
    option_set = choose(visitor, "option_set", 2)
    expect(page.locator("#choice-of-subscribers")).to_be_visible()
    visitor.button("More about the tariff").click()
    expect(page.locator("#about-the-tariff")).to_be_visible()
    expect(page.locator("#about-the-tariff")).to_contain_text(words("Outgoing calls"))
    page.keyboard.press("Escape")
    for line in chosen:
        tick(visitor, line)
    expect(page.locator("[data-selected-count]")).to_have_text("2")
    visitor.button("Continue").click()
    assert len(verdicts(visitor)) == 2
    new = page.locator(".panel", has=page.get_by_role("heading", name=words("New tariff plan"), exact=True))
    expect(new).to_contain_text(tariff)
    expect(new).to_contain_text(option_set)
    confirm(visitor)
    # Whoever was picked for it is not picked for the next one.
    visitor.open("/orders/new/blocking/")
    expect(page.locator("#order-subscribers tbody tr").first).to_be_visible()
    expect(page.locator("[data-selection-bar]")).to_be_hidden()
    page.go_back()
    wait_until_done(visitor)
    for line in chosen:
        visitor.open(f"/subscribers/{line.pk}/")
        expect(page.locator("main")).to_contain_text(tariff)
        expect(page.locator("main")).to_contain_text(option_set)
