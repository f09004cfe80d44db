"""S15.1, S15.6: a service for a list of subscribers, from the verdict on each row to the result of each row."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from abonent.demo.people import SERGEI, VIKTOR
from abonent.lib.phones import pretty
from tests.browser.running import Demo, Line
from tests.browser.sheets import Cell, make_xls, make_xlsx, rows_of, table
from tests.browser.visitor import Visitor
from tests.browser.words import figure

pytestmark = pytest.mark.browser
ACCOUNT, LARGE, FOREIGN_ACCOUNT = "00020100003", "00020100001", "00020100006"
PAGE = 50
DONE_MS = 60_000
VOICE_MAIL = {
    "ru": ("Звонки", "Голосовая почта"),
    "en": ("Calls", "Voice mail"),
    "be": ("Званкі", "Галасавая пошта"),
}
CALLER_NAME = ("Звонки", "Имя организации при звонке")
NIGHT = ("Интернет", "Ночной интернет")
# By code: the service itself, and the one that excludes it.
NIGHT_OR_NONE = ("night", "no-internet")


def choose_service(visitor: Visitor, service: tuple[str, str], action: str = "Connect") -> None:
    """Category, service and action, as the address keeps them."""
    visitor.open("/orders/new/services/")
    expect(visitor.heading()).to_have_text(visitor.words("Services"))
    page, (category, name) = visitor.page, service
    page.locator("select[name=category]").select_option(label=category)
    page.locator("select[name=service]").select_option(label=name)
    expect(page.locator("#choice-of-subscribers")).to_be_visible()
    if action != "Connect":
        page.locator("select[name=action]").select_option(label=visitor.words(action))
        expect(page).to_have_url(re.compile("action=disconnect_service"))


def tick(visitor: Visitor, line: Line) -> None:
    """Find a line by its number and tick it; what was ticked before stays so."""
    visitor.page.locator("main .list-search input[type=search]").fill(line.number)
    expect(visitor.page.locator("#order-subscribers tbody tr")).to_have_count(1)
    visitor.page.get_by_role("checkbox", name=line.number).check()


def verdicts(visitor: Visitor) -> list[tuple[str, str]]:
    """The verdict and the reason of each row that the page shows, once the check is done."""
    expect(visitor.page.locator("#verdicts")).to_be_visible(timeout=DONE_MS)
    cells = [row.locator("td").all_inner_texts() for row in visitor.page.locator("main tbody tr").all()]
    return [(one[-2].strip(), one[-1].strip()) for one in cells]


def confirm(visitor: Visitor) -> str:
    """«Подключить для N номеров», then the page that says so; the order's number."""
    words, page = visitor.words, visitor.page
    expect(page.locator(".receipt")).to_contain_text(words("This action cannot be undone"))
    page.locator(".receipt button[type=submit]").click()
    expect(visitor.heading()).to_have_text(words("Your order is recorded"))
    expect(page.locator("main")).to_contain_text(words("Please wait. The order will be carried out shortly"))
    expect(page.get_by_role("link", name=words("Back to the home page"))).to_be_visible()
    page.locator("main p a").click()
    number = re.search(r"\d+", visitor.heading().inner_text())
    assert number is not None
    return number[0]


def wait_until_done(visitor: Visitor) -> None:
    """The page follows the order by itself until it says so."""
    state = visitor.page.locator(".page-head .badge")
    expect(state).not_to_have_class(re.compile("busy"), timeout=DONE_MS)


def results(visitor: Visitor, folder: Path) -> list[dict[str, object]]:
    """«Скачать в Excel»: each row with its result and reason."""
    with visitor.page.expect_download() as begun:
        visitor.page.get_by_role("link", name=visitor.words("Download as Excel")).first.click()
    begun.value.save_as(folder / "order.xlsx")
    sheets = rows_of(folder / "order.xlsx")
    return table(next(iter(sheets.values())), visitor.words("Row"))


def has_service(visitor: Visitor, pk: int, name: str) -> bool:
    visitor.open(f"/subscribers/{pk}/")
    connected = visitor.page.locator("#services table", has=visitor.page.locator("caption")).first
    expect(connected).to_be_visible()
    caption = connected.locator("caption").inner_text()
    return caption == visitor.words("Connected services") and connected.locator("tbody tr", has_text=name).count() == 1


def upload(visitor: Visitor, file: Path) -> None:
    visitor.page.get_by_role("link", name=visitor.words("Upload a file")).click()
    visitor.page.locator("main input[type=file]").set_input_files(file)
    visitor.button("Continue").click()


