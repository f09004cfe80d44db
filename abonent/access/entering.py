"""Logging in and out, and taking a seat: sessions, language and journal."""

from django.contrib.auth import logout
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from abonent.access.adapter import let_in
from abonent.access.address import origin_of
from abonent.access.middleware import SEAT
from abonent.access.models import Identifier, Person, Seat
from abonent.access.proof import SECOND
from abonent.access.rights import BuiltIn
from abonent.access.sessions import BY_PASSKEY, VIA
from abonent.audit.journal import record
from abonent.clients.models import Account

NARROW_FIRST = [BuiltIn.SUBSCRIBER, BuiltIn.ADMINISTRATOR, BuiltIn.SUPERVISOR, BuiltIn.OPERATOR]


def offered_seats(person: Person, via: Identifier | None) -> list[Seat]:
    """Answer the seats of `person`, the likeliest first (S0.2).

    By account number it is the one that covers that account, by phone the own number, by e-mail the widest.
    """
    seats = list(Seat.objects.of(person))
    order: dict[str, int] = {role: place for place, role in enumerate(NARROW_FIRST)}
    # A client's own role comes after the built-in ones: its key is in no table.
    seats.sort(key=lambda seat: order.get(seat.role.key, len(order)))
    if via is None or via.kind == Identifier.Kind.PHONE:
        return seats
    if via.kind == Identifier.Kind.EMAIL:
        return seats[::-1]
    return sorted(seats, key=lambda seat: not covers(seat, via.value))


def covers(seat: Seat, account_number: str) -> bool:
    return Account.objects.within(seat).filter(number=account_number).exists()


def enter(request: HttpRequest, identifier: Identifier, method: str, then: str) -> HttpResponseBase:
    """Log in whoever proved `identifier`; a person's only seat is taken at once. The answer redirects to `then`.

    Somebody with a second factor is asked for it first: the answer leads there, and nobody is logged in yet.
    """
    request.session[VIA] = identifier.pk
    answer = let_in(request, identifier.person, method, then)
    if request.user.is_authenticated:
        arrive(request, identifier.person, method)
    return answer


def enter_by_passkey(request: HttpRequest, person: Person, passkey: str, then: str) -> HttpResponseBase:
    """Log in whoever proved a passkey of theirs, which is both factors in one; `passkey` is its name."""
    request.session[VIA] = BY_PASSKEY
    answer = let_in(request, person, SECOND, then)
    arrive(request, person, "passkey", ("passkey", "", passkey))
    return answer


def arrive(request: HttpRequest, person: Person, method: str, target: tuple[str, int | str, str] | None = None) -> None:
    """What follows a log-in: the only seat is taken, and the journal says it."""
    via = via_of(request, person)
    seats = offered_seats(person, via)
    if len(seats) == 1:
        request.session[SEAT] = seats[0].pk
    record(
        person.actor(),
        "access.login",
        target=target or (("identifier", via.kind, via.value) if via else None),
        client_id=seats[0].client_id if seats else None,
        after={"method": method},
        origin=origin_of(request),
    )


def via_of(request: HttpRequest, person: Person) -> Identifier | None:
    """What this session was opened with, if the person still has it."""
    pk: int | None = request.session.get(VIA)
    return person.identifiers.filter(pk=pk).first() if pk else None


def take_seat(request: HttpRequest, seat: Seat) -> None:
    """Act from `seat` from now on, in this session alone (S0.4)."""
    before: Seat | None = getattr(request, "seat", None)
    request.session.cycle_key()
    request.session[SEAT] = seat.pk
    record(
        seat.actor(),
        "access.switch",
        target=("seat", seat.pk, seat.label),
        client_id=seat.client_id,
        before={"seat": before.label} if before else None,
        after={"seat": seat.label},
        origin=origin_of(request),
    )


def leave(request: HttpRequest, person: Person) -> None:
    """Log out of this session."""
    seat: Seat | None = getattr(request, "seat", None)
    record(person.actor(), "access.logout", client_id=seat.client_id if seat else None, origin=origin_of(request))
    logout(request)
