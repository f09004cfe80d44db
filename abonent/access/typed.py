"""What was typed into a form survives a session that ended meanwhile, and a proof that is asked for first.

It is offered to the same person alone.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from abonent.access.middleware import SEAT
from abonent.access.models import LoginSession, Person
from abonent.access.sessions import SessionStore

TYPED = "typed"
MOST_CHARACTERS = 500_000
SECRET_WORDS = ("csrf", "password", "code")


class Why(StrEnum):
    """Why a form was not taken when it was sent."""

    ENDED = "ended"
    PROOF = "proof"
    SECOND_FACTOR = "second_factor"
    LOGGED_IN_AGAIN = "logged_in_again"


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: address, fields, whose it was, whether it had files (which are not kept), and why."""

    path: str
    fields: list[tuple[str, str]]
    person_id: int
    seat_id: int | None
    had_files: bool
    why: str = Why.ENDED

    @classmethod
    def of(cls, request: HttpRequest, person: Person) -> Self | None:
        """What this session keeps for `person`."""
        kept = request.session.get(TYPED)
        if kept is None or kept["person_id"] != person.pk:
            return None
        return cls(**{**kept, "fields": [(name, value) for name, value in kept["fields"]]})


def keep_typed(request: HttpRequest) -> None:
    """Keep a posted form of somebody whose session has run out; of nobody else's, and never secrets."""
    ended = _ended_session(request)
    if ended is not None and ended.person_id is not None:
        _keep(request, ended.person_id, SessionStore().decode(ended.session_data).get(SEAT), Why.ENDED)


def keep_posted(request: HttpRequest, person: Person | AnonymousUser, why: Why) -> None:
    """Keep a posted form of `person`, who is logged in, until what is asked for first has been given."""
    if person.is_authenticated:
        _keep(request, person.pk, request.session.get(SEAT), why)


def keep_of_older_login(request: HttpRequest) -> bool:
    """Keep a form that was opened before the last log-in, if one of our own pages sent it; whether it is kept.

    What another site posts is nothing that anybody typed here.
    """
    if request.headers.get("Origin") != f"{request.scheme}://{request.get_host()}":
        return False
    keep_posted(request, request.user, Why.LOGGED_IN_AGAIN)
    return TYPED in request.session


def _keep(request: HttpRequest, person_id: int, seat_id: int | None, why: Why) -> None:
    if request.method != "POST" or request.headers.get("HX-Request"):
        return
    fields = [
        (name, str(value))
        for name, values in request.POST.lists()
        if not any(word in name.lower() for word in SECRET_WORDS)
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in fields) > MOST_CHARACTERS:
        return
    typed = Typed(request.get_full_path(), fields, person_id, seat_id, bool(request.FILES), why)
    request.session[TYPED] = asdict(typed)


def _ended_session(request: HttpRequest) -> LoginSession | None:
    """The row of the session that the browser still names, though its time is over."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return LoginSession.objects.filter(session_key=key).first() if key else None


def drop_typed(request: HttpRequest) -> None:
    request.session.pop(TYPED, None)
