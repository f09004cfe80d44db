"""Every address × GET, POST × owner, colleague without the right, stranger, anonymous: as `table.py` says."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from abonent.access.models import Seat
from tests.cast import Cast
from tests.conftest import logged_in
from tests.matrix.row import LOGIN, ROLES, Made, Row, addresses, location, name_of
from tests.matrix.table import TABLE


def test_every_address_has_a_line_and_every_line_an_address() -> None:
    known = list(addresses())
    assert sorted(set(known)) == sorted({name_of(line) for line in TABLE})
    assert len(known) == len(set(known))


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", TABLE)
def test_an_address_answers_as_the_table_says(name: str, method: str, cast: Cast) -> None:
    row = TABLE[name]
    answers = row.get if method == "get" else row.post
    words = words_of(cast)
    responses, told = {}, {}
    for role in ROLES:
        # Each of the four finds the world as it was made.
        with undone():
            responses[role] = asked(name, method, role, cast)
            body = body_of(responses[role])
        if role in {"stranger", "anonymous"}:
            told[role] = [word for word in words if word in body]
    found = {role: status_of(response) for role, response in responses.items()}
    # Not earlier: closing an answer closes the database of this thread too.
    for response in responses.values():
        response.close()
    assert found == {role: answers.of(role) for role in ROLES}
    assert told == {"stranger": [], "anonymous": []}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is not there afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(name: str, method: str, role: str, cast: Cast) -> HttpResponse:
    """What one of the four gets at an address."""
    row = TABLE[name]
    made = row.made(cast)
    browser = browser_of(row, role, cast, made)
    address = location(name, made.kwargs)
    response: HttpResponse = getattr(browser, method)(address, made.data if method == "post" else None)
    return response


def browser_of(row: Row, role: str, cast: Cast, made: Made) -> Client:
    browser = Client() if role == "anonymous" else logged_in(seat_of(row, role, cast))
    if made.session:
        session = browser.session
        session.update(made.session)
        session.save()
    return browser


def seat_of(row: Row, role: str, cast: Cast) -> Seat:
    name = {"owner": row.owner, "colleague": row.colleague, "stranger": row.stranger}[role]
    seat: Seat = getattr(cast, name)
    return seat


def status_of(response: HttpResponse) -> int:
    """The status; being sent to log in is one of its own, and only where it leads back."""
    login = response.status_code == 302 and response.headers["Location"].startswith(reverse("login") + "?next=")
    return LOGIN if login else response.status_code


def words_of(cast: Cast) -> list[str]:
    """What nobody outside the cast's first company may read anywhere."""
    numbers = [line.number for line in cast.subscribers] + [line.iccid for line in cast.subscribers]
    accounts = [cast.first.number, cast.second.number]
    return [cast.company.name, cast.company.tax_id, *accounts, *numbers]


def body_of(response: HttpResponse | StreamingHttpResponse) -> str:
    """The text that came; of a workbook, that of all its parts."""
    content = b"".join(response) if isinstance(response, StreamingHttpResponse) else response.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"".join(book.read(name) for name in book.namelist())
    return content.decode(errors="replace")
