"""Somebody in front of a browser: logs in, takes a seat, speaks a language, reads letters."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from abonent.demo.people import PASSWORD
from tests.browser.running import Demo
from tests.browser.words import Words

PATIENCE_SECONDS = 90
LOOK_MS = 1000
CODE = re.compile(r"\b\d{6}\b")
# The seed's names of the roles, and ours in the other languages, as the role's own table has them.
SUPERVISOR, ADMINISTRATOR, SUBSCRIBER = "supervisor", "administrator", "subscriber"
ROLE_NAMES = {
    SUPERVISOR: {"ru": "Супервайзер", "en": "Supervisor", "be": "Супервайзер"},
    ADMINISTRATOR: {"ru": "Администратор", "en": "Administrator", "be": "Адміністратар"},
    SUBSCRIBER: {"ru": "Абонент", "en": "Subscriber", "be": "Абанент"},
}


@dataclass(frozen=True, slots=True)
class Visitor:
    page: Page
    demo: Demo
    words: Words

    @property
    def language(self) -> str:
        return self.words.language

    def open(self, path: str) -> None:
        self.page.goto(self.demo.url + path)

    def log_in(self, phone: str, role: str = "") -> None:
        """By password; `role` is chosen where there is a choice. The language is taken first thing inside."""
        self.open("/login/password/")
        self.give_password(phone)
        self.speak()
        if role:
            self.sit_down(role)

    def give_password(self, name: str, password: str = PASSWORD) -> None:
        self.page.locator("input[name=value]").fill(name)
        self.page.locator("input[name=password]").fill(password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login/password/" not in url and "/login/account/" not in url)

    def sit_down(self, role: str) -> None:
        """Take the seat of this role on «Выберите способ входа»."""
        self.seat(role).click()
        self.page.wait_for_url(lambda url: "/seats/" not in url)

    def seat(self, role: str) -> Locator:
        name = self.page.locator("strong", has_text=re.compile(f"^{ROLE_NAMES[role][self.language]}$"))
        return self.page.locator("button.seat", has=name)

    def speak(self) -> None:
        """Choose the language with the page's own buttons."""
        if self.page.locator("html").get_attribute("lang") != self.language:
            menu = self.page.locator("summary.code")
            if menu.count():
                menu.click()
            self.page.locator(f".languages button[lang={self.language}]").click()
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)

    def button(self, text: str, context: str = "") -> Locator:
        return self.page.get_by_role("button", name=self.words(text, context), exact=True)

    def heading(self) -> Locator:
        return self.page.locator("h1")

    def choose(self, field: str, value: str) -> None:
        """Tick the radio button `value` of the field with this name."""
        self.page.locator(f"input[name={field}][value={value}]").check()

    def fact(self, label: str) -> Locator:
        """What stands beside a label in a list of facts."""
        term = self.page.locator("dt", has_text=re.compile(f"^{re.escape(label)}$"))
        return term.locator("xpath=following-sibling::dd[1]")

    def row(self, text: str) -> Locator:
        """The row of a table that holds a text."""
        return self.page.locator("tbody tr", has_text=text)

    def until(self, what: Callable[[], bool], path: str) -> None:
        """Open the page at `path` again and again until it shows what is waited for."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        self.open(path)
        while not what():
            assert time.monotonic() < deadline, f"{path} did not come to show it"
            self.page.wait_for_timeout(LOOK_MS)
            self.open(path)

    def code_for(self, recipient: str, known: set[str]) -> str:
        """The code of the newest message to a number or address that was not `known` before, from the inbox."""
        other = self.page.context.new_page()
        reader = Visitor(other, self.demo, self.words)
        reader.until(lambda: bool(reader.codes_for(recipient) - known), "/inbox/")
        found = reader.codes_for(recipient) - known
        other.close()
        assert len(found) == 1
        return found.pop()

    def codes_for(self, recipient: str) -> set[str]:
        """All codes on the inbox page that went to a number (digits) or an address."""
        letters = self.page.locator("article.received", has_text=recipient)
        return {code for text in letters.all_inner_texts() for code in CODE.findall(text)}

    def known_codes(self, recipient: str) -> set[str]:
        other = self.page.context.new_page()
        other.goto(f"{self.demo.url}/inbox/")
        known = Visitor(other, self.demo, self.words).codes_for(recipient)
        other.close()
        return known

    def sent(self, description: str) -> None:
        """On «Документы» the newest line is about `description`; wait until it says by itself that it was sent."""
        first = self.page.locator("tbody tr").first
        expect(first).to_contain_text(description)
        badge = first.locator(".badge", has_text=re.compile(f"^{self.words('sent')}$"))
        expect(badge).to_be_visible(timeout=PATIENCE_SECONDS * 1000)

    def attachment(self, recipient: str, ending: str, folder: Path) -> Path:
        """Download the file of the newest letter to `recipient`, which is a file of this kind, from the inbox."""
        self.open("/inbox/")
        link = self.page.locator("article.received", has_text=recipient).first.get_by_role("link")
        expect(link).to_contain_text(ending)
        with self.page.expect_download() as begun:
            link.click()
        target = folder / begun.value.suggested_filename
        begun.value.save_as(target)
        return target
