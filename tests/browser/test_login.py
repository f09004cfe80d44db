"""S0: the four ways in, what a stranger learns of them, the choice of a seat, and out again."""

import re

import pytest
from playwright.sync_api import expect

from abonent.demo.people import ANNA, IRINA, SERGEI, VIKTOR
from tests.browser.visitor import ADMINISTRATOR, SUBSCRIBER, SUPERVISOR, Visitor

pytestmark = pytest.mark.browser
NOBODY = "375299999999"


def ask_for_a_code(visitor: Visitor, path: str, recipient: str) -> str:
    """Ask for a code to a number or address on this tab, and read it in the inbox."""
    known = visitor.known_codes(recipient)
    visitor.open(path)
    visitor.page.locator("input[name=value]").fill(recipient)
    visitor.button("Send a confirmation code").click()
    visitor.page.wait_for_url("**/login/code/**")
    return visitor.code_for(recipient, known)


def enter(visitor: Visitor, code: str) -> None:
    visitor.page.locator("input[name=code]").fill(code)
    visitor.button("Log in", "button").click()


def test_S0_1_by_a_code_from_a_text_message_which_works_once(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open("/login/")
    for text in (
        "Управление абонентами мобильной связи",
        "SMS-код может быть использован только один раз. Ваш постоянный пароль не изменится",
    ):
        expect(page.get_by_text(text)).to_be_visible()
    tabs = page.locator(".tabs a")
    expect(tabs).to_have_text(["SMS", "Пароль", "Лицевой счет", "Email"])
    expect(page.get_by_role("button", name="Выслать код подтверждения")).to_be_visible()
    code = ask_for_a_code(visitor, "/login/", VIKTOR)
    expect(page.get_by_role("button", name="Войти в аккаунт")).to_be_visible()
    enter(visitor, code)
    page.wait_for_url("**/home/")
    visitor.speak()
    expect(visitor.heading()).to_have_text(re.compile("^Лицевой счет"))
    page.context.clear_cookies()
    ask_for_a_code(visitor, "/login/", VIKTOR)
    enter(visitor, code)
    expect(page.locator(".field-error")).to_have_text(visitor.words(OLD_CODE))


OLD_CODE = "This code is wrong, has been used, or is too old. Ask for a new one."


def test_S0_2_by_a_code_from_a_letter(visitor: Visitor) -> None:
    enter(visitor, ask_for_a_code(visitor, "/login/email/", "sergei@aist.example"))
    visitor.page.wait_for_url("**/home/")
    visitor.speak()
    expect(visitor.page.locator(".topline .role")).to_contain_text("Супервайзер")


def test_S0_2_by_account_number_and_password(visitor: Visitor) -> None:
    visitor.open("/login/account/")
    expect(visitor.page.get_by_text("Управление абонентами фиксированной связи")).to_be_visible()
    visitor.give_password("00020100005")
    expect(visitor.page.locator(".topline")).to_contain_text("Городской узел")


@pytest.mark.parametrize("language", ["ru", "en", "be"])
def test_S0_2_by_number_and_password_in_each_language(visitor: Visitor) -> None:
    visitor.open("/login/password/")
    expect(visitor.heading()).to_have_text(visitor.words("Log in"))
    visitor.page.locator("input[name=value]").fill("+375 29 100-00-05")
    visitor.page.locator("input[name=password]").fill("white-stork-17")
    visitor.button("Log in", "button").click()
    visitor.page.wait_for_url("**/home/")
    visitor.speak()
    expect(visitor.heading()).to_have_text(visitor.words("All accounts"))


def test_S0_2_an_unknown_number_and_a_wrong_secret_look_the_same(visitor: Visitor) -> None:
    page = visitor.page
    answers = []
    for name in (IRINA, NOBODY):
        visitor.open("/login/password/")
        page.locator("input[name=value]").fill(name)
        page.locator("input[name=password]").fill("not the password")
        page.keyboard.press("Enter")
        expect(page.locator(".summary li")).to_have_text("Неверный номер или пароль.")
        answers.append(page.locator("main").inner_text())
    assert answers[0] == answers[1]


def test_S0_1_a_code_for_nobody_looks_like_a_code_for_somebody(visitor: Visitor) -> None:
    page = visitor.page
    answers = []
    for name in (IRINA, NOBODY):
        visitor.open("/login/")
        page.locator("input[name=value]").fill(name)
        page.keyboard.press("Enter")
        page.wait_for_url("**/login/code/**")
        asked = page.locator("main").inner_text()
        page.locator("input[name=code]").fill("000000")
        page.keyboard.press("Enter")
        expect(page.locator(".field-error")).to_have_text(visitor.words(OLD_CODE))
        digits = re.compile(r"\+375[\d -]+")
        answers.append([digits.sub("", text) for text in (asked, page.locator("main").inner_text())])
    assert answers[0] == answers[1]


def test_S0_4_a_seat_is_chosen_and_changed_without_logging_out(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(ANNA)
    expect(visitor.heading()).to_have_text("Выберите способ входа")
    seats = page.locator("button.seat")
    # By phone the own number comes first.
    expect(seats.locator("strong")).to_have_text(["Абонент", "Администратор", "Супервайзер"])
    for text in (
        "Управление услугами и информация только по своему номеру",
        "Управление услугами абонентов и финансовая информация по всему лицевому счету",
    ):
        expect(page.get_by_text(text)).to_be_visible()
    visitor.sit_down(SUBSCRIBER)
    expect(page.locator(".topline .role")).to_contain_text("Абонент")
    expect(page).to_have_url(re.compile(r"/subscribers/\d+/$"))
    for role, account in ((ADMINISTRATOR, "00020100001"), (SUPERVISOR, "2 лицевых счёта")):
        page.locator(".topline .role").click()
        visitor.sit_down(role)
        expect(page.locator(".topline")).to_contain_text(account)


def test_S0_logging_out_ends_the_session(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    page.locator(".topline details.menu").last.locator("summary").click()
    page.get_by_role("button", name="Выход").click()
    page.wait_for_url("**/login/")
    page.go_back()
    visitor.open("/home/")
    expect(page).to_have_url(re.compile("/login/"))
