"""Behind the guard of the staff's pages stands a second one: what is asked of the database is within the seat (V9)."""

from contextlib import closing

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from abonent.access.models import Seat
from tests.cast import Cast
from tests.matrix.operator import a_payment, a_statement, an_appeal, to_collect
from tests.matrix.row import GONE_ON, OK, location
from tests.matrix.table import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

OF_WHAT = {"operator_appeals": an_appeal, "operator_payments": a_payment, "operator_collecting": to_collect}
OBJECTS = [name for name in TABLE if name.startswith(tuple(one.rstrip("s") for one in OF_WHAT)) and name not in OF_WHAT]
OBJECTS += ["operator_statement", "operator_statement_progress"]


def asked_by(seat: Seat, address: str, data: dict[str, object] | None = None) -> HttpResponse:
    """What the page answers this seat where nobody asks whether it has the right; with `data` it is posted."""
    found = resolve(address)
    request = RequestFactory().get(address) if data is None else RequestFactory().post(address, data)
    request.user, request.session = seat.person, SessionStore()
    request.seat, request.locked_seat = seat, None  # type: ignore[attr-defined]  # as the middleware leaves them
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]  # noqa: SLF001  # likewise
    response: HttpResponse = found.func.view(request, *found.args, **found.kwargs)  # type: ignore[attr-defined]  # a Guarded
    return response


@pytest.mark.parametrize("name", OBJECTS)
def test_V9_what_the_staff_open_is_not_there_for_somebody_of_a_client(name: str, cast: Cast) -> None:
    made = TABLE[name].made(cast)
    data = None if TABLE[name].get.owner == OK else made.data
    with pytest.raises(Http404):
        asked_by(cast.stas, location(name, made.kwargs), data)
    with closing(asked_by(cast.olga, location(name, made.kwargs), data)) as response:
        assert response.status_code in {OK, GONE_ON}


@pytest.mark.parametrize("name", OF_WHAT)
def test_V9_what_the_staff_list_is_empty_for_somebody_of_a_client(name: str, cast: Cast) -> None:
    key = OF_WHAT[name](cast).kwargs["pk"]
    listed = f"{location(name, {})}{key}/"
    assert listed in asked_by(cast.olga, location(name, {})).content.decode()
    assert listed not in asked_by(cast.stas, location(name, {})).content.decode()
    if name == "operator_payments":
        statement = location("operator_statement", a_statement(cast).kwargs)
        assert statement in asked_by(cast.olga, location(name, {})).content.decode()
        assert statement not in asked_by(cast.stas, location(name, {})).content.decode()
