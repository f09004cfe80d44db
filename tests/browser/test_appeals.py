"""L10, V9: the client asks with a file, Olga answers, the client reads and rates."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from abonent.demo.people import OLGA, VIKTOR
from tests.browser.running import Demo
from tests.browser.visitor import Visitor
from tests.browser.words import LOCALES, Words

pytestmark = pytest.mark.browser
QUESTION, ANSWER = "Что это за начисление?", "Это роуминг, начисление снято."


def open_appeal(visitor: Visitor, topic: str, file: Path) -> str:
    """From the empty form to the conversation; its path."""
    visitor.open("/appeals/new/")
    page = visitor.page
    page.locator("input[name=topic]").fill(topic)
    page.locator("textarea[name=text]").fill(QUESTION)
    page.locator("input[name=attachments]").set_input_files(file)
    page.locator("#appeal button[type=submit]").click()
    expect(visitor.heading()).to_have_text(topic)
    expect(page.locator(".said-files a")).to_contain_text(file.name)
    return re.sub(r"^https?://[^/]+", "", page.url)


def answer(staff: Page, demo: Demo, topic: str) -> None:
    olga = Visitor(staff, demo, Words("ru"))
    olga.log_in(OLGA)
    olga.open("/operator/appeals/")
    staff.get_by_role("link", name=topic).click()
    expect(staff.locator(".said")).to_contain_text(QUESTION)
    staff.locator("textarea[name=text]").fill(ANSWER)
    staff.locator("#answer button[type=submit]").click()
    expect(staff.locator(".said-one.staff")).to_contain_text(ANSWER)


def test_L10_a_client_asks_the_operator_answers_and_is_rated(
    visitor: Visitor, demo: Demo, chromium: Browser, tmp_path: Path
) -> None:
    file, bad = tmp_path / "список.csv", tmp_path / "счёт.pdf"
    file.write_text("375291110001;Отдел\n", encoding="utf-8")
    bad.write_text("<html><script>alert(1)</script></html>", encoding="utf-8")
    topic = f"Начисление {tmp_path.name}"
    visitor.log_in(VIKTOR)
    path = open_appeal(visitor, topic, file)
    page = visitor.page
    # A bad file is named, and what was typed stays.
    page.locator("textarea[name=text]").fill("Ещё файл")
    page.locator("input[name=attachments]").set_input_files(bad)
    page.locator("#answer button[type=submit]").click()
    expect(page.locator(".field-error")).to_contain_text(bad.name)
    expect(page.locator("textarea[name=text]")).to_have_value("Ещё файл")
    staff = chromium.new_context(locale=LOCALES["ru"])
    answer(staff.new_page(), demo, topic)
    staff.close()
    visitor.open(path)
    expect(page.locator(".said-one.staff")).to_contain_text(ANSWER)
    page.locator('input[name=rating][value="5"]').check()
    page.locator("input[name=word]").fill("Быстро")
    page.locator("#rating button[type=submit]").click()
    expect(page.locator(".appeal-facts")).to_contain_text("5 / 5")
    visitor.open("/inbox/")
    expect(page.locator("article.received", has_text=topic).first).to_contain_text(ANSWER)
