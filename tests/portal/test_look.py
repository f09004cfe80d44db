"""The look: what strict CSP forbids is absent, colours can be read, what others made is what was reviewed."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from unittest.mock import Mock

import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from abonent.access.rights import BUILT_IN_RIGHTS, Right
from abonent.portal import navigation, sections
from abonent.portal.templatetags import portal as tags
from abonent.portal.views import errors, styleguide

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "abonent" / "portal" / "static" / "portal"
TEMPLATES = sorted((ROOT / "abonent").glob("*/templates/**/*.html"))
OWN_SCRIPTS = [STATIC / "app.js", *sorted((STATIC / "js").glob("*.js"))]
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
LARGEST_FONTS = 120_000
LEAST_CONTRAST = 4.5
LEAST_EDGE_CONTRAST = 3.0
MOST_TEMPLATE_LINES = 120

SURFACES = ("paper", "surface", "raised", "sunken", "hover")
READ_ON = {
    **dict.fromkeys(("ink", "ink-soft", "accent"), SURFACES),
    "accent-strong": ("paper", "surface", "raised", "accent-wash"),
    "good": ("paper", "surface", "raised", "good-wash"),
    "warn": ("paper", "surface", "raised", "warn-wash"),
    "bad": ("paper", "surface", "raised", "bad-wash"),
}
PAIRS = [
    *[(ink, ground) for ink, grounds in READ_ON.items() for ground in grounds],
    *[("ink", f"{state}-wash") for state in ("good", "warn", "bad", "accent")],
    ("accent", "accent-wash"),
    ("ink-soft", "accent-wash"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
]


def colours() -> dict[str, tuple[str, str]]:
    found = TOKEN.findall((STATIC / "css" / "tokens.css").read_text())
    return {name: (light, dark) for name, light, dark in found}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_look_text_is_readable_in_light_and_dark(ink: str, ground: str) -> None:
    for one, other in zip(colours()[ink], colours()[ground], strict=True):
        assert contrast(one, other) >= LEAST_CONTRAST


@pytest.mark.parametrize("ground", ["paper", "surface", "raised"])
def test_look_edges_of_controls_are_seen_in_light_and_dark(ground: str) -> None:
    for one, other in zip(colours()["line-control"], colours()[ground], strict=True):
        assert contrast(one, other) >= LEAST_EDGE_CONTRAST


class Inline(HTMLParser):
    """Collects what `script-src 'self'; style-src 'self'` would not run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")
        handlers = {name for name in names if name == "style" or name.startswith(("on", "hx-on", "hx-vars"))}
        self.found += sorted(handlers)
        values = [value or "" for _, value in attrs]
        self.found += [value for value in values if value.strip().lower().startswith(("javascript:", "js:"))]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-2:]))
def test_look_no_template_has_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    parser = Inline()
    parser.feed(text)
    assert parser.found == []
    assert text.count("\n") <= MOST_TEMPLATE_LINES
    # Django takes a comment in {# #} on one line only; a longer one would be shown.
    assert all("#}" in line for line in text.splitlines() if "{#" in line)


@pytest.mark.parametrize("path", OWN_SCRIPTS, ids=lambda path: path.name)
def test_look_no_script_evaluates_text_or_writes_styles(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"\beval\(|new Function|\.style\b|innerHTML|insertAdjacentHTML|setAttribute\(\"style", text)


def test_look_every_stylesheet_speaks_in_tokens() -> None:
    for path in (STATIC / "css").glob("*.css"):
        if path.name not in {"tokens.css", "print.css"}:
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", path.read_text()), path.name


@pytest.mark.parametrize("folder", [STATIC / "vendor", ROOT / "tests" / "vendor"], ids=["portal", "tests"])
def test_look_vendored_files_are_those_that_were_reviewed(folder: Path) -> None:
    listed = dict(
        re.findall(r"^\| (\S+) \|.*\| `([0-9a-f]{64})` \|$", (folder / "README.md").read_text(), re.MULTILINE)
    )
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    present = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    present.pop("README.md")
    assert listed == present


def test_look_fonts_are_small() -> None:
    assert 0 < sum(path.stat().st_size for path in STATIC.rglob("*.woff2")) < LARGEST_FONTS


def test_look_every_icon_that_is_named_exists() -> None:
    known = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text()))
    used = {name for path in TEMPLATES for name in re.findall(r'{% icon "([\w-]+)"', path.read_text())}
    used |= {name for path in TEMPLATES for name in re.findall(r'icon_name="([\w-]+)"', path.read_text())}
    used |= set(tags.STATE_ICONS.values()) | {entry.icon for entry in sections.TABLE}
    assert used <= known


