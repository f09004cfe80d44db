"""S7, S8, L9: somebody is found by a part of the name, a service is connected from the card, another one is chosen."""

import re

import pytest
from playwright.sync_api import Locator, expect

from abonent.demo.people import ELENA, SERGEI
from tests.browser.running import Demo
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ACCOUNT = "00020100001"
DONE_MS = 60_000
SERVICE = "Голосовая почта"


def folded(name: str) -> str:
    """As somebody types it who writes neither capitals nor ё."""
    return name.lower().replace("ё", "е")


def listed(visitor: Visitor) -> Locator:
    return visitor.page.locator("#subscribers tbody tr")


def test_S8_a_service_is_connected_from_the_card_of_somebody_found_by_a_part_of_the_name(
    visitor: Visitor, demo: Demo
) -> None:
    visitor.log_in(SERGEI)
    words, page = visitor.words, visitor.page
    line = next(one for one in demo.never_had(ACCOUNT, "voice-mail") if "ё" in one.last_name.lower())
    visitor.open("/subscribers/")
    part = folded(line.last_name)[: folded(line.last_name).index("е") + 2]
    page.locator("main .list-search input[type=search]").press_sequentially(part, delay=10)
    other = next(one for one in demo.lines(ACCOUNT) if part not in folded(one.last_name))
    expect(listed(visitor).filter(has_text=other.number)).to_have_count(0)
    expect(listed(visitor).filter(has_text=line.number)).to_have_count(1)
    for text in listed(visitor).all_inner_texts():
        assert part in folded(text)
    page.locator(f'#subscribers a[href="/subscribers/{line.pk}/"]').click()
    expect(page.locator("h1")).to_contain_text(line.number)
    row = page.locator("#services tr").filter(has_text=SERVICE)
    row.get_by_role("button", name=re.compile(words("Connect"))).click()
    expect(page.locator(".receipt")).to_contain_text(words("This action cannot be undone"))
    page.locator(".receipt button[type=submit]").click()
    expect(visitor.heading()).to_have_text(words("Your order is recorded"))
    page.locator("main p a").click()
    expect(page.locator(".page-head .badge")).not_to_have_class(re.compile("busy"), timeout=DONE_MS)
    visitor.open(f"/subscribers/{line.pk}/")
    row = page.locator("#services tr").filter(has_text=SERVICE)
    expect(row.get_by_role("button", name=re.compile(words("Disconnect")))).to_be_visible()
    expect(page.locator("#orders tbody tr").first).to_contain_text(SERVICE)


def test_L9_another_subscriber_is_chosen_on_the_card_by_keyboard(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(SERGEI)
    page, (first, second) = visitor.page, demo.lines(ACCOUNT, "active")[1:3]
    visitor.open(f"/subscribers/{first.pk}/")
    page.locator(".choice-search input").press_sequentially(second.number, delay=10)
    expect(page.locator("#choice-list a")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(second.number)
    # Whatever is opened next is about that one.
    menu = page.locator(".page-actions details")
    menu.locator("summary").press("Enter")
    page.keyboard.press("ArrowDown")
    expect(menu.locator("a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(second.last_name)
    expect(page).to_have_url(re.compile(rf"for={second.pk}\b"))


def test_S7_columns_are_chosen_and_stay(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    words, page = visitor.words, visitor.page
    visitor.open("/subscribers/?status=active")
    heads = page.locator("#subscribers thead th")
    expect(heads).to_have_count(6)
    columns = page.locator(".page-actions details summary", has_text=words("Columns"))
    columns.press("Enter")
    page.get_by_role("checkbox", name=words("Last used")).check()
    page.get_by_role("checkbox", name=words("SIM")).uncheck()
    page.locator(".choices-do button").first.click()
    expect(page).to_have_url(re.compile("status=active"))
    expect(heads.filter(has_text=words("Last used"))).to_have_count(1)
    page.reload()
    expect(heads.filter(has_text=words("SIM"))).to_have_count(0)
    columns.click()
    page.locator(".choices-do button").last.click()
    expect(heads.filter(has_text="SIM")).to_have_count(1)


def test_S0_4_an_employee_begins_on_the_own_card(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(ELENA)
    visitor.open("/")
    own = visitor.page.locator("h1").inner_text()
    assert re.sub(r"\D", "", own) == ELENA
    visitor.open(f"/subscribers/{demo.lines(ACCOUNT, 'active')[5].pk}/")
    expect(visitor.page.locator("h1")).not_to_contain_text(re.compile(r"\d{7}"))
