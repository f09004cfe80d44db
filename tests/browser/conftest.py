"""A real Chromium, told to stay on this machine; every page that reports a breach of its policy fails its test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, ViewportSize, sync_playwright

from tests.browser.running import Demo, made, running
from tests.browser.visitor import Visitor
from tests.browser.words import LOCALES, Words

# The browser's driver keeps an event loop on this thread; Django's database is used from it all the same.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The next page is shown by the process of the last, which has compiled its scripts.
    "--disable-site-isolation-trials",
    "--renderer-process-limit=1",
]
SIZE = ViewportSize(width=1280, height=900)
NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits longest begins first, what needs no demonstration is done while one of the workers makes it."""
    items.sort(key=lambda item: (item.path.name == "test_axe.py", item.path.name != "test_usage.py"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """An installed Chromium, else the one that playwright downloaded; without either the tests fail."""
    installed = next((path for path in map(shutil.which, NAMES) if path), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A whole product that runs, for all journeys of this worker; it must stop as cleanly as it started."""
    own, base = tmp_path_factory.mktemp("demo") / "data", tmp_path_factory.getbasetemp()
    # The parent is the same for all workers of a run: one of them makes the data, each runs on a copy.
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    shutil.copytree(made(shared / "made-for-all"), own)
    with running(own) as started:
        yield started


@pytest.fixture
def language() -> str:
    """The language of a journey; parametrised where it is made in several."""
    return "ru"


@pytest.fixture
def visitor(page: Page, demo: Demo, language: str) -> Visitor:
    return Visitor(page, demo, Words(language))


@pytest.fixture(scope="session")
def window_in(chromium: Browser) -> Callable[[str], BrowserContext]:
    """The window of a language: a new one for each test costs more than what is done in it."""
    return cache(partial(opened, chromium))


@pytest.fixture
def context(window_in: Callable[[str], BrowserContext], language: str) -> Iterator[BrowserContext]:
    """A window without cookies, whose only page is empty."""
    context = window_in(language)
    yield context
    for page in context.pages[1:]:
        page.close()
    context.clear_cookies()


def opened(chromium: Browser, language: str) -> BrowserContext:
    # Nothing moves that need not: frames that nobody looks at cost as much as those that somebody does.
    context = chromium.new_context(
        viewport=SIZE, locale=LOCALES[language], accept_downloads=True, reduced_motion="reduce"
    )
    context.set_default_timeout(20_000)
    # It stays, and with it the process that has compiled the pages' scripts.
    context.new_page()
    return context


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may break the Content-Security-Policy or fail in a script."""
    page = context.new_page()
    with nothing_wrong(page):
        yield page


@contextmanager
def nothing_wrong(page: Page) -> Iterator[None]:
    """While it lasts the page's console tells of no error, and no script fails."""
    wrong: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            wrong.append(message.text)

    def fail(error: Error) -> None:
        wrong.append(str(error))

    page.on("console", note)
    page.on("pageerror", fail)
    yield
    page.remove_listener("console", note)
    page.remove_listener("pageerror", fail)
    assert wrong == []
