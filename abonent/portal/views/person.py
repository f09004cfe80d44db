"""One person, as the manager of a client sees them: the roles here, and what can be done with them (V8)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access import seating
from abonent.access.address import origin_of
from abonent.access.giving import givable, may_touch
from abonent.access.grants import RefusedError, names_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.models import Person, Seat
from abonent.access.rights import Right
from abonent.lib import phones
from abonent.portal.forms.people import DAY, GrantForm, TermForm
from abonent.portal.returning import status_of
from abonent.portal.views.people import SeatRow, last_entered
from abonent.profile import current
from abonent.subscribers.people import people_within, seats_within, seen_by

SHOWN_TARGETS = 5


@dataclass(frozen=True, slots=True)
class Card:
    """A role with everything that the page says of it; `touchable` is whether the manager may change it."""

    row: SeatRow
    over: str
    touchable: bool

    @property
    def dialog(self) -> str:
        return f"end-{self.row.seat.pk}"


@needs(Right.MANAGE_PEOPLE)
@require_safe
def person(request: SeatRequest, pk: int) -> HttpResponse:
    found = _person(request, pk)
    seats = seats_within(request.seat).filter(person=found).select_related("role", "person", "given_by")
    cards = [_card(request.seat, seat) for seat in seats.order_by("pk")]
    context = {
        "person": found,
        "cards": cards,
        "touchable": [card for card in cards if card.touchable],
        "entered": last_entered(request.seat, [found]).get(str(found.pk)),
        "may_give": bool(givable(request.seat)),
        "is_self": found == request.user,
    }
    return render(request, "people/person.html", context)


def _card(manager: Seat, seat: Seat) -> Card:
    reach = Seat.Reach(seat.reach)
    names = names_of(manager, reach, seat.target_ids, seen_by)
    seen = seen_by(manager, seat.target_ids) if reach == Seat.Reach.SUBSCRIBERS else {}
    return Card(SeatRow.of(seat), _over(reach, names), may_touch(manager, seat, seen=seen) is None)


def _over(reach: Seat.Reach, names: list[str]) -> str:
    """`accounts: 0001, 0002` with the first few by name."""
    if reach == Seat.Reach.CLIENT:
        return str(reach.label)
    more = len(names) - SHOWN_TARGETS
    readable = [phones.pretty(name) for name in names] if reach == Seat.Reach.SUBSCRIBERS else names
    listed = ", ".join(readable[:SHOWN_TARGETS]) or "–"
    tail = _(" and %(count)d more") % {"count": more} if more > 0 else ""
    return f"{reach.label}: {listed}{tail}"


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_http_methods(["GET", "POST"])
def person_give(request: SeatRequest, pk: int) -> HttpResponseBase:
    """One more role for somebody who is here already."""
    found = _person(request, pk)
    form = GrantForm(request.seat, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            seating.give(request.seat, found, form.grant, seen_by, origin_of(request))
        except RefusedError as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The role was given."))
            return _to(found)
    return render(request, "people/give.html", {"form": form, "person": found}, status=status_of(form))


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_http_methods(["GET", "POST"])
def seat_term(request: SeatRequest, pk: int) -> HttpResponseBase:
    """From when to when a role holds."""
    seat = _seat(request, pk)
    zone = current().zone
    initial: dict[str, object] = {
        "first": seat.valid_from.astimezone(zone).date(),
        "last": (seat.valid_to - DAY).astimezone(zone).date() if seat.valid_to else None,
    }
    form = TermForm(request.POST if request.method == "POST" else None, initial)
    if request.method == "POST" and form.is_valid():
        try:
            seating.set_term(request.seat, seat, form.since, form.until, seen_by, origin_of(request))
        except RefusedError as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The time of the role was changed."))
            return _to(seat.person)
    context = {"form": form, "person": seat.person, "seat": seat, "began": SeatRow.of(seat).state != "later"}
    return render(request, "people/term.html", context, status=status_of(form))


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_POST
def seat_block(request: SeatRequest, pk: int) -> HttpResponseBase:
    seat = _seat(request, pk)
    said = _("The role is blocked: it ends at the person's next click.")
    return _do(request, seat.person, lambda: seating.block(request.seat, seat, seen_by, origin_of(request)), said)


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_POST
def seat_unblock(request: SeatRequest, pk: int) -> HttpResponseBase:
    seat = _seat(request, pk)
    said = _("The role can be used again.")
    return _do(request, seat.person, lambda: seating.unblock(request.seat, seat, seen_by, origin_of(request)), said)


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_POST
def seat_end(request: SeatRequest, pk: int) -> HttpResponseBase:
    """Take one role away."""
    seat = _seat(request, pk)
    said = _("The role was taken away.")
    return _do(request, seat.person, lambda: seating.end(request.seat, seat, seen_by, origin_of(request)), said)


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_POST
def person_remove(request: SeatRequest, pk: int) -> HttpResponseBase:
    """Take away every role within the manager's reach, and end the sessions."""
    found = _person(request, pk)
    seats = seats_within(request.seat)
    said = _("%(name)s has no role here any more.") % {"name": found.name}
    origin = origin_of(request)
    return _do(request, found, lambda: seating.remove(request.seat, found, seats, seen_by, origin), said)


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_POST
def person_sessions_end(request: SeatRequest, pk: int) -> HttpResponseBase:
    """End the person's sessions that act for this client."""
    found = _person(request, pk)
    said = _("The sessions have ended.")
    return _do(request, found, lambda: seating.end_sessions(request.seat, found, origin_of(request)), said)


def _do(request: SeatRequest, person: Person, verb: Callable[[], object], said: str) -> HttpResponseBase:
    try:
        verb()
    except RefusedError as no:
        messages.error(request, str(no))
    else:
        messages.success(request, said)
    return _to(person) if people_within(request.seat).filter(pk=person.pk).exists() else _to_list()


def _person(request: SeatRequest, pk: int) -> Person:
    return get_object_or_404(people_within(request.seat), pk=pk)


def _seat(request: SeatRequest, pk: int) -> Seat:
    return get_object_or_404(seats_within(request.seat).select_related("role", "person"), pk=pk)


def _to(person: Person) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("person", args=[person.pk]))


def _to_list() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("people"))
