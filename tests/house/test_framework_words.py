"""What Django itself says in Belarusian: the official orthography, with nothing lost that is filled in."""

import datetime as dt
import json
import re
from pathlib import Path

import django
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django import forms
from django.http import HttpResponse
from django.template.defaultfilters import filesizeformat
from django.test import RequestFactory
from django.utils import dates, formats, translation
from django.views.i18n import JavaScriptCatalog

from tools import catalogs

FRAMEWORK = catalogs.LOCALE / "framework" / "be" / "LC_MESSAGES"
PARTS = ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes")
PLACE = re.compile(r"%\(\w+\)[a-z]|%[a-z]|{\w*}")
# Letters that Belarusian does not have, and the soft signs that the official orthography does not write.
NOT_OFFICIAL = re.compile(r"[ищъґ]|[сз]ь[бвдзлмнптц]", re.IGNORECASE)


def catalog(path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale="be")


def messages() -> list[Message]:
    """Those of pages and those of scripts."""
    return [message for path in sorted(FRAMEWORK.glob("*.po")) for message in catalog(path) if message.id]


def forms_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_only_words_that_django_says_are_said_anew() -> None:
    root = Path(django.__file__).parent
    said = {
        (message.context, str(message.id))
        for part in PARTS
        for path in (root / part / "locale/be/LC_MESSAGES").glob("*.po")
        for message in catalog(path)
    }
    assert [message.id for message in messages() if (message.context, str(message.id)) not in said] == []


def test_they_are_in_the_official_orthography() -> None:
    assert [form for message in messages() for form in forms_of(message) if NOT_OFFICIAL.search(form)] == []


def test_they_keep_what_is_filled_in() -> None:
    wrong = []
    for message in messages():
        source = message.id if isinstance(message.id, str) else message.id[1]
        wrong += [form for form in forms_of(message) if set(PLACE.findall(form)) != set(PLACE.findall(source))]
    assert wrong == []


@pytest.mark.parametrize(("number", "name"), [(5, "май"), (9, "верасень"), (12, "снежань")])
def test_a_month_stands_in_the_nominative(number: int, name: str) -> None:
    with translation.override("be"):
        assert str(dates.MONTHS[number]) == name


def test_scripts_say_them_too() -> None:
    with translation.override("be"):
        said = JavaScriptCatalog.as_view(packages=["django.contrib.admin"])(RequestFactory().get("/"))
    assert isinstance(said, HttpResponse)
    assert f'"May": {json.dumps("Май")}' in said.content.decode()


def test_a_form_refuses_in_these_words() -> None:
    with translation.override("be"), pytest.raises(forms.ValidationError, match="Увядзіце правільную дату"):
        forms.DateField().clean("31.02.2026")


def test_dates_and_figures_are_written_as_in_belarusian() -> None:
    with translation.override("be"):
        assert (
            formats.date_format(dt.datetime(2026, 5, 2, 9, 58, tzinfo=dt.UTC), "DATETIME_FORMAT")
            == "2 мая 2026 г. 9:58"
        )
        assert filesizeformat(886_170) == "865,4\xa0КБ"
