"""V8: somebody is invited by letter, sets a password, has the role, and loses it at the next click after a block."""

import re

import pytest
from playwright.sync_api import Page, expect

from abonent.demo.people import ANNA
from tests.browser.visitor import ADMINISTRATOR, ROLE_NAMES, Visitor

pytestmark = pytest.mark.browser

GUEST = "vasil@aist.example"
NAME = "Василь Гриб"
PASSWORD = "зелёный паровоз 7"
LINK = re.compile(r"http://\S+/invitation/[\w-]+/")


def invite(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/people/")
    page.locator(".page-actions a[href='/people/invite/']").click()
    page.locator("input[name=name]").fill(NAME)
    page.locator("input[name=to]").fill(GUEST)
    page.locator("select[name=role]").select_option(label=ROLE_NAMES[ADMINISTRATOR][visitor.language])
    expect(page.locator("textarea[name=numbers]")).to_be_visible()
    visitor.choose("reach", "accounts")
    expect(page.locator("textarea[name=numbers]")).to_be_hidden()
    page.locator("input[name=accounts]").first.check()
    page.locator("main form button.main").click()
    page.wait_for_url("**/people/invitations/")
    expect(visitor.row(GUEST)).to_contain_text(NAME)


def link_to(reader: Visitor) -> str:
    """The link of the letter that came."""
    letter = reader.page.locator("article.received", has_text=GUEST).first
    reader.until(lambda: letter.count() > 0, "/inbox/")
    found = LINK.search(letter.inner_text())
    assert found
    return found[0]


def accept(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator("input[name=name]")).to_have_value(NAME)
    for name in ("password", "again"):
        page.locator(f"input[name={name}]").fill("12345678")
    page.locator("main form button.main").click()
    expect(page.locator(".field-error").first).to_be_visible()
    for name in ("password", "again"):
        page.locator(f"input[name={name}]").fill(PASSWORD)
    page.locator("main form button.main").click()
    page.wait_for_url("**/home/")


def test_V8_invited_by_a_letter_at_work_and_blocked(visitor: Visitor) -> None:
    visitor.log_in(ANNA, ADMINISTRATOR)
    invite(visitor)
    browser = visitor.page.context.browser
    assert browser
    with browser.new_context(locale="ru-RU") as other:
        guest = Visitor(other.new_page(), visitor.demo, visitor.words)
        link = link_to(guest)
        accept(guest.page, link)
        expect(guest.page.locator(".topline .role")).to_contain_text(ROLE_NAMES[ADMINISTRATOR]["ru"])
        guest.open("/subscribers/")
        expect(guest.page.locator("tbody tr").first).to_be_visible()
        visitor.open("/people/?q=васил")
        visitor.page.locator("tbody th a").click()
        visitor.page.locator("form[action$='/block/'] button").click()
        expect(visitor.page.locator("form[action$='/unblock/'] button")).to_be_visible()
        guest.page.reload()
        guest.page.wait_for_url("**/seats/**")
        expect(guest.page.locator("button.seat")).to_have_count(0)
        # The link has been used: whoever finds it later gets nothing.
        other.clear_cookies()
        guest.page.goto(link)
        expect(guest.page.locator("input[name=password]")).to_have_count(0)


def test_V8_a_role_is_taken_away_after_a_question(visitor: Visitor) -> None:
    visitor.log_in(ANNA, ADMINISTRATOR)
    visitor.open("/people/?q=сорока")
    page = visitor.page
    page.locator("tbody th a").click()
    page.locator("button[data-opens^=end-]").click()
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("Павел Сорока")
    dialog.locator("form button.main").click()
    page.wait_for_url("**/people/")
    expect(visitor.row("Павел Сорока")).to_have_count(0)


def test_V8_the_own_log_in_opens_from_the_top_line(visitor: Visitor) -> None:
    visitor.log_in(ANNA, ADMINISTRATOR)
    page = visitor.page
    page.locator(".topline-tools details.menu").last.locator("summary").click()
    page.locator(".topline a[href='/me/']").click()
    page.wait_for_url("**/me/")
    expect(page.locator("main")).to_contain_text("anna@aist.example")
