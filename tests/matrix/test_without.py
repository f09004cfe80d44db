"""Every right of a client but the one that a page asks for is not enough, whatever the page checks besides (V8)."""

import pytest
from django.http import HttpResponse

from abonent.access.models import Role, Seat
from abonent.access.rights import CLIENT_RIGHTS, Right
from tests.cast import Cast
from tests.conftest import logged_in
from tests.matrix.rights import ASKED, OPEN
from tests.matrix.row import FORBIDDEN, GONE_ON, OK, location, name_of
from tests.matrix.table import TABLE
from tests.matrix.test_walk import undone

pytestmark = pytest.mark.django_db

OF_CLIENTS = [name for name, row in TABLE.items() if row.owner != "olga"]


def test_V8_every_page_of_a_client_is_known_with_what_it_asks_for() -> None:
    assert {name_of(name) for name in OF_CLIENTS} == ASKED.keys() | OPEN
    assert not ASKED.keys() & OPEN


@pytest.mark.parametrize("name", [name for name in OF_CLIENTS if name_of(name) in ASKED])
def test_V8_every_other_right_is_not_enough(name: str, cast: Cast) -> None:
    made = TABLE[name].made(cast)
    address = location(name, made.kwargs)
    others = with_rights(cast, "without", CLIENT_RIGHTS - ASKED[name_of(name)])
    whole = with_rights(cast, "whole", CLIENT_RIGHTS)
    methods = [("get", TABLE[name].get), ("post", TABLE[name].post)]
    answers = [
        (ask(others, method, address, made.data), ask(whole, method, address, made.data))
        for method, expected in methods
        if expected.owner in {OK, GONE_ON}
    ]
    assert answers
    found = [(refused.status_code, may.status_code) for refused, may in answers]
    # Not earlier: closing an answer closes the database of this thread too.
    for response in (response for pair in answers for response in pair):
        response.close()
    assert all(refused == FORBIDDEN != may for refused, may in found), found


def with_rights(cast: Cast, key: str, rights: frozenset[Right]) -> Seat:
    """Kolya over the whole company, in a role that has these."""
    role = Role.objects.create(client=cast.company, key=key, own_name=key, own_rights=sorted(rights))
    return Seat.objects.give(cast.kolya.person, role, cast.company)


def ask(seat: Seat, method: str, address: str, data: dict[str, object]) -> HttpResponse:
    with undone():
        answer: HttpResponse = getattr(logged_in(seat), method)(address, data if method == "post" else None)
    return answer
