"""S15.3: names changed in place, each field confirmed with ✓ or dropped with ✕; the new one stands in the list."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect

from abonent.demo.people import VIKTOR
from abonent.profile import read
from abonent.profile.calendar import may_rename
from tests.browser.running import Demo, Line
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ACCOUNT = "00020100003"
DONE_MS = 60_000


def field(visitor: Visitor, name: str, line: Line) -> Locator:
    return visitor.page.locator(f"input[type=text][name={name}-{line.pk}]")


def only(visitor: Visitor, line: Line) -> None:
    """Search for one number in the list of names."""
    visitor.page.locator("main .list-search input[type=search]").fill(line.number)
    expect(visitor.page.locator("#naming tbody tr")).to_have_count(1)


def bar(visitor: Visitor) -> Locator:
    return visitor.page.locator("#naming-bar")


def test_S15_3_two_fields_are_edited_one_is_confirmed_the_other_dropped(visitor: Visitor, demo: Demo) -> None:
    words, page = visitor.words, visitor.page
    line = demo.lines(ACCOUNT)[-1]
    visitor.log_in(VIKTOR)
    visitor.open("/orders/rename/")
    expect(visitor.heading()).to_have_text(words("Renaming of subscribers"))
    only(visitor, line)
    surname, first_name = field(visitor, "last_name", line), field(visitor, "first_name", line)
    was = first_name.input_value()
    # By keyboard: Enter is ✓, Esc is ✕.
    surname.fill("Новоселова")
    surname.press("Enter")
    expect(bar(visitor)).to_contain_text(words("You have made changes. To save them press “Continue”."))
    expect(page.locator(f"input[name=ok][value=last_name-{line.pk}]")).to_be_checked()
    first_name.fill("Не то")
    expect(bar(visitor).locator("[data-unconfirmed-count]")).to_have_text("1")
    page.locator("td", has=first_name).get_by_role("button").click()
    expect(first_name).to_have_value(was)
    expect(bar(visitor).locator("[data-unconfirmed]")).to_be_hidden()
    # What was confirmed outlives another search, and the page itself.
    page.locator("main .list-search input[type=search]").fill("")
    expect(page.locator("#naming tbody tr")).not_to_have_count(1)
    visitor.open("/orders/rename/?only=changed")
    expect(surname).to_have_value("Новоселова")
    expect(page.locator("#naming tbody tr")).to_have_count(1)

    visitor.button("Continue").click()
    expect(page.locator("#verdicts")).to_be_visible(timeout=DONE_MS)
    expect(visitor.row(line.number)).to_contain_text(f"Новоселова {was}")
    if not may_rename(read("by"), dt.datetime.now(ZoneInfo("Europe/Minsk"))):
        # On a month's last two days the page offers the first and an application instead.
        expect(page.locator(".receipt button[type=submit]")).to_be_disabled()
        expect(visitor.button("Plan it for that day")).to_be_visible()
        expect(visitor.button("Send as a written application")).to_be_visible()
        return
    page.locator(".receipt button[type=submit]").click()
    expect(visitor.heading()).to_have_text(words("Your order is recorded"))
    page.locator("main p a").first.click()
    expect(page.locator(".page-head .badge")).not_to_have_class(re.compile("busy"), timeout=DONE_MS)
    visitor.open(f"/subscribers/?q={line.number}")
    expect(page.locator("main tbody tr")).to_contain_text(f"Новоселова {was}")
