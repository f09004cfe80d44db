"""A real Chromium, told to stay on this machine; every page that reports a breach of its policy fails its test."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.browser.running import Demo, running
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
]
NAMES = ("chromium", "chromium-browser", "google-chrome")


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
    with running(tmp_path_factory.mktemp("demo") / "data") as started:
        yield started


@pytest.fixture
def language() -> str:
    """The language of a journey; parametrised where it is made in several."""
    return "ru"


@pytest.fixture
def visitor(page: Page, demo: Demo, language: str) -> Visitor:
    return Visitor(page, demo, Words(language))


@pytest.fixture
def context(chromium: Browser, language: str) -> Iterator[BrowserContext]:
    size = ViewportSize(width=1280, height=900)
    context = chromium.new_context(viewport=size, locale=LOCALES[language], accept_downloads=True)
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may break the Content-Security-Policy or fail in a script."""
    wrong: list[str] = []
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            wrong.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    assert wrong == []
