"""S5, V5: call details for chosen subscribers arrive by mail and add up to the invoice, in each format."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import expect

from abonent.demo.people import VIKTOR
from tests.browser.running import Demo
from tests.browser.sheets import Cell, make_xlsx, rows_of, table
from tests.browser.test_invoice import as_read, pdf_text
from tests.browser.visitor import Visitor
from tests.browser.words import figures

pytestmark = pytest.mark.browser
ACCOUNT, FOREIGN_ACCOUNT = "00020100003", "00020100006"
ADDRESS = "office@fox.example"


class Share:
    """A subscriber's row on the invoice's page: fees, usage, net, VAT, gross."""

    def __init__(self, number: str, row: list[Decimal]) -> None:
        self.number = number
        self.fees, self.usage, self.net, self.vat, self.gross = row


def shares(visitor: Visitor, count: int) -> list[Share]:
    """What the last invoice asks of the subscribers who used most on its first page."""
    visitor.open("/finance/invoices/")
    visitor.page.locator("tbody tr").first.get_by_role("link").first.click()
    people = visitor.page.locator("table.wide").last.locator("tbody tr")
    expect(people.first).to_be_visible()
    found = []
    for row in people.all():
        number = row.locator("th").inner_text().strip()
        found.append(Share(number, figures(" | ".join(row.locator("td.num").all_inner_texts()))))
    return sorted(found, key=lambda share: share.usage)[-count:]


def begin(visitor: Visitor, source: str, written: str) -> None:
    """The first step: last month, both directions, whose, and the format."""
    visitor.open("/finance/call-details/")
    expect(visitor.heading()).to_have_text(visitor.words("Call details by e-mail"))
    visitor.page.locator("select[name=month]").select_option(index=1)
    visitor.choose("source", source)
    visitor.page.locator("select[name=format]").select_option(written)


def order(visitor: Visitor, count: int) -> None:
    """The receipt, its rules accepted, and the wait until the letter is gone."""
    page, words = visitor.page, visitor.words
    expect(visitor.fact(words("Subscribers selected"))).to_have_text(str(count))
    expect(visitor.fact(words("Send to"))).to_have_text(ADDRESS)
    page.get_by_label(words("I accept the rules for using the system")).check()
    page.locator("button[name=step][value=order]").click()
    page.wait_for_url("**/finance/documents/")
    visitor.sent(words("Call details"))


def totals_of(path: Path, visitor: Visitor) -> dict[str, tuple[Decimal, ...]]:
    """Usage, fees and gross of each subscriber, from the summary of the workbook; the total's under its word."""
    words = visitor.words
    rows = table(rows_of(path)[words("Totals by subscriber")], words("Number"))
    titles = [words("Usage on the invoice"), words("Fees on the invoice"), words("Invoice with VAT")]
    return {
        str(row[words("Number")]): tuple(_money(row[title]) for title in titles)
        for row in rows
        if row[titles[0]] is not None
    }


def _money(cell: object) -> Decimal:
    return Decimal(str(cell)).quantize(Decimal("0.01"))


def assert_adds_up(totals: dict[str, tuple[Decimal, ...]], asked: list[Share], word: str) -> None:
    for share in asked:
        assert totals[share.number] == (share.usage, share.fees, share.gross)
    assert totals[word] == (
        sum(share.usage for share in asked),
        sum(share.fees for share in asked),
        sum(share.gross for share in asked),
    )


