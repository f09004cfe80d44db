"""A page says the same, to the last figure, whether another company has anything or not (V8)."""

import re

import pytest

from tests.cast import Cast
from tests.matrix.foreign import ask, owner_of, plant
from tests.matrix.row import location
from tests.matrix.test_foreign import LISTS, OWN
from tests.matrix.test_walk import body_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "english")]

# What is new each time: tokens against forgery, keys of forms, nonces, the seal of what a form has checked.
_NEW = re.compile(
    r"[0-9A-Za-z]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|nonce=\"[^\"]+\"|[\w-]+:[\w-]{6}:[\w-]{40,}"
)


@pytest.mark.parametrize("name", LISTS)
def test_V8_nothing_of_another_company_moves_a_figure(name: str, cast: Cast) -> None:
    browser, made = owner_of(OWN[name], cast)
    address = location(name, made.kwargs)
    before, again = (_NEW.sub("…", body_of(ask(browser, "get", address))) for _ in range(2))
    assert again == before, "the page is another each time"
    plant(cast)
    assert _NEW.sub("…", body_of(ask(browser, "get", address))) == before
