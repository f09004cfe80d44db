"""V8: a role of one's own is made, copied, changed and deleted; who may do what is asked, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from abonent.demo.people import ACCOUNTANT, HEAD, SERGEI
from abonent.demo.roles import BOOKS, HEAD_OF_DEPARTMENT
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser


def tick(visitor: Visitor, *rights: str) -> None:
    for right in rights:
        visitor.page.locator(f"input[name=rights][value={right}]").check()


def test_V8_a_role_is_made_changed_copied_and_deleted(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    page, words = visitor.page, visitor.words
    visitor.open("/roles/")
    page.get_by_role("link", name=words("Make a role")).first.click()
    page.locator("input[name=max_rows]").fill("5")
    visitor.button(words("Make the role")).click()
    summary = page.locator(".summary")
    expect(summary).to_contain_text(words("Give the role a name."))
    expect(page.locator("input[name=max_rows]")).to_have_value("5")
    page.locator("input[name=name]").fill("Диспетчер")
    tick(visitor, "see_subscribers", "change_services")
    visitor.button(words("Make the role")).click()
    expect(visitor.heading()).to_have_text("Диспетчер")
    expect(page.locator(".rights li:not(.lacks)")).to_have_count(2)
    page.get_by_role("link", name=words("Change"), exact=True).click()
    tick(visitor, "change_names")
    visitor.button(words("Save the role")).click()
    expect(page.locator(".rights li:not(.lacks)")).to_have_count(3)
    page.get_by_role("link", name=words("Copy"), exact=True).click()
    expect(page.locator("input[name=rights]:checked")).to_have_count(3)
    page.locator("input[name=name]").fill("диспетчер")
    visitor.button(words("Make the role")).click()
    expect(page.locator(".summary")).to_contain_text(words("There is a role of this name already. Choose another one."))
    visitor.open("/roles/")
    page.get_by_role("link", name="Диспетчер").click()
    visitor.button(words("Delete")).click()
    visitor.button(words("Delete the role")).click()
    expect(visitor.heading()).to_have_text(words("Roles"))
    expect(visitor.row("Диспетчер")).to_have_count(0)


def test_V8_a_role_that_somebody_has_is_not_offered_for_deletion(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    visitor.open("/roles/")
    visitor.page.get_by_role("link", name=BOOKS.name).click()
    expect(visitor.page.locator("main")).to_contain_text("Галина Синица")
    expect(visitor.page.locator("[data-opens=delete-role]")).to_have_count(0)


def test_V8_who_may_change_a_tariff_in_a_folder_and_why(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    page, words = visitor.page, visitor.words
    visitor.open("/roles/who-may/?right=change_tariffs&over=client")
    why = visitor.row("Наталья Дроздова")
    expect(why).to_contain_text(HEAD_OF_DEPARTMENT.name)
    expect(why).to_contain_text("20")
    sergei = page.locator("tbody tr", has=page.get_by_role("rowheader", name="Сергей Новик"))
    expect(sergei).to_contain_text(words("Over the whole client."))
    expect(visitor.row("Галина Синица")).to_have_count(0)
    page.locator("select[name=right]").select_option("see_finance")
    visitor.button(words("Show who may")).click()
    expect(visitor.row("Галина Синица")).to_be_visible()
    page.get_by_role("link", name=words("In every folder")).click()
    visitor.page.locator("tbody tr a").first.click()
    expect(sergei).to_be_visible()
    page.get_by_role("link", name=words("Roles and rights")).click()
    expect(page.locator("table.matrix thead")).to_contain_text(HEAD_OF_DEPARTMENT.name)


@pytest.mark.parametrize("phone", [HEAD, ACCOUNTANT])
def test_V8_who_has_a_role_of_the_own_sees_what_it_gives_and_no_more(visitor: Visitor, phone: str) -> None:
    visitor.log_in(phone)
    visitor.open("/home/")
    links = visitor.page.locator("nav a[href='/roles/'], nav a[href='/people/']")
    expect(links).to_have_count(0)
    subscribers = visitor.page.locator("nav a[href='/subscribers/']")
    expect(subscribers).to_have_count(1 if phone == HEAD else 0)
    visitor.open("/subscribers/")
    if phone == HEAD:
        expect(visitor.page.locator("#subscribers tbody tr")).not_to_have_count(0)
        expect(visitor.page.locator(".list-foot span").first).not_to_contain_text(re.compile("160"))


@pytest.mark.parametrize("width", [320, 1280])
def test_V8_the_pages_fit_a_phone_and_a_screen(visitor: Visitor, width: int) -> None:
    visitor.log_in(SERGEI)
    visitor.page.set_viewport_size({"width": width, "height": 800})
    asked = "/roles/who-may/?show="
    for path in ("/roles/", "/roles/new/", "/roles/who-may/", f"{asked}folders", f"{asked}table"):
        visitor.open(path)
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width, path