@pytest.mark.parametrize("language", ["ru", "en", "be"])
def test_S15_1_a_service_for_chosen_subscribers_from_the_list(visitor: Visitor, demo: Demo, tmp_path: Path) -> None:
    """A short one in each language: three lines ticked, confirmed, done, and in the history."""
    words, page = visitor.words, visitor.page
    service = VOICE_MAIL[visitor.language]
    visitor.log_in(SERGEI)
    chosen = demo.never_had(LARGE, "voice-mail")[-3:]
    choose_service(visitor, service)
    for line in chosen:
        tick(visitor, line)
    expect(page.locator("[data-selection-bar]")).to_contain_text(words("Subscribers selected"))
    expect(page.locator("[data-selected-count]")).to_have_text("3")
    visitor.button("Continue").click()
    assert [verdict for verdict, _reason in verdicts(visitor)] == [words("Fine", "verdict")] * 3
    monthly = visitor.fact(words("Monthly fee for all, without VAT"))
    assert figure(monthly.inner_text()) == 3 * Decimal("1.50")
    # 25 % VAT on 4.50, and one rounding.
    assert figure(page.locator(".receipt dd.total").inner_text()) == Decimal("5.63")
    number = confirm(visitor)
    wait_until_done(visitor)
    found = results(visitor, tmp_path)
    assert [str(row[words("Result")]) for row in found] == [words("Done", "result")] * 3
    assert has_service(visitor, chosen[0].pk, service[1])
    visitor.open("/orders/?tab=before")
    expect(page.get_by_role("link", name=words("Previous orders"))).to_have_attribute("aria-current", "page")
    expect(page.locator("tbody tr").first).to_contain_text(number)
    expect(page.locator("tbody tr").first).to_contain_text(service[1])
    expect(page.locator("tbody tr").first).to_contain_text("3 / 3")


def test_S15_1_a_page_and_then_all_that_match(visitor: Visitor, demo: Demo, tmp_path: Path) -> None:
    page = visitor.page
    visitor.log_in(VIKTOR)
    choose_service(visitor, CALLER_NAME)
    everybody = [line for status in ("active", "blocked", "pending") for line in demo.lines(ACCOUNT, status)]
    page.locator("[data-pick-page]").check()
    expect(page.locator("[data-selected-count]")).to_have_text(str(PAGE))
    page.get_by_role("button", name="Выбрать всех найденных").click()
    expect(page.locator("[data-selected-count]")).to_have_text(str(len(everybody)))
    visitor.button("Continue").click()
    assert len(verdicts(visitor)) == PAGE
    expect(page.locator(".list-foot")).to_contain_text(str(len(everybody)))
    expect(page.get_by_text("Данное действие нельзя будет отменить")).to_be_visible()
    confirm(visitor)
    wait_until_done(visitor)
    found = results(visitor, tmp_path)
    assert len(found) == len(everybody)
    active = {line.number for line in demo.lines(ACCOUNT)}
    for row in found:
        number, result = str(row["Номер"]).lstrip("+"), str(row["Результат"])
        # A line that is blocked or not activated is refused with its reason; one that has the service needs nothing.
        assert (result == "Выполнено") <= (number in active)
        assert result == "Выполнено" or row["Причина"]
    assert sum(str(row["Результат"]) == "Выполнено" for row in found) > PAGE


Maker = Callable[[Path, Sequence[Cell]], Path]


@pytest.mark.parametrize(("maker", "name"), [(make_xlsx, "list.xlsx"), (make_xls, "list.xls")])
def test_S15_1_every_row_of_a_file_gets_a_verdict(
    visitor: Visitor, demo: Demo, tmp_path: Path, maker: Maker, name: str
) -> None:
    """A heading, a float, a plus and blanks, an empty row, a number twice, somebody else's, and no number at all."""
    page = visitor.page
    one, two, three, four = demo.never_had(LARGE, *NIGHT_OR_NONE)[:4]
    foreign, nobody = demo.lines(FOREIGN_ACCOUNT)[0].number, "375299999999"
    typed = f"+{three.number[:3]} {three.number[3:5]} {three.number[5:]}"
    column: list[Cell] = [
        *("Номер телефона", one.number, float(two.number), typed, None),
        *(one.number, foreign, nobody, "12345", int(four.number)),
    ]
    visitor.log_in(SERGEI)
    choose_service(visitor, NIGHT)
    upload(visitor, maker(tmp_path / name, column))
    found = verdicts(visitor)
    words = visitor.words
    fine, nothing, refused = (words(text, "verdict") for text in ("Fine", "Nothing to do", "Refused"))
    assert [verdict for verdict, _reason in found] == [
        *(nothing, fine, fine, fine, nothing),
        *(nothing, refused, refused, refused, fine),
    ]
    reasons = [reason for _verdict, reason in found]
    assert reasons[0] == words("This is a heading, not a number.")
    assert reasons[3] == words("The number was tidied up.")
    assert "2" in reasons[5]
    # Nothing tells a number of somebody else from one that nobody has.
    assert reasons[6] == reasons[7] == words("This is not one of your numbers.")
    assert "12" in reasons[8]
    assert figure(visitor.fact(words("Monthly fee for all, without VAT")).inner_text()) == 4 * Decimal("3.30")
    confirm(visitor)
    wait_until_done(visitor)
    rows = results(visitor, tmp_path)
    assert [row["Строка"] for row in rows] == list(range(1, 11))
    assert [str(row["Результат"]) for row in rows].count(words("Done", "result")) == 4
    assert rows[6]["Причина"] == words("This is not one of your numbers.")
    assert has_service(visitor, two.pk, NIGHT[1])
    assert page.url.endswith(f"/{two.pk}/")


