"""Without a mouse, and on a narrow screen."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from abonent.demo.people import SERGEI
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
NARROW = ViewportSize(width=320, height=700)
PAGES = ("/home/", "/subscribers/", "/finance/invoices/", "/finance/documents/", "/orders/new/services/", "/orders/")


def focused(page: Page) -> str:
    """The id of the element that has the keyboard."""
    return str(page.evaluate("document.activeElement.id"))


def test_the_first_stop_is_the_way_past_the_menu(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    visitor.open("/subscribers/")
    page = visitor.page
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page) == "content"


def test_a_slash_goes_to_the_search(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    visitor.open("/home/")
    page = visitor.page
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("Ковалёва")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search/"))
    expect(page.locator("main").get_by_role("link", name=re.compile("Ковалёва")).first).to_be_visible()


def test_a_menu_is_opened_walked_and_closed_by_keys(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    page = visitor.page
    menu = page.locator("details.menu", has=page.locator("summary.code"))
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    languages = menu.locator(".languages button")
    expect(languages.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(languages.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(languages.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(languages.first).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_a_dialog_closes_by_escape_and_gives_the_keyboard_back(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/styleguide/")
    opener = page.locator("[data-opens]").first
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(opener).to_be_focused()


def test_at_320_pixels_the_menu_is_a_drawer(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    page = visitor.page
    page.set_viewport_size(NARROW)
    visitor.open("/home/")
    expect(page.locator("#sections")).not_to_be_in_viewport()
    page.locator(".drawer-open").click()
    expect(page.locator("#sections")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#sections")).not_to_be_in_viewport()
    expect(page.locator(".drawer-open")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator("#sections").get_by_role("link", name="Список абонентов").click()
    expect(page).to_have_url(re.compile("/subscribers/"))


def test_at_320_pixels_no_page_is_wider_than_the_window(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    page = visitor.page
    page.set_viewport_size(NARROW)
    for path in PAGES:
        visitor.open(path)
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, path
