"""S7: the list is searched while one types, filtered, exported as it is shown; a row leads to its card."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from abonent.demo.people import SERGEI
from tests.browser.running import Demo
from tests.browser.sheets import rows_of, table
from tests.browser.visitor import Visitor
from tests.browser.words import LANGUAGES

pytestmark = pytest.mark.browser
ACCOUNT = "00020100001"


def listed(visitor: Visitor) -> Locator:
    return visitor.page.locator("#subscribers tbody tr")


def look_for(visitor: Visitor, text: str) -> None:
    """Type letter by letter; nothing is sent by hand."""
    field = visitor.page.locator(".list-search input[type=search]")
    field.fill("")
    field.press_sequentially(text, delay=10)


@pytest.mark.parametrize("language", LANGUAGES)
def test_S7_the_list_is_searched_as_one_types(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(SERGEI)
    visitor.open("/subscribers/")
    expect(visitor.heading()).to_have_text(visitor.words("Subscriber list"))
    expect(listed(visitor)).to_have_count(50)
    wanted = demo.lines(ACCOUNT)[-1]
    look_for(visitor, wanted.number[3:])
    expect(listed(visitor)).to_have_count(1)
    expect(listed(visitor)).to_contain_text(wanted.number)
    look_for(visitor, wanted.iccid)
    expect(listed(visitor)).to_have_count(1)
    expect(listed(visitor)).to_contain_text(wanted.number)
    look_for(visitor, wanted.last_name.upper())
    expect(visitor.row(wanted.number)).to_be_visible()
    namesakes = listed(visitor)
    for text in namesakes.all_inner_texts():
        assert wanted.last_name in text
    look_for(visitor, "нет такого человека")
    expect(visitor.page.locator("#subscribers")).to_contain_text(visitor.words("Nothing fits"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_S7_what_is_filtered_is_what_the_excel_has(visitor: Visitor, demo: Demo, tmp_path: Path) -> None:
    visitor.log_in(SERGEI)
    visitor.open("/subscribers/")
    page = visitor.page
    blocked = {line.number for account in (ACCOUNT, "00020100002") for line in demo.lines(account, "blocked")}
    assert blocked
    page.locator(".list-filters select[name=status]").select_option("blocked")
    expect(listed(visitor)).to_have_count(len(blocked))
    expect(page).to_have_url(re.compile("status=blocked"))
    with page.expect_download() as begun:
        page.get_by_role("link", name=visitor.words("Download as Excel")).click()
    begun.value.save_as(tmp_path / "list.xlsx")
    sheet = next(iter(rows_of(tmp_path / "list.xlsx").values()))
    found = table(sheet, visitor.words("Number"))
    assert {str(row[visitor.words("Number")]).lstrip("+") for row in found} == blocked


def test_S7_a_tariff_and_a_word_narrow_the_list_together(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    visitor.open("/subscribers/")
    page = visitor.page
    page.locator(".list-filters select[name=tariff]").select_option(label="Секунда")
    expect(listed(visitor).first).to_contain_text("Секунда")
    expect(page).to_have_url(re.compile("tariff="))
    name = listed(visitor).first.locator("td").nth(1).inner_text().split()[0]
    look_for(visitor, name)
    expect(page).to_have_url(re.compile("q="))
    rows = listed(visitor)
    expect(rows.first).to_contain_text(name)
    for text in rows.all_inner_texts():
        assert name in text
        assert "Секунда" in text
    # The address carries both: a colleague who opens it sees the same.
    before = rows.all_inner_texts()
    page.reload()
    assert rows.all_inner_texts() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_S7_a_row_leads_to_the_card(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(SERGEI)
    words, line = visitor.words, demo.lines(ACCOUNT)[5]
    visitor.open(f"/subscribers/?q={line.number}")
    listed(visitor).get_by_role("link").click()
    expect(visitor.page.locator("h1")).to_contain_text(line.number)
    expect(visitor.fact("SIM")).to_have_text(line.iccid)
    expect(visitor.fact(words("Account"))).to_have_text(ACCOUNT)
    for label in ("Tariff", "Status / Reason"):
        expect(visitor.fact(words(label))).not_to_be_empty()
    for title in (words("Services"), words("Connected", "services"), words("Available", "services")):
        expect(visitor.page.locator("#services").get_by_role("heading", name=title, exact=True)).to_be_visible()


def test_S8_the_labels_are_those_of_the_seeds(visitor: Visitor, demo: Demo) -> None:
    visitor.log_in(SERGEI)
    visitor.open(f"/subscribers/{demo.lines(ACCOUNT)[0].pk}/")
    main = visitor.page.locator("main")
    for label in ("Услуги", "Подключенные", "Доступные", "Тарифный план", "Статус / Причина"):
        expect(main.get_by_text(label, exact=True)).to_be_visible()
    expect(main.get_by_role("button", name=re.compile("^Подключить")).first).to_be_visible()
