"""V2: a tree beside the current selection, with the mouse, by the keyboard, kept over a log-out, and an order of it."""

import re

import pytest
from playwright.sync_api import Locator, expect

from abonent.demo.people import SERGEI
from abonent.demo.selections import NAME
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ACCOUNT = "00020100001"
DONE_MS = 60_000


def node(visitor: Visitor, label: str) -> Locator:
    own_label = visitor.page.locator(":scope > .node > .node-label", has_text=label)
    return visitor.page.locator("#tree [role=treeitem]", has=own_label)


def count(visitor: Visitor) -> int:
    """The figure in the heading of the selection."""
    found = re.search(r"\(([\d\s]+)\)", visitor.page.locator("#selection-heading").inner_text())
    assert found is not None
    return int("".join(found.group(1).split()))


def below(item: Locator) -> int:
    return int("".join(item.locator("> .node .node-count").inner_text().split()))


def show_accounts(visitor: Visitor) -> None:
    """The page with an empty selection, opened down to the accounts."""
    visitor.open("/numbers/?tree=billing")
    if count(visitor):
        visitor.button("Empty it").click()
        expect(visitor.page.locator("#selection .empty")).to_be_visible()
    visitor.page.locator('#tree [data-node^="contract:"] > .node [data-twist]').click()
    expect(node(visitor, ACCOUNT)).to_be_visible()


def test_V2_an_account_is_dragged_across_and_a_line_back(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    show_accounts(visitor)
    account = node(visitor, ACCOUNT)
    account.locator("> .node").drag_to(page.locator("#selection"))
    expect(page.locator("#selection tbody tr").first).to_be_visible()
    whole = below(account)
    assert count(visitor) == whole
    expect(page.locator("#selection-heading")).to_contain_text(visitor.words("one contract"))
    expect(page.locator("#news")).not_to_be_empty()
    page.locator("#selection tbody tr .lead").first.drag_to(page.locator("#tree-heading + .tree-tools"))
    expect(page.locator("#selection-heading")).to_contain_text(re.compile(rf"\({(whole - 1):,}".replace(",", ".?")))


def test_V2_by_the_keyboard_alone_several_at_once_and_lazily(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    show_accounts(visitor)
    tree = page.locator("#tree")
    tree.locator('[tabindex="0"]').first.focus()
    for key in ("Home", "ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    account = node(visitor, ACCOUNT)
    expect(account).to_be_focused()
    expect(account).to_have_attribute("aria-expanded", "true")
    expect(account.locator("[data-node]").first).to_be_visible()
    for key in ("ArrowRight", "Space", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    expect(tree.locator('[aria-selected="true"]')).to_have_count(3)
    visitor.button("Add to the selection").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#selection tbody tr")).to_have_count(3)
    assert count(visitor) == 3
    # What goes out again is ticked, here with the space bar.
    page.locator("#selection input[name=pick]").first.focus()
    page.keyboard.press("Space")
    visitor.button("Take out of the selection").click()
    expect(page.locator("#selection tbody tr")).to_have_count(2)
    expect(page.locator("[data-selection-bar]")).to_be_hidden()
    account.focus()
    page.keyboard.press("ArrowLeft")
    expect(account).to_have_attribute("aria-expanded", "false")


def test_V2_nothing_marked_is_said_aloud(visitor: Visitor) -> None:
    visitor.log_in(SERGEI)
    show_accounts(visitor)
    visitor.button("Add to the selection").click()
    expect(visitor.page.locator("#news")).to_have_text(visitor.words("Mark something in the tree first."))


def test_V2_filter_both_sides_save_leave_and_come_back(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    show_accounts(visitor)
    page.locator("#find").fill("ковал")
    expect(page.locator('#tree [data-node^="number:"]').first).to_be_visible()
    visitor.button("Add all that match").click()
    expect(page.locator("#selection tbody tr").first).to_be_visible()
    found = count(visitor)
    assert found > 0
    number = page.locator("#selection tbody tr .lead").last.inner_text()
    page.locator("#selection input[type=search]").fill("".join(filter(str.isdigit, number)))
    expect(page.locator("#selection tbody tr")).to_have_count(1)
    name = f"Ковалёвы {visitor.page.evaluate('Date.now()')}"
    page.locator("#selection summary", has_text=visitor.words("Saved selections")).click()
    visitor.button("Save, rename, delete").click()
    page.locator("#saved input[name=name]").first.fill(name)
    visitor.button("Save the current selection").click()
    expect(page.locator(".toast")).to_contain_text(name)
    # A page that still asks something of the server would go to the log-in by itself, and cut this one short.
    page.goto("about:blank")
    page.context.clear_cookies()
    visitor.log_in(SERGEI)
    visitor.open("/numbers/")
    assert count(visitor) == found
    page.locator("#selection summary", has_text=visitor.words("Saved selections")).click()
    page.locator("#selection .menu-body button", has_text=NAME).click()
    expect(page.locator(".toast")).to_contain_text(NAME)
    # «Выбранные»: the tree of the own folders shows nothing but what is selected.
    visitor.open("/numbers/?tree=folders&only=selected")
    expect(page.locator('#tree [data-node^="folder:"]')).to_have_count(1)


def test_V2_an_order_starts_from_the_selection(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in(SERGEI)
    show_accounts(visitor)
    node(visitor, ACCOUNT).locator("> .node [data-twist]").click()
    line = node(visitor, ACCOUNT).locator('[data-node^="number:"]').nth(4)
    line.locator("> .node").click()
    visitor.button("Add to the selection").click()
    expect(page.locator("#selection tbody tr")).to_have_count(1)
    page.locator(".starts summary", has_text=visitor.words("Place an order")).click()
    page.locator(".starts .menu-body a", has_text=visitor.words("Connect a service")).click()
    page.locator("select[name=category]").select_option(index=1)
    page.locator("select[name=service]").select_option(index=1)
    visitor.button("Continue").click()
    expect(page.locator("#verdicts")).to_be_visible(timeout=DONE_MS)
    expect(page.locator("main tbody tr")).to_have_count(1)
