"""Every text is there in Russian and in Belarusian, whole, and Russian labels are the seeds' own."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from babel.messages.catalog import Message
from django.utils import translation
from django.utils.translation import ngettext

from tools import catalogs

PLACE = re.compile(r"%\((\w+)\)[a-z]|%[a-z]")
LABEL = re.compile(r"^«(.+)»$", re.DOTALL)
# Letters that Belarusian does not have.
NOT_BELARUSIAN = re.compile(r"[ищъИЩЪ]")
# Names of products and of people are written as they are.
PROPER_NAMES = ("Abonent",)
SAME_BOUND = 0.15
WORDS = re.compile(r"[а-яёіўА-ЯЁІЎ]")

# The labels of `requirements.md` for what the product does now, as they must stand in Russian.
LABELS = [
    "Войти в аккаунт", "Выслать код подтверждения", "Лицевой счет", "Пароль", "Абонент", "Администратор", "Супервайзер",
    "SMS-код может быть использован только один раз. Ваш постоянный пароль не изменится",
    "Управление абонентами мобильной связи", "Управление абонентами фиксированной связи", "Выберите способ входа",
    "Управление услугами и информация только по своему номеру",
    "Управление услугами абонентов и финансовая информация по всему лицевому счету",
    "Управление услугами абонентов и финансовая информация по нескольким лицевым счетам клиента",
    "К оплате", "Баланс", "Начисления за предыдущий месяц", "Финансы", "Счета", "Платежи", "Отправить счет",
    "Заказать счет на E-mail", "Детализация на Email", "Выбрать из списка", "Загрузить файл", "Далее", "Продолжить",
    "Счет за указанный период будет отправлен на ваш e-mail.", "Номера должны принадлежать Вашей компании.",
    "Исходящие", "Входящие", "Исходящие+Входящие", "Я принимаю правила использования системы", "Формат данных",
    "Абоненты", "Доступные", "Подключенные", "Подключить", "Отключить", "Операции со списком абонентов", "Услуги",
    "История заявок", "Заявка в обработке", "Предыдущие заявки", "Номер заявки", "Заявка от", "Действие", "Дата заявки",
    "Скачать в Excel", "Выбрано абонентов", "Данное действие нельзя будет отменить", "Ваша заявка зафиксирована",
    "Пожалуйста, ожидайте. Заявка будет обработана в ближайшее время", "Вернуться на главную", "Ожидание активации",
    "Выход",
]  # fmt: skip


def messages(language: str) -> Iterator[Message]:
    return (message for message in catalogs.read(language) if message.id)


def forms(message: Message) -> list[str]:
    text = message.string
    return [text] if isinstance(text, str) else list(text or ())


def sources(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_every_text_of_the_product_is_translated(language: str) -> None:
    wanted = {(message.context, str(message.id)) for message in catalogs.template_catalog() if message.id}
    known = {(message.context, str(message.id)) for message in messages(language)}
    assert wanted - known == set()
    assert known - wanted == set()
    assert [message.id for message in messages(language) if not all(forms(message)) or message.fuzzy] == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_a_translation_keeps_what_is_filled_in(language: str) -> None:
    wrong = []
    for message in messages(language):
        wanted = set(PLACE.findall(sources(message)[-1].replace("%%", "")))
        wrong += [form for form in forms(message) if set(PLACE.findall(form.replace("%%", ""))) - wanted]
        if isinstance(message.id, str):
            wrong += [form for form in forms(message) if wanted - set(PLACE.findall(form.replace("%%", "")))]
    assert wrong == []


@pytest.mark.parametrize("language", catalogs.LANGUAGES)
def test_a_text_with_a_plural_has_three_forms(language: str) -> None:
    plural = [message for message in messages(language) if not isinstance(message.id, str)]
    assert plural
    assert [message.id for message in plural if len(forms(message)) != 3] == []
    # Two neighbours that are the same would say «5 абонент»: one word only may have no plural.
    same = [message.id for message in plural if all(one == other for one, other in pairwise(forms(message)))]
    assert same == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ru", {1: "1 абонент", 2: "2 абонента", 5: "5 абонентов", 21: "21 абонент", 112: "112 абонентов"}),
        ("be", {1: "1 абанент", 2: "2 абаненты", 5: "5 абанентаў", 21: "21 абанент", 112: "112 абанентаў"}),
        ("en", {1: "1 subscriber", 2: "2 subscribers", 5: "5 subscribers", 21: "21 subscribers"}),
    ],
)
def test_numbers_take_the_right_form(language: str, expected: dict[int, str]) -> None:
    with translation.override(language):
        said = {
            number: ngettext("%(count)d subscriber", "%(count)d subscribers", number) % {"count": number}
            for number in expected
        }
    assert said == expected


def test_belarusian_has_no_letters_that_it_does_not_know() -> None:
    wrong = []
    for message in messages("be"):
        for form in forms(message):
            text = form
            for name in PROPER_NAMES:
                text = text.replace(name, "")
            if NOT_BELARUSIAN.search(text):
                wrong.append(form)
    assert wrong == []


def test_belarusian_is_not_russian_copied() -> None:
    russian = {(message.context, str(message.id)): forms(message) for message in messages("ru")}
    belarusian = {(message.context, str(message.id)): forms(message) for message in messages("be")}
    in_words = [key for key, text in russian.items() if WORDS.search(text[0])]
    same = [key for key in in_words if belarusian[key] == russian[key]]
    assert len(same) <= SAME_BOUND * len(in_words), same


def test_a_label_of_the_seeds_stands_verbatim_in_russian() -> None:
    russian = {(message.context, message.id): message.string for message in messages("ru")}
    wrong = []
    for text in catalogs.texts():
        label = LABEL.match(text.note)
        if label and isinstance(text.key, str) and russian.get((text.context, text.key)) != label[1]:
            wrong.append((text.place, label[1], russian.get((text.context, text.key))))
    assert wrong == []


def test_the_labels_of_the_requirements_are_all_there() -> None:
    known = {form for message in messages("ru") for form in forms(message)}
    assert [label for label in LABELS if label not in known] == []
