"""Which table this is: its titles are looked for in the layouts, in each language."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext, override

from abonent.expenses.formats.content import Column, Fact, Holds, Section
from abonent.expenses.formats.layouts import FACTS, LANGUAGES, LAYOUTS, TITLES, TOTAL, Field, Layout

_VARIES = re.compile(r"%\\\(\w+\\\)s")  # `%(number)s`, escaped


@dataclass(frozen=True, slots=True)
class Match:
    """A table recognised; `section.key` is empty where it is none of the known ones. `totals`: its last row adds up.

    `kinds` are those that have such a table.
    """

    section: Section
    kinds: tuple[str, ...] = ()
    language: str = ""
    totals: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """A layout as a language shows it."""

    layout: Layout
    language: str
    title: str
    fields: tuple[Field, ...]


def match(title: str, heads: Sequence[str]) -> Match:
    """The layout that knows most of these titles. A title that it does not know becomes a column of text."""
    best, known = None, 0
    for shown in _all():
        if (shown.title or title) and not _alike(title, shown.title):
            continue
        found = sum(column.key != "" for column in _columns(shown.fields, heads))
        if found > known:
            best, known = shown, found
    if best is None:
        return Match(Section("", title, _columns((), heads)))
    layout = best.layout
    section = Section(layout.key, title, _columns(best.fields, heads))
    return Match(section, layout.kinds, best.language, layout.totals)


def kind_of(title: str, kinds: Sequence[str]) -> str:
    """The kind of the document that is called so and has a table which `kinds` have; empty where that does not tell."""
    called = [kind for kind, pattern in _titles() if kind in kinds and pattern.fullmatch(title)]
    known = called or kinds
    return known[0] if len(set(known)) == 1 else ""


def is_title(text: str) -> bool:
    """Whether a table of some layout is called so."""
    return any(shown.title and _alike(text, shown.title) for shown in _all())


def is_total(label: object) -> bool:
    return label in _totals()


def fact(label: str, value: str) -> Fact:
    return Fact(_fact_keys().get(label, ""), label, value)


def _columns(fields: Sequence[Field], heads: Sequence[str]) -> tuple[Column, ...]:
    """The columns in the file's order; of two that are called alike, the first in the layout comes first."""
    rest, columns = list(fields), []
    for head in heads:
        field = next((field for field in rest if _alike(head, field[1])), None)
        if field:
            rest.remove(field)
        columns.append(Column(field[0], head, field[2]) if field else Column("", head, Holds.TEXT))
    return tuple(columns)


def _alike(shown: str, wanted: str) -> bool:
    """A page cuts what is too wide for it and says so; a title may name what differs, as a month."""
    if "%(" in wanted:
        return _pattern(wanted).fullmatch(shown) is not None
    if shown.endswith("…"):
        return wanted.startswith(shown[:-1].rstrip())
    return shown == wanted


@cache
def _pattern(title: str) -> re.Pattern[str]:
    return re.compile(_VARIES.sub(".+", re.escape(title)))


@cache
def _all() -> tuple[_Shown, ...]:
    return tuple(_shown(layout, language) for language in LANGUAGES for layout in LAYOUTS)


def _shown(layout: Layout, language: str) -> _Shown:
    with override(language):
        fields = tuple((key, gettext(title), holds) for key, title, holds in layout.fields)
        return _Shown(layout, language, gettext(layout.title) if layout.title else "", fields)


@cache
def _titles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What documents are called, in each language."""
    pairs = [(kind, _in(language, title)) for language in LANGUAGES for kind, title in TITLES.items()]
    return tuple((kind, _pattern(title)) for kind, title in pairs)


@cache
def _totals() -> frozenset[str]:
    return frozenset(_in(language, TOTAL) for language in LANGUAGES)


@cache
def _fact_keys() -> dict[str, str]:
    return {_in(language, label): key for language in LANGUAGES for key, label in FACTS.items()}


def _in(language: str, text: str) -> str:
    with override(language):
        return gettext(text)
