"""What a manager does with the people of a client: give roles, block, take away, end sessions (V8).

Everything here is about the manager's own client: a person's roles elsewhere, and what they log in by, are not touched.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from abonent.access.giving import Refusal, may_touch
from abonent.access.grants import Grant, RefusedError, See, names_of
from abonent.access.keeping import keeping_administrators
from abonent.access.middleware import SEAT
from abonent.access.models import LoginSession, Person, Seat
from abonent.access.models.seats import SeatQuerySet
from abonent.access.rights import Right
from abonent.access.sessions import SessionStore
from abonent.audit.journal import Origin, record
from abonent.clients.models import Client
from abonent.lib import clock


def give(giver: Seat, person: Person, grant: Grant, see: See, origin: Origin) -> Seat:
    """Give `person` one more role; RefusedError where the giver may not, or the person has it already."""
    with keeping_administrators(client_of(giver)):
        still_manages(giver)
        grant.check(giver, see)
        seat = grant.give(person, giver)
        _note(giver, "access.seat", seat, origin, after={"person": person.name, **grant.told(giver, see)})
    return seat


def end(giver: Seat, seat: Seat, see: See, origin: Origin) -> None:
    """Take the role away, at once; what was remains known."""
    with keeping_administrators(client_of(giver)):
        still_manages(giver)
        _end(giver, _locked(giver, seat, see), see, origin)


def remove(giver: Seat, person: Person, seats: SeatQuerySet, see: See, origin: Origin) -> int:
    """Take away all of `seats` of `person`: all or none; how many there were."""
    with keeping_administrators(client_of(giver)):
        still_manages(giver)
        theirs = list(seats.filter(person=person).order_by("pk"))
        for seat in theirs:
            _end(giver, _locked(giver, seat, see), see, origin)
        end_sessions(giver, person, origin)
    return len(theirs)


def block(giver: Seat, seat: Seat, see: See, origin: Origin) -> None:
    """The person cannot act from this role until it is unblocked; works at their next click."""
    _set_blocked(giver, seat, see, origin, blocked=True)


def unblock(giver: Seat, seat: Seat, see: See, origin: Origin) -> None:
    _set_blocked(giver, seat, see, origin, blocked=False)


def set_term(
    giver: Seat, seat: Seat, since: dt.datetime | None, until: dt.datetime | None, see: See, origin: Origin
) -> None:
    """From when to when the role holds; `since` None leaves its beginning as it is. A beginning that was stays."""
    with keeping_administrators(client_of(giver)):
        still_manages(giver)
        current = _locked(giver, seat, see)
        began = current.valid_from
        start = began if since is None or began <= clock.now() else since
        grant = replace(grant_of(current), since=start, until=until)
        grant.check(giver, see)
        before = {"since": began, "until": current.valid_to}
        current.valid_from, current.valid_to = start, until
        current.save(update_fields=["valid_from", "valid_to"])
        _note(giver, "access.seat-term", current, origin, before=before, after={"since": start, "until": until})


def end_sessions(giver: Seat, person: Person, origin: Origin) -> int:
    """End the sessions of `person` that act for the giver's client, or for nobody else's; how many."""
    client = client_of(giver)
    elsewhere = Seat.objects.of(person).exclude(client=client).exists()
    here = set(Seat.objects.filter(person=person, client=client).values_list("pk", flat=True))
    ended = 0
    for session in LoginSession.objects.filter(person=person):
        acts = SessionStore().decode(session.session_data).get(SEAT)
        if acts in here or not elsewhere:
            ended += session.delete()[0]
    record(
        giver.actor(),
        "access.sessions-end",
        target=("person", person.pk, person.name),
        client_id=giver.client_id,
        after={"sessions": ended},
        origin=origin,
    )
    return ended


def still_manages(giver: Seat) -> None:
    """RefusedError where the giver lost the role, or its right, since the request began."""
    found = Seat.objects.in_force().filter(pk=giver.pk).select_related("role").first()
    if found is None or not found.has(Right.MANAGE_PEOPLE):
        raise RefusedError(Refusal("giver", _("You do not manage people here any more.")))


def grant_of(seat: Seat) -> Grant:
    targets = tuple(sorted(seat.target_ids))
    return Grant(seat.role, Seat.Reach(seat.reach), targets, seat.valid_from, seat.valid_to)


def client_of(giver: Seat) -> Client:
    if giver.client is None:
        raise RefusedError(Refusal("role", _("There is no such role.")))
    return giver.client


def _locked(giver: Seat, seat: Seat, see: See) -> Seat:
    """The seat as it is now; RefusedError where the giver may not touch it, or it is over."""
    current = Seat.objects.select_related("role", "person", "client").get(pk=seat.pk)
    if current.valid_to is not None and current.valid_to <= clock.now():
        raise RefusedError(Refusal("over", _("This role has been taken away already.")))
    seen = see(giver, current.target_ids) if current.reach == Seat.Reach.SUBSCRIBERS else {}
    refusal = may_touch(giver, current, seen=seen)
    if refusal is not None:
        raise RefusedError(refusal)
    return current


def _end(giver: Seat, seat: Seat, see: See, origin: Origin) -> None:
    now = clock.now()
    told = {"person": seat.person.name, "targets": names_of(giver, Seat.Reach(seat.reach), seat.target_ids, see)}
    _note(giver, "access.seat-end", seat, origin, before={**told, "until": seat.valid_to}, after={"until": now})
    if seat.valid_from >= now:
        # It never held.
        seat.delete()
        return
    seat.valid_to = now
    seat.save(update_fields=["valid_to"])


def _set_blocked(giver: Seat, seat: Seat, see: See, origin: Origin, *, blocked: bool) -> None:
    with keeping_administrators(client_of(giver)):
        still_manages(giver)
        current = _locked(giver, seat, see)
        if current.blocked == blocked:
            return
        current.blocked = blocked
        current.save(update_fields=["blocked"])
        action = "access.seat-block" if blocked else "access.seat-unblock"
        _note(giver, action, current, origin, before={"blocked": not blocked}, after={"blocked": blocked})


def _note(
    giver: Seat,
    action: str,
    seat: Seat,
    origin: Origin,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    label = f"{seat.person.name} · {seat.role.name}"
    record(
        giver.actor(),
        action,
        target=("seat", seat.pk, label),
        client_id=giver.client_id,
        before=before,
        after=after,
        origin=origin,
    )
