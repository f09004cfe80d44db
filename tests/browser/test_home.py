"""S1: what the home page says at once, and that it adds up, in three languages."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from abonent.demo.people import ANNA, SERGEI
from tests.browser.visitor import ADMINISTRATOR, Visitor
from tests.browser.words import LANGUAGES, figure, figures

pytestmark = pytest.mark.browser
SHOWN = ("Amount due", "Balance", "Charges of the previous month", "Charges of the current period")
SEEDS = ("К оплате", "Баланс", "Начисления за предыдущий месяц", "Начисления за текущий период")
ACCOUNTS = ("00020100001", "00020100002")


def shown(visitor: Visitor, label: str) -> Decimal:
    """The large figure under a label."""
    name = visitor.page.locator(".figure-label", has_text=re.compile(f"^{re.escape(visitor.words(label))}$"))
    return figure(visitor.page.locator(".figure", has=name).locator(".figure-value").inner_text())


@pytest.mark.parametrize("language", LANGUAGES)
def test_S1_a_supervisor_sees_each_account_and_the_total(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    page = visitor.page
    due, balance, last, so_far = (shown(visitor, label) for label in SHOWN)
    expect(page.locator(".figures-row")).to_contain_text(visitor.words("formed", "balance"))
    assert last > 0
    assert so_far > 0
    rows = page.locator("table.data").first.locator("tbody tr")
    expect(rows).to_have_count(len(ACCOUNTS))
    each = []
    for place, number in enumerate(ACCOUNTS):
        row = rows.nth(place)
        expect(row).to_contain_text(number)
        expect(row).to_contain_text("@aist.example, PDF")
        each.append(figures(" | ".join(row.locator("td.num").all_inner_texts())))
    total = figures(" | ".join(page.locator("table.data").first.locator("tfoot td.num").all_inner_texts()))
    assert total == [balance, last, due]
    assert [sum(column) for column in zip(*each, strict=True)] == total
    invoiced = page.locator("details", has=page.locator("table")).last
    invoiced.locator("summary").click()
    assert figure(invoiced.locator("tbody tr td").last.inner_text()) == last


@pytest.mark.parametrize("language", LANGUAGES)
def test_S1_an_administrator_sees_the_account_with_its_delivery_and_the_clients_ids(visitor: Visitor) -> None:
    visitor.log_in(ANNA, ADMINISTRATOR)
    page = visitor.page
    expect(visitor.heading()).to_contain_text(ACCOUNTS[0])
    due, balance, _last, _so_far = (shown(visitor, label) for label in SHOWN)
    # The amount due is what issued invoices ask for; here nothing was paid in advance, so the balance is its mirror.
    assert due == max(-balance, Decimal(0))
    for value in ("ООО «Белый аист»", "190000017", "300000017000", "BY12YASN30120000000170000000"):
        expect(page.locator("main")).to_contain_text(value)
    expect(visitor.fact(visitor.words("E-mail address"))).to_have_text("buh@aist.example")
    expect(visitor.fact(visitor.words("Format"))).to_have_text("PDF")
    for label in ("Status", "Payment form"):
        expect(visitor.fact(visitor.words(label))).not_to_be_empty()


def test_S1_the_labels_are_those_of_the_seeds(visitor: Visitor) -> None:
    visitor.log_in(ANNA, ADMINISTRATOR)
    for label in (*SEEDS, "Статус", "Форма оплаты", "Доставка счета", "Email адрес", "Формат", "УНП", "ОКПО", "Р/С"):
        expect(visitor.page.locator("main").get_by_text(label, exact=True).first).to_be_visible()


def test_S1_what_is_due_is_what_the_invoices_still_ask_for(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    due, last = shown(visitor, "Amount due"), shown(visitor, "Charges of the previous month")
    visitor.page.get_by_role("link", name="Счета", exact=True).first.click()
    rows = visitor.page.locator("tbody tr")
    left = [figure(text) for text in rows.locator("td.num").nth(1).locator("xpath=.").all_inner_texts()]
    assert left
    amounts = [figures(" | ".join(row.locator("td.num").all_inner_texts())) for row in rows.all()]
    assert sum(unpaid for _gross, unpaid in amounts) == due
    assert sum(gross for gross, _unpaid in amounts[: len(ACCOUNTS)]) == last
