"""L5, L4: the way of delivery is changed once a code has proven the address; an invoice is loaded by link."""

import re

import pytest
from playwright.sync_api import expect

from abonent.demo.people import STAS
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ADDRESS = "kassa@harbour.example"


def test_L5_a_new_address_counts_once_its_code_is_typed_and_L4_an_invoice_is_loaded_by_link(visitor: Visitor) -> None:
    visitor.log_in(STAS)
    page, words = visitor.page, visitor.words
    visitor.open("/finance/delivery/")
    # Its invoices are collected in person: no address is asked for.
    expect(page.locator("textarea[name=addresses]")).to_be_hidden()
    visitor.choose("method", "email")
    page.locator("textarea[name=addresses]").fill(ADDRESS)
    known = visitor.known_codes(ADDRESS)
    visitor.button("Save").click()
    code = page.locator("input[name^=code-]")
    expect(code).to_be_visible()
    code.fill(visitor.code_for(ADDRESS, known))
    visitor.button("Save").click()
    expect(page.locator("[data-toasts]")).to_be_visible()
    expect(page.locator("table").first).to_contain_text(ADDRESS)
    visitor.open("/finance/invoices/link/")
    visitor.button("Form it", "invoice").click()
    page.wait_for_url(re.compile(r"/finance/documents/\d+/$"))
    download = page.get_by_role("link", name=words("Download"))
    expect(download).to_be_visible(timeout=60_000)
    with page.expect_download() as begun:
        download.click()
    assert begun.value.suggested_filename.endswith(".pdf")