def test_S15_1_a_service_is_disconnected_from_the_card_and_from_the_list(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    line = demo.lines(LARGE)[40]
    visitor.log_in(SERGEI)
    service = ("Безопасность и контроль", "Запрет платных номеров")
    for action, expected in (("Подключить", True), ("Отключить", False)):
        visitor.open(f"/subscribers/{line.pk}/")
        page.locator("#services tr", has_text=service[1]).get_by_role("button", name=re.compile(f"^{action}")).click()
        assert [verdict for verdict, _reason in verdicts(visitor)] == [visitor.words("Fine", "verdict")]
        confirm(visitor)
        wait_until_done(visitor)
        assert has_service(visitor, line.pk, service[1]) == expected
    choose_service(visitor, service, "Disconnect")
    tick(visitor, line)
    visitor.button("Continue").click()
    assert verdicts(visitor) == [
        (visitor.words("Nothing to do", "verdict"), visitor.words("The service is not connected."))
    ]
    expect(page.locator(".receipt")).to_have_count(0)


def test_S15_6_a_double_click_places_one_order(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    before = orders_so_far(visitor)
    choose_service(visitor, NIGHT)
    tick(visitor, demo.never_had(LARGE, *NIGHT_OR_NONE)[0])
    visitor.button("Continue").dblclick()
    verdicts(visitor)
    page.locator(".receipt button[type=submit]").dblclick()
    expect(visitor.heading()).to_have_text("Ваша заявка зафиксирована")
    page.locator("main p a").click()
    wait_until_done(visitor)
    assert orders_so_far(visitor) == before + 1


def orders_so_far(visitor: Visitor) -> int:
    visitor.open("/orders/?tab=before&all=1")
    expect(visitor.page.locator("h1")).to_have_text(visitor.words("Order history"))
    return visitor.page.locator("main tbody tr").count()


def test_S15_6_the_labels_are_those_of_the_seeds(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    choose_service(visitor, NIGHT)
    for label in ("Операции со списком абонентов", "Услуги", "Выбор абонентов", "Выбрать из списка", "Загрузить файл"):
        expect(page.locator("main").get_by_text(label, exact=True).first).to_be_visible()
    tick(visitor, demo.never_had(LARGE, *NIGHT_OR_NONE)[0])
    bar = page.locator("[data-selection-bar]")
    expect(bar).to_contain_text("Выбрано абонентов")
    bar.get_by_role("button", name="Продолжить").click()
    verdicts(visitor)
    expect(page.get_by_text("Данное действие нельзя будет отменить")).to_be_visible()
    page.locator(".receipt button[type=submit]").click()
    expect(visitor.heading()).to_have_text("Ваша заявка зафиксирована")
    expect(page.get_by_text("Пожалуйста, ожидайте. Заявка будет обработана в ближайшее время")).to_be_visible()
    expect(page.get_by_role("link", name="Вернуться на главную")).to_be_visible()
    page.locator("main p a").click()
    wait_until_done(visitor)
    page.locator("#sections").get_by_role("link", name="История заявок").click()
    expect(page.locator(".tabs a")).to_have_text(["Заявка в обработке", "Предыдущие заявки"])
    page.locator(".tabs a").last.click()
    for label in ("Номер заявки", "Заявка от", "Действие", "Дата заявки"):
        expect(page.locator("thead").get_by_text(label, exact=True)).to_be_visible()
    first = page.locator("tbody tr").first
    expect(first).to_contain_text(pretty(SERGEI))
    expect(first.get_by_role("link", name=re.compile("^Скачать в Excel"))).to_be_visible()
