"""`request.seat`: read from the database at each request, so that a right taken away works at once."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

from abonent import profile
from abonent.access.address import origin_of
from abonent.access.models import Person, Seat
from abonent.access.proof import has_second_factor
from abonent.access.sessions import SessionStore

SEAT = "seat"


def seat_middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        seat: Seat | None = None
        store = request.session
        if isinstance(store, SessionStore):
            store.came_from(origin_of(request))
        # Without a session cookie there is nobody: pages for everybody do not touch the database.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            seat = seat_of(request, request.user)
            if isinstance(store, SessionStore):
                store.touch()
            speak(request, request.user.language)
        locked = seat is not None and wants_second_factor(seat) and not has_second_factor(request, request.user)
        request.seat = None if locked else seat  # type: ignore[attr-defined]  # typed in SeatRequest
        # The guard leads to the second factor instead of to the choice of seats.
        request.locked_seat = seat if locked else None  # type: ignore[attr-defined]  # the same
        return get_response(request)

    return middleware


def seat_of(request: HttpRequest, person: Person) -> Seat | None:
    """The seat that this session has taken, if it is still in force."""
    taken: int | None = request.session.get(SEAT)
    if taken is None:
        return None
    found = Seat.objects.in_force().filter(pk=taken, person=person)
    seat = found.select_related("role", "client").first()
    if seat is not None:
        seat.person = person
    return seat


def wants_second_factor(seat: Seat) -> bool:
    """Whether `seat` may be used only after a log-in with a second factor: its client, or the operator, says so."""
    return seat.client.second_factor if seat.client else profile.current().login.staff_second_factor


def speak(request: HttpRequest, language: str) -> None:
    """Answer in the language that the person chose, whatever the browser prefers."""
    if language and language != translation.get_language():
        translation.activate(language)
        request.LANGUAGE_CODE = language