@pytest.mark.parametrize("language", ["ru", "be"])
def test_S5_numbers_typed_with_semicolons_to_excel(visitor: Visitor, tmp_path: Path) -> None:
    visitor.log_in(VIKTOR)
    asked = shares(visitor, 4)
    begin(visitor, "typed", "xlsx")
    visitor.page.locator("textarea[name=typed]").fill(";".join(share.number for share in asked))
    visitor.button("Next", "step").click()
    order(visitor, 4)
    file = visitor.attachment(ADDRESS, ".xlsx", tmp_path)
    assert_adds_up(totals_of(file, visitor), asked, visitor.words("Total"))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_V5_subscribers_from_the_list_to_pdf(visitor: Visitor, tmp_path: Path) -> None:
    visitor.log_in(VIKTOR)
    asked = shares(visitor, 3)
    begin(visitor, "list", "pdf")
    visitor.button("Next", "step").click()
    expect(visitor.heading()).to_have_text(visitor.words("Choice of subscribers"))
    for share in asked:
        visitor.page.locator("main input[name=q]").fill(share.number)
        visitor.button("Search").click()
        expect(visitor.page.locator("tbody tr")).to_have_count(1)
        visitor.page.get_by_role("checkbox", name=share.number).check()
    visitor.button("Continue").click()
    order(visitor, 3)
    text = pdf_text(visitor.attachment(ADDRESS, ".pdf", tmp_path))
    for share in asked:
        assert as_read(share.gross, visitor.language) in text
    assert as_read(sum((share.gross for share in asked), Decimal(0)), visitor.language) in text


def test_S5_a_file_with_a_foreign_number_to_xml(visitor: Visitor, demo: Demo, tmp_path: Path) -> None:
    visitor.log_in(VIKTOR)
    page = visitor.page
    asked = shares(visitor, 2)
    foreign = demo.lines(FOREIGN_ACCOUNT)[0].number
    column: list[Cell] = ["Номер", int(asked[0].number), f"+{asked[1].number}", foreign, asked[0].number]
    begin(visitor, "file", "xml")
    page.locator("input[name=file]").set_input_files(make_xlsx(tmp_path / "numbers.xlsx", column))
    visitor.button("Next", "step").click()
    refused = page.locator("#judged tbody tr")
    expect(visitor.row(foreign)).to_contain_text("Номера должны принадлежать Вашей компании.")
    expect(visitor.row(foreign).locator("td").first).to_have_text("4")
    expect(refused).to_have_count(3)
    order(visitor, 2)
    root = etree.parse(str(visitor.attachment(ADDRESS, ".xml", tmp_path))).getroot()
    values = set(root.itertext())
    for share in asked:
        assert {share.number, str(share.gross)} <= values
    assert foreign not in values


def test_S5_a_list_in_which_nothing_can_be_taken_stays_to_be_corrected(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(VIKTOR)
    foreign, nobody = demo.lines(FOREIGN_ACCOUNT)[0].number, "375299999999"
    begin(visitor, "typed", "pdf")
    visitor.page.locator("textarea[name=typed]").fill(f"{foreign};{nobody};abc")
    visitor.button("Next", "step").click()
    rows = visitor.page.locator("#judged tbody tr")
    expect(rows).to_have_count(3)
    # Nothing tells a number of somebody else from one that nobody has.
    expect(visitor.row(foreign)).to_contain_text("Номера должны принадлежать Вашей компании.")
    expect(visitor.row(nobody)).to_contain_text("Номера должны принадлежать Вашей компании.")
    expect(visitor.page.locator("textarea[name=typed]")).to_have_value(f"{foreign};{nobody};abc")


def test_V5_the_labels_are_those_of_the_seeds(visitor: Visitor) -> None:
    visitor.log_in(VIKTOR)
    visitor.open("/finance/call-details/")
    main = visitor.page.locator("main")
    for label in (
        "Детализация на Email",
        "Исходящие",
        "Входящие",
        "Исходящие+Входящие",
        "Выбрать из списка",
        "Загрузить файл",
        "Ввести свой список абонентов",
        "Формат данных",
        "Отправить на",
        "Далее",
    ):
        expect(main.get_by_text(label, exact=True).first).to_be_visible()
    warning = "Из-за большого размера файла, некоторые почтовые серверы могут отказать в получении данного письма."
    expect(main.get_by_text(re.compile(re.escape(warning)))).to_be_visible()
    visitor.choose("source", "typed")
    expect(main).to_contain_text("375xxxxxxxxx;375xxxxxxxxx")
    visitor.button("Next", "step").click()
    expect(visitor.page.locator(".summary")).to_be_visible()
