"""What was typed survives a session that ended; pages for what may not be, in the person's language."""

import re

import pytest
from playwright.sync_api import expect

from abonent.demo.people import ELENA, SERGEI, VIKTOR
from tests.browser.running import Demo
from tests.browser.visitor import Visitor
from tests.browser.words import LANGUAGES

pytestmark = pytest.mark.browser
ACCOUNT = "00020100003"


def session_key(visitor: Visitor) -> str:
    values = {cookie["name"]: cookie["value"] for cookie in visitor.page.context.cookies() if "value" in cookie}
    return values["sessionid"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_typed_survives_a_session_that_ended(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(VIKTOR)
    page, words = visitor.page, visitor.words
    numbers = [line.number for line in demo.lines(ACCOUNT)[:3]]
    visitor.open("/finance/call-details/")
    visitor.choose("source", "typed")
    page.locator("textarea[name=typed]").fill(";".join(numbers))
    visitor.choose("directions", "out")
    demo.end_session(session_key(visitor))
    visitor.button("Next", "step").click()
    page.wait_for_url("**/login/**")
    page.locator(".tabs a").nth(1).click()
    visitor.give_password(VIKTOR)
    visitor.speak()
    expect(visitor.heading()).to_have_text(words("Go on where you were"))
    expect(page.locator("main")).to_contain_text(numbers[0])
    visitor.button("Send what I typed").click()
    expect(visitor.fact(words("Subscribers selected"))).to_have_text("3")
    expect(visitor.fact(words("Type of call details"))).to_have_text(words("Outgoing"))


def test_a_page_that_was_asked_for_opens_after_the_log_in(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(VIKTOR)
    visitor.open("/subscribers/")
    # What the page asks for by itself is there: nothing but what is typed meets the session that is over.
    visitor.page.wait_for_load_state("networkidle")
    demo.end_session(session_key(visitor))
    # The list asks for a part of itself: the whole window goes to the log-in and comes back.
    visitor.page.locator(".list-search input[type=search]").press_sequentially("29")
    visitor.page.wait_for_url("**/login/**")
    visitor.page.locator(".tabs a").nth(1).click()
    visitor.give_password(VIKTOR)
    expect(visitor.page).to_have_url(re.compile("/subscribers/"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_and_what_may_not_be_is_said_in_the_persons_language(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(ELENA)
    visitor.open("/nowhere/")
    expect(visitor.heading()).to_have_text(visitor.words("There is no such page"))
    expect(visitor.page.locator("html")).to_have_attribute("lang", visitor.language)
    # Somebody else's subscriber is not there either: nothing tells whether it exists.
    visitor.open(f"/subscribers/{demo.lines(ACCOUNT)[0].pk}/")
    expect(visitor.heading()).to_have_text(visitor.words("There is no such page"))
    visitor.open("/finance/invoices/")
    expect(visitor.heading()).to_have_text(visitor.words("You may not open this"))
    expect(visitor.page.locator("html")).to_have_attribute("lang", visitor.language)


def test_a_form_of_an_older_log_in_says_so(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    visitor.open("/finance/invoices/order/")
    page = visitor.page
    page.context.clear_cookies(name="csrftoken")
    visitor.button("Send the invoice").click()
    expect(visitor.heading()).to_have_text("Страница устарела")
