"""axe finds nothing on any page that the resolver knows: with data and empty, light and dark, wide and narrow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from abonent.access.models import Seat
from tests import cast as cast_module
from tests.browser.conftest import SIZE, nothing_wrong, opened
from tests.cast import Cast
from tests.conftest import logged_in
from tests.matrix.row import OK, Row, location, name_of
from tests.matrix.table import TABLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(__file__).resolve().parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# Of the rules, only those about colour ask what the scheme is: the dark look is asked for them alone.
RULES: dict[Scheme, list[str] | None] = {"light": None, "dark": ["color-contrast", "link-in-text-block"]}
RUN = """async (rules) => {
    const only = rules ? {runOnly: {type: "rule", values: rules}} : {};
    const found = await axe.run(document, {resultTypes: ["violations"], ...only});
    return found.violations.map(v => v.id + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join(" | "));
}"""
WIDTHS = (SIZE["width"], 320)
# Names under which a file comes, not a page.
ENDINGS = ("_export", "_file", "_result", "_download", "_verdicts", "_sample")
FILES = {name for name in TABLE if name_of(name).endswith(ENDINGS)}
PAGES = [name for name, row in TABLE.items() if OK in (row.get.owner, row.get.anonymous) and name not in FILES]


@pytest.fixture(scope="module")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """One window for all pages of this file, closed before their server ends: connections must not outlive it."""
    context = opened(chromium, "ru")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """The window's own page as new: another one for each address costs more than what is looked at in it."""
    page = context.pages[0]
    context.clear_cookies()
    page.set_viewport_size(SIZE)
    page.emulate_media(color_scheme="light")
    with nothing_wrong(page):
        yield page
    # What the page still fetches belongs to this test, not to the next.
    page.goto("about:blank")


def signed_in(context: BrowserContext, server: str, seat: Seat, session: dict[str, object]) -> None:
    client = logged_in(seat)
    if session:
        store = client.session
        store.update(session)
        store.save()
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server}])


def found_on(page: Page) -> Iterator[str]:
    """What axe says of the page that is open, in each look and width."""
    page.evaluate(AXE)
    for width in WIDTHS:
        page.set_viewport_size(ViewportSize(width=width, height=900))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for violation in page.evaluate(RUN, RULES[scheme]):
                yield f"{width} {scheme} {violation}"
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if beyond > 0:
            yield f"{width}: the page is {beyond} px wider than the window"


def is_page(page: Page) -> bool:
    """Whether it is a whole page: no file, and no part that another page fetches."""
    return bool(page.evaluate("document.contentType === 'text/html' && document.doctype !== null"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_with_data_is_accessible(
    name: str, live_server: LiveServer, context: BrowserContext, page: Page
) -> None:
    cast = cast_module.build()
    row = TABLE[name]
    made = row.made(cast)
    if row.get.owner == OK:
        signed_in(context, live_server.url, owner_of(row, cast), made.session)
    page.goto(live_server.url + location(name, made.kwargs))
    assert not is_page(page) or list(found_on(page)) == []


@pytest.mark.parametrize("name", [name for name in PAGES if TABLE[name].get.stranger == OK])
def test_an_empty_page_is_accessible(name: str, live_server: LiveServer, context: BrowserContext, page: Page) -> None:
    """Stas's company has an account and one line, and nothing else yet."""
    cast = cast_module.build()
    made = TABLE[name].made(cast)
    signed_in(context, live_server.url, cast.stas, made.session)
    page.goto(live_server.url + location(name, made.kwargs))
    assert not is_page(page) or list(found_on(page)) == []


def owner_of(row: Row, cast: Cast) -> Seat:
    seat: Seat = getattr(cast, row.owner)
    return seat
