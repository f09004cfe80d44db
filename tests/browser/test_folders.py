"""V3: the client's own folders, by mouse and by keyboard; their structure goes out and comes in as a file."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from abonent.demo.people import SERGEI, VIKTOR
from tests.browser.running import Demo
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ACCOUNT = "00020100003"


def node(visitor: Visitor, name: str, tree: str = "folders") -> Locator:
    """The line of a tree whose name is this, without what is below it."""
    label = visitor.page.locator(".node-label", has_text=re.compile(f"^{re.escape(name)}$"))
    return visitor.page.locator(f"#{tree} .node").filter(has=label).first


def numbers_in(visitor: Visitor, name: str) -> Locator:
    return node(visitor, name).locator(".node-count")


def act(visitor: Visitor, what: str) -> None:
    visitor.page.locator(f"#folders ~ .tree-do button[value={what}]").click()


def make(visitor: Visitor, name: str) -> None:
    act(visitor, "create")
    visitor.page.locator("#folder-dialog input[name=name]").fill(name)
    visitor.page.keyboard.press("Enter")
    expect(node(visitor, name)).to_be_visible()


def test_V3_folders_by_mouse_and_by_keyboard(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    one, two, *_rest = demo.lines(ACCOUNT)
    visitor.log_in(VIKTOR)
    visitor.open("/folders/")
    make(visitor, "Цех")
    node(visitor, "Цех").locator("[data-mark]").click()
    make(visitor, "Ночная смена")
    # An account's number is dragged onto a folder; the other trees stay open.
    for kind in ("contract", "account"):
        page.locator(f"#billing [data-node^='{kind}:'] > .node [data-twist]").first.click()
    page.locator(f"#billing [data-node='number:{one.pk}'] > .node").drag_to(node(visitor, "Ночная смена"))
    expect(numbers_in(visitor, "Ночная смена")).to_have_text("1")
    expect(numbers_in(visitor, "Цех")).to_have_text("1")
    # By keyboard: marked with Space in the tree of folders, and the path is typed.
    line = page.locator(f"#folders [data-node='number:{two.pk}']")
    line.focus()
    page.keyboard.press("Space")
    act(visitor, "move")
    page.locator("#folder-dialog input[name=path]").fill("цех / ночная смена")
    page.keyboard.press("Enter")
    expect(numbers_in(visitor, "Ночная смена")).to_have_text("2")
    # A folder cannot go into itself; it is said, and nothing happens.
    node(visitor, "Цех").drag_to(node(visitor, "Ночная смена"))
    expect(page.locator(".toast.error")).to_be_visible()
    expect(numbers_in(visitor, "Цех")).to_have_text("2")
    node(visitor, "Ночная смена").locator("[data-mark]").click()
    act(visitor, "delete")
    expect(page.locator("#folder-dialog")).to_contain_text("2")
    page.locator("#folder-dialog button[type=submit]").click()
    expect(node(visitor, "Ночная смена")).to_have_count(0)
    expect(numbers_in(visitor, "Цех")).to_have_text("2")


def test_V3_the_structure_goes_out_and_in_and_costs_are_shown(visitor: Visitor, demo: Demo, tmp_path: Path) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    visitor.open("/folders/")
    expect(page.locator("table tfoot")).to_be_visible()
    with page.expect_download() as download:
        page.locator("a[href='/folders/export/']").click()
    file = tmp_path / "folders.xlsx"
    download.value.save_as(file)
    visitor.open("/folders/import/")
    page.locator("main input[type=file]").set_input_files(file)
    page.locator("main form button.main").click()
    expect(page.locator("main table tbody tr").first).to_be_visible(timeout=30_000)
    # What came out changes nothing when it comes in.
    expect(page.locator("main .badge.good, main .badge.bad")).to_have_count(0)
    assert demo.lines(ACCOUNT)
