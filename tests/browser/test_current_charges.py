"""L6: the charges of the current month of a page of the list, at once and as the same document by mail."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from abonent.demo.people import VIKTOR
from tests.browser.test_invoice import as_read, pdf_text
from tests.browser.visitor import Visitor
from tests.browser.words import figures

pytestmark = pytest.mark.browser
ADDRESS = "office@fox.example"


def test_L6_the_page_and_the_letter_say_the_same(visitor: Visitor, tmp_path: Path) -> None:
    visitor.log_in(VIKTOR)
    page, words = visitor.page, visitor.words
    visitor.open("/finance/current-charges/")
    expect(visitor.heading()).to_have_text("Начисления за текущий период")
    visitor.choose("source", "list")
    visitor.button("Next", "step").click()
    page.locator("[data-pick-shown]").check()
    boxes = page.locator("input[name=pick]")
    expect(boxes.first).to_be_checked()
    boxes.first.uncheck()
    chosen = boxes.count() - 1
    page.locator("button[name=go][value=continue]").click()
    order = page.locator("button[name=step][value=order]")
    expect(order).to_contain_text(str(chosen))
    gross = figures(page.locator(".figure-value").first.inner_text())[0]
    people = page.locator("table").last.locator("tbody tr")
    assert gross == sum(figures(text)[-1] for text in people.locator("td.num:last-child").all_inner_texts())
    order.click()
    page.wait_for_url(re.compile("/finance/documents/$"))
    visitor.sent(words("Charges of the current period"))
    text = pdf_text(visitor.attachment(ADDRESS, ".pdf", tmp_path))
    assert as_read(gross, visitor.language) in text
