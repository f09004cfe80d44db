"""Every address × a session whose last proof is old: as `fresh.py` says, those of its list ask again, no other does."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.matrix.fresh import FRESH
from tests.matrix.row import NOT_ALLOWED, Made, location
from tests.matrix.table import TABLE
from tests.matrix.test_walk import browser_of

ASKS, REFUSES, GOES_ON = "asks", "refuses", "goes on"


def test_every_sensitive_address_is_an_address() -> None:
    assert set(TABLE) >= FRESH


@pytest.mark.parametrize("name", [pytest.param(name, id=f"{name}-again") for name in TABLE])
def test_V8_a_sensitive_address_asks_for_a_new_proof_and_no_other(name: str, cast: Cast) -> None:
    row = TABLE[name]
    made = row.made(cast)
    browser = browser_of(row, "owner", cast, made)
    session = browser.session
    del session["account_authentication_methods"]
    session.save()
    responses = [ask(browser, method, name, made) for method in ("get", "post")]
    found = {answer_of(response) for response in responses} - {REFUSES}
    assert (ASKS in found) == (name in FRESH)
    assert name not in FRESH or found == {ASKS}
    # Not earlier: closing an answer closes the database of this thread too.
    for response in responses:
        response.close()


def ask(browser: Client, method: str, name: str, made: Made) -> HttpResponse:
    address = location(name, made.kwargs)
    response: HttpResponse = getattr(browser, method)(address, made.data if method == "post" else None)
    return response


def answer_of(response: HttpResponse) -> str:
    if response.status_code == NOT_ALLOWED:
        return REFUSES
    return ASKS if response.headers.get("Location", "").startswith(reverse("login_again") + "?") else GOES_ON
