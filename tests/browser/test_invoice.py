"""S2, L3: an invoice is ordered by e-mail; the letter's PDF says what the page says, in three languages."""

import re
from decimal import Decimal
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Locator, expect

from abonent.demo.people import SERGEI, VIKTOR
from tests.browser.visitor import Visitor
from tests.browser.words import LANGUAGES, figure, figures

pytestmark = pytest.mark.browser
ADDRESS = "office@fox.example"
# Each journey orders another month, so that none takes the letter of another for its own.
MONTHS_BACK = {"ru": 0, "en": 1, "be": 2}


def pdf_text(path: Path) -> str:
    """All text of a PDF without blanks: figures are grouped by them."""
    document = pypdfium2.PdfDocument(str(path))
    pages = [document[place].get_textpage().get_text_bounded() for place in range(len(document))]
    document.close()
    return "".join("".join(pages).split())


def as_read(amount: Decimal, language: str) -> str:
    """`1983,35`: without groups, with the point of the language."""
    return str(amount) if language == "en" else str(amount).replace(".", ",")


def invoice_rows(visitor: Visitor) -> Locator:
    visitor.page.locator("#sections").get_by_role("link", name=visitor.words("Invoices"), exact=True).click()
    visitor.page.wait_for_url("**/finance/invoices/")
    return visitor.page.locator("tbody tr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_L3_the_invoice_arrives_and_its_pdf_says_what_the_page_says(visitor: Visitor, tmp_path: Path) -> None:
    visitor.log_in(VIKTOR)
    page, words = visitor.page, visitor.words
    row = invoice_rows(visitor).nth(MONTHS_BACK[visitor.language])
    gross = figure(row.locator("td.num").first.inner_text())
    number = re.search(r"\d{11}-\d{6}", row.inner_text())
    assert number is not None
    row.get_by_role("link").first.click()
    total = page.locator(".figure-value")
    expect(total).to_be_visible()
    assert figure(total.inner_text()) == gross
    by_kind = page.locator("table.data").first
    parts = [figures(text)[-1] for text in by_kind.locator("tbody tr").all_inner_texts()]
    assert sum(parts) == gross
    page.get_by_role("link", name=words("Send the invoice"), exact=True).click()
    expect(visitor.heading()).to_have_text(words("Order an invoice by e-mail"))
    expect(page.locator("main")).to_contain_text(ADDRESS)
    visitor.button("Send the invoice").click()
    expect(page.locator("[data-toasts]")).to_contain_text(
        words("The invoice for this period will be sent to your e-mail.")
    )
    visitor.sent("")
    expect(page.locator("tbody tr").first).to_contain_text(ADDRESS)
    letter = visitor.attachment(ADDRESS, ".pdf", tmp_path)
    text = pdf_text(letter)
    assert as_read(gross, visitor.language) in text
    assert number[0] in text


def test_S2_the_labels_are_those_of_the_seeds(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    page = visitor.page
    sections = page.locator("#sections")
    for label in ("Финансы", "Счета", "Платежи", "Детализация на Email", "Абоненты", "Услуги", "История заявок"):
        expect(sections.get_by_text(label, exact=True)).to_be_visible()
    invoice_rows(visitor)
    expect(page.get_by_role("link", name="Заказать счет на E-mail")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Отправить счет")).first).to_be_visible()


def test_L3_a_link_instead_of_a_letter_gives_the_same_file(visitor: Visitor, tmp_path: Path) -> None:
    visitor.log_in(VIKTOR)
    page = visitor.page
    # By link there are the last two months alone.
    row = invoice_rows(visitor).nth(1)
    gross = figure(row.locator("td.num").first.inner_text())
    row.get_by_role("link", name=re.compile("Отправить счет")).click()
    visitor.choose("by", "link")
    visitor.button("Send the invoice").click()
    first = page.locator("tbody tr").first
    download = first.get_by_role("link", name=re.compile("^Скачать"))
    expect(download).to_be_visible(timeout=60_000)
    with page.expect_download() as begun:
        download.click()
    begun.value.save_as(tmp_path / "invoice.pdf")
    assert as_read(gross, "ru") in pdf_text(tmp_path / "invoice.pdf")