def shown(markup: str) -> str:
    """The text of the markup: what a person copies."""
    return re.sub(r"<[^>]+>", "", markup)


@pytest.mark.parametrize(("language", "copied"), [("ru", "-1234567,50"), ("be", "-1234567,50"), ("en", "-1234567.50")])
def test_look_money_is_grouped_to_read_and_copies_as_a_number(language: str, copied: str) -> None:
    with translation.override(language):
        markup = tags.money(Decimal("-1234567.495"))
    assert shown(markup) == copied
    assert "<i>1</i><i>234</i>567" in markup


def test_look_money_names_a_currency_and_escapes_it() -> None:
    with translation.override("ru"):
        assert shown(tags.money(Decimal(999), "руб.")) == "999,00\u00a0руб."
        assert "<b>" not in tags.money(Decimal(1), "<b>")
        assert tags.money(None) == "–"


@pytest.mark.parametrize(("language", "copied"), [("ru", "1234,5\u00a0МБ"), ("en", "1234.5\u00a0МБ")])
def test_look_quantities_keep_their_own_decimals(language: str, copied: str) -> None:
    with translation.override(language):
        assert shown(tags.quantity(Decimal("1234.500"), "МБ")) == copied
        assert shown(tags.count(5000)) == "5000"


@pytest.mark.parametrize(
    ("digits", "markup"),
    [
        ("375291234567", "<i>375</i><i>29</i><b>123</b><b>45</b>67"),
        ("79123456789", "<i>7</i><i>912</i><b>345</b><b>67</b>89"),
    ],
)
def test_look_a_phone_is_grouped_to_read_and_copies_as_digits(digits: str, markup: str) -> None:
    assert markup in tags.phone(digits)
    assert shown(tags.phone(digits)) == digits


def test_look_what_is_no_phone_number_stays_as_it_is_and_is_escaped() -> None:
    assert shown(tags.phone("sip-104@pbx")) == "sip-104@pbx"
    assert "<script>" not in tags.phone("<script>")


@pytest.mark.parametrize(
    ("language", "moment", "day", "month"),
    [
        ("ru", "01.12.2026 00:30", "01.12.2026", "ноябрь 2026"),
        ("be", "01.12.2026 00:30", "01.12.2026", "лістапад 2026"),
        ("en", "1 Dec 2026 00:30", "1 Dec 2026", "November 2026"),
    ],
)
def test_look_moments_stand_in_the_operators_zone(language: str, moment: str, day: str, month: str) -> None:
    instant = dt.datetime(2026, 11, 30, 21, 30, tzinfo=dt.UTC)
    with translation.override(language):
        assert shown(tags.moment(instant)) == moment
        assert shown(tags.day(instant)) == day
        assert tags.month(instant.date()) == month


@pytest.mark.parametrize("missing", [None, ""])
def test_look_what_is_missing_is_a_dash(missing: tags.Missing) -> None:
    """A path in a template that leads nowhere arrives as an empty text."""
    shows = (tags.money, tags.count, tags.quantity, tags.phone, tags.day, tags.moment, tags.month)
    assert {show(missing) for show in shows} == {"–"}


def test_look_nought_is_not_missing() -> None:
    with translation.override("ru"):
        assert shown(tags.money(Decimal(0))) == "0,00"
        assert shown(tags.count(0)) == "0"


def test_look_a_state_has_a_word_and_a_picture() -> None:
    markup = tags.badge("bad", "<Failed>")
    assert "#error" in markup
    assert "&lt;Failed&gt;" in markup


def content(answer: HttpResponseBase) -> str:
    assert isinstance(answer, HttpResponse)
    return answer.content.decode()


PAGES: dict[int, Callable[[HttpRequest], HttpResponseBase]] = {
    400: lambda request: errors.bad_request(request, ValueError()),
    403: lambda request: errors.permission_denied(request, PermissionError()),
    404: lambda request: errors.page_not_found(request, LookupError()),
    413: lambda request: errors.too_large(request, 1),
    500: errors.server_error,
}


@pytest.mark.parametrize("status", PAGES)
@pytest.mark.parametrize("language", ["ru", "be", "en"])
def test_look_error_pages_are_ours_and_need_no_database(status: int, language: str) -> None:
    request = RequestFactory().get("/anything/")
    request.COOKIES["theme"] = "dark"
    with translation.override(language):
        answer = PAGES[status](request)
    text = content(answer)
    assert answer.status_code == status
    assert f'<html lang="{language}" data-theme="dark">' in text
    assert "<h1>" in text
    assert "tokens.css" in text


