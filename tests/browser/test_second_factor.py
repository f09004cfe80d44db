"""V8: a passkey, by a browser's own authenticator: made, used beside a password and instead of it, taken away."""

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Page, expect

from abonent.demo.people import SERGEI
from tests.access.apps import shown
from tests.browser.running import Demo
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named(page: Page, visitor: Visitor) -> Visitor:
    """The same product by its name: a passkey belongs to a name, never to a network address."""
    demo = Demo(visitor.demo.url.replace("127.0.0.1", "localhost"), visitor.demo.folder)
    assert page.url == "about:blank"
    return dataclasses.replace(visitor, demo=demo)


@pytest.fixture
def authenticator(page: Page) -> Iterator[CDPSession]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    yield session
    session.send("WebAuthn.disable")


def log_out(visitor: Visitor) -> None:
    visitor.page.locator(".topline details.menu").last.locator("summary").click()
    visitor.page.get_by_role("button", name=visitor.words("Log out")).click()
    visitor.page.wait_for_url("**/login/")


@pytest.mark.usefixtures("authenticator")
def test_V8_a_passkey_is_made_and_logs_in_beside_a_password_and_instead_of_it(named: Visitor) -> None:
    page, words = named.page, named.words
    named.log_in(SERGEI)
    named.open("/me/")
    page.get_by_role("link", name=words("Second factor")).click()
    page.get_by_role("link", name=words("Add a passkey")).click()
    page.locator("input[name=name]").fill("Рабочий ноутбук")
    named.button("Make the passkey").click()
    expect(named.heading()).to_have_text(words("Recovery codes"))
    expect(page.locator(".codes li")).to_have_count(10)
    log_out(named)
    # Instead of a password.
    named.button("Log in with a passkey").click()
    page.wait_for_url("**/home/")
    log_out(named)
    # Beside it.
    named.open("/login/password/")
    named.give_password(SERGEI)
    page.wait_for_url("**/login/second/")
    named.open("/home/")
    page.wait_for_url("**/login/?next=**")
    named.open("/login/second/")
    named.button("Use a passkey").click()
    page.wait_for_url("**/home/")
    take_away(named)


def take_away(visitor: Visitor) -> None:
    page, words = visitor.page, visitor.words
    visitor.open("/me/second-factor/")
    page.get_by_role("link", name=words("Rename")).click()
    page.locator("input[name=name]").fill("Дом")
    visitor.button("Save").click()
    expect(page.locator("main")).to_contain_text("Дом")
    page.get_by_role("link", name=words("Remove")).click()
    visitor.button("Remove").click()
    page.wait_for_url("**/me/second-factor/")
    expect(page.locator("main")).not_to_contain_text("Дом")


@pytest.mark.usefixtures("authenticator")
def test_V8_without_a_passkey_the_button_says_so(named: Visitor) -> None:
    named.open("/login/")
    named.button("Log in with a passkey").click()
    expect(named.page.locator("[data-passkey-failed]")).to_be_visible()


def test_V8_at_a_bare_address_no_passkey_is_offered(visitor: Visitor) -> None:
    visitor.open("/login/")
    expect(visitor.button("Log in with a passkey")).to_be_hidden()
    visitor.log_in(SERGEI)
    visitor.open("/me/second-factor/passkeys/")
    expect(visitor.page.locator("[data-passkey-impossible]")).to_be_visible()


def test_V8_an_app_is_set_up_by_its_picture_and_asked_for_at_the_next_log_in(visitor: Visitor) -> None:
    page, words = visitor.page, visitor.words
    visitor.log_in(SERGEI)
    visitor.open("/me/second-factor/app/")
    expect(page.locator("img.qr")).to_have_js_property("complete", value=True)
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    secret = page.locator("[data-copy]").get_attribute("data-copy") or ""
    page.locator("input[name=code]").fill(shown(secret, -1))
    visitor.button("Confirm").click()
    recovery = page.locator(".codes code").first.inner_text()
    log_out(visitor)
    visitor.open("/login/password/")
    visitor.give_password(SERGEI)
    page.wait_for_url("**/login/second/")
    page.locator("input[name=code]").fill("000000" if shown(secret) != "000000" else "111111")
    visitor.button("Go on").click()
    expect(page.locator(".field-error")).to_have_text(
        words("This code is wrong or has been used. Wait for the next one.")
    )
    page.locator("input[name=code]").fill(recovery)
    visitor.button("Go on").click()
    page.wait_for_url("**/home/")
    visitor.open("/me/second-factor/app/removal/")
    visitor.button("Remove").click()
    page.wait_for_url("**/me/second-factor/")
