"""L2: the staff load a bank statement and book what names no account; the client sees both payments."""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from abonent.demo.people import OLGA, STAS
from abonent.profile import current
from tests.browser.running import Demo
from tests.browser.visitor import PATIENCE_SECONDS, Visitor
from tests.browser.words import LOCALES, Words
from tests.formats.bank.samples import client_bank

pytestmark = pytest.mark.browser
ACCOUNT = "00020100006"


def statement(folder: Path) -> Path:
    own = current().operator.bank_account
    day = f"{dt.datetime.now(dt.UTC) - dt.timedelta(days=1):%d.%m.%Y}"
    usual = {"ПолучательСчет": own, "ДатаПоступило": day, "Плательщик1": "ООО «Плательщик»", "Сумма": "11.11"}
    named = {**usual, "Номер": "501", "НазначениеПлатежа": f"л/с {ACCOUNT}"}
    file = folder / f"{folder.name}.txt"
    file.write_bytes(client_bank(named, {**usual, "Номер": "502", "Сумма": "22.22", "НазначениеПлатежа": "за связь"}))
    return file


def test_L2_money_of_a_statement_reaches_its_account(
    visitor: Visitor, demo: Demo, chromium: Browser, tmp_path: Path
) -> None:
    page, file = visitor.page, statement(tmp_path)
    visitor.log_in(OLGA)
    visitor.open("/operator/payments/")
    page.locator("input[type=file]").set_input_files(file)
    visitor.button("Load the statement").click()
    expect(visitor.heading()).to_have_text(file.name)
    expect(visitor.row(ACCOUNT)).to_contain_text("11,11", timeout=PATIENCE_SECONDS * 1000)
    visitor.row("22,22").get_by_role("link").click()
    page.locator("form input[name=account]:visible").fill("1")
    visitor.button("Book it to this account").click()
    expect(page.locator(".field-error")).to_be_visible()
    page.locator("form input[name=account]:visible").fill(ACCOUNT)
    visitor.button("Book it to this account").click()
    expect(page.locator("body")).to_contain_text(ACCOUNT)
    client = chromium.new_context(locale=LOCALES["ru"])
    stas = Visitor(client.new_page(), demo, Words("ru"))
    stas.log_in(STAS)
    stas.open("/finance/payments/?months=3")
    expect(stas.row("501-")).to_contain_text("11,11")
    expect(stas.row("502-")).to_contain_text("22,22")
    client.close()