def test_look_a_refused_form_says_that_the_session_ended_and_leads_back() -> None:
    request = RequestFactory().post("/orders/", headers={"referer": "http://testserver/orders/new/?step=2"})
    answer = errors.csrf_failure(request, "no cookie")
    assert answer.status_code == 403
    assert "next=/orders/new/%3Fstep%3D2" in content(answer)


def test_look_a_refused_form_never_leads_to_another_site() -> None:
    request = RequestFactory().post("/orders/", headers={"referer": "http://elsewhere.example/phish/"})
    assert "elsewhere" not in content(errors.csrf_failure(request))


@pytest.mark.django_db
def test_look_an_unknown_address_and_a_form_without_token_get_our_pages() -> None:
    client = Client(enforce_csrf_checks=True)
    assert "data-signed-out" in client.get("/no-such-page/").content.decode()
    refused = client.post("/language/", {"language": "en"})
    assert refused.status_code == 403
    assert "data-signed-out" in refused.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["light", "dark", "", "<script>"])
def test_look_the_theme_is_known_to_the_server(theme: str) -> None:
    client = Client()
    client.cookies["theme"] = theme
    text = client.get("/styleguide/").content.decode()
    assert ("data-theme=" in text.partition(">")[2].partition(">")[0]) == (theme in {"light", "dark"})


@pytest.mark.django_db
def test_look_the_styleguide_shows_every_component() -> None:
    text = Client().get("/styleguide/").content.decode()
    for part in (
        "data",
        "field",
        "badge",
        "pager",
        "progress",
        "empty",
        "toast",
        "figure",
        "receipt",
        "facts",
        "tabs",
        "drop",
        "copy",
    ):
        assert re.search(rf'class="{part}[" ]', text), part
    assert "<dialog" in text
    assert "data-selection-bar" in text


def test_look_a_field_is_tied_to_its_hint_and_error() -> None:
    form = styleguide.SampleForm({"number": "", "email": "wrong", "direction": "in", "period": "11"})
    page = Template("{% load portal_forms %}{% form_errors form %}{% field form.email %}").render(
        Context({"form": form})
    )
    assert 'aria-describedby="id_email-hint id_email-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_email-error"' in page
    assert 'href="#id_email"' in page


def test_look_what_was_not_chosen_yet_is_no_mistake() -> None:
    form = styleguide.SampleForm({"number": "", "email": "wrong", "direction": "in", "period": "11"})
    page = Template("{% load portal_forms %}{% wanted form.number %}|{% wanted form.email %}")
    empty, wrong = page.render(Context({"form": form})).split("|")
    assert form.errors["number"]
    assert 'aria-invalid="true"' not in empty
    assert 'aria-invalid="true"' in wrong


def test_look_sorting_turns_round_and_keeps_the_filters() -> None:
    request = RequestFactory().get("/list/?state=active&sort=name&after=abc")
    page = Template('{% load portal_forms %}{% sort_header "name" "Name" %}').render(Context({"request": request}))
    assert 'aria-sort="ascending"' in page
    assert 'href="?state=active&amp;sort=-name"' in page


def seat_with(*rights: Right) -> Mock:
    return Mock(spec_set=["has", "rights", "is_narrow"], has=rights.__contains__, is_narrow=False)


# The parts of the addresses that exist in the tests below.
OFFERED = {"", "services"}


def test_S16_the_sections_show_only_what_exists_and_the_seat_may(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"invoices": "/invoices/", "subscribers": "/subscribers/", "orders": "/orders/"}
    monkeypatch.setattr(navigation, "address_of", lambda name, slug: there.get(name, "") if slug in OFFERED else "")
    found = navigation.sections("/invoices/2026-10/", seat_with(Right.SEE_FINANCE, Right.SEE_HISTORY))
    assert [child.url for section in found for child in section.children] == ["/invoices/", "/orders/"]
    assert [child.current for section in found for child in section.children] == [True, False]
    assert navigation.sections("/", None) == ()


def test_S16_only_the_closest_section_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"order_new": "/orders/new/services/", "orders": "/orders/"}
    monkeypatch.setattr(navigation, "address_of", lambda name, slug: there.get(name, "") if slug in OFFERED else "")
    (section,) = navigation.sections("/orders/new/services/", seat_with(Right.CHANGE_SERVICES, Right.SEE_HISTORY))
    assert [(child.url, child.current) for child in section.children] == [
        ("/orders/new/services/", True),
        ("/orders/", False),
    ]


def test_S16_every_right_in_the_table_belongs_to_some_role() -> None:
    given = {right for rights in BUILT_IN_RIGHTS.values() for right in rights}
    leaves = [leaf for entry in sections.TABLE for leaf in (entry.children or (entry,))]
    assert {leaf.right for leaf in leaves if leaf.right is not None} <= given
