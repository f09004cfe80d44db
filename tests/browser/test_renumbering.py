"""S13, S14: from the card to another number and another SIM, with the keyboard where it matters."""

import re

import pytest
from playwright.sync_api import expect

from abonent.demo.people import SERGEI
from abonent.lib.phones import pretty
from tests.browser.running import Demo
from tests.browser.test_orders import confirm, wait_until_done
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
ACCOUNT = "00020100001"


def test_S13_a_number_is_chosen_out_of_an_offer(visitor: Visitor, demo: Demo) -> None:
    page, line = visitor.page, demo.lines(ACCOUNT)[40]
    visitor.log_in(SERGEI)
    visitor.open(f"/subscribers/{line.pk}/")
    page.locator(f"a[href='/subscribers/{line.pk}/number/']").first.click()
    expect(visitor.heading()).to_have_text(visitor.words("Change of number"))
    expect(page.locator("input[name=number]")).to_have_count(0)
    # The second category, by the keyboard alone.
    page.locator("button[name=category]").nth(1).focus()
    page.keyboard.press("Enter")
    numbers = page.locator("input[name=number]")
    expect(numbers).to_have_count(6)
    numbers.first.focus()
    page.keyboard.press("Space")
    chosen = numbers.first.get_attribute("value") or ""
    page.keyboard.press("Enter")
    expect(visitor.heading()).to_contain_text(pretty(chosen))
    expect(page.locator(".receipt")).to_contain_text("12,50")
    confirm(visitor)
    wait_until_done(visitor)
    visitor.open(f"/subscribers/{line.pk}/")
    expect(visitor.heading()).to_contain_text(re.compile(chosen[-2:]))
    expect(page.locator("main")).not_to_contain_text(line.number)
    assert chosen in {known.number for known in demo.lines(ACCOUNT)}


def test_S14_a_sim_is_found_by_its_last_digits(visitor: Visitor, demo: Demo) -> None:
    page = visitor.page
    # Somebody's: a device's SIM is replaced by the operator.
    line = next(known for known in demo.lines(ACCOUNT)[41:] if known.last_name.isalpha())
    visitor.log_in(SERGEI)
    visitor.open(f"/subscribers/{line.pk}/sim/")
    sims = page.locator("#sims button[name=iccid]")
    expect(sims).to_have_count(8)
    wanted = sims.nth(4).get_attribute("value") or ""
    page.locator("input[name=iccid]").press_sequentially(wanted[-4:])
    expect(sims).to_have_count(1)
    expect(sims).to_have_text(wanted)
    page.keyboard.press("Enter")
    expect(page.locator("#verdicts")).to_be_visible()
    expect(page.locator("main tbody")).to_contain_text(wanted)
    confirm(visitor)
    wait_until_done(visitor)
    visitor.open(f"/subscribers/{line.pk}/")
    expect(page.locator("main")).to_contain_text(wanted)
    visitor.open(f"/subscribers/{line.pk}/sim/")
    expect(page.locator(f"#sims button[value='{wanted}']")).to_have_count(0)
