"""What somebody is given: a role over a part of a client, for a time; and who may give it (V8)."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from abonent.access.giving import Refusal, may_give
from abonent.access.models import Person, Role, Seat, SeatTarget
from abonent.clients.models import Account, Folder
from abonent.lib import clock

# Those of the named subscribers that a seat sees, with their numbers: `access` knows no subscribers.
See = Callable[[Seat, Collection[int]], Mapping[int, str]]


class RefusedError(Exception):
    """What was asked may not be done; the refusal says why, to a person."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Grant:
    """`targets` are ids of accounts, folders or subscribers by `reach`; the time is [since, until), None is open."""

    role: Role
    reach: Seat.Reach
    targets: tuple[int, ...] = ()
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    def check(self, giver: Seat, see: See) -> None:
        """RefusedError where `giver` may not give this, or it is over before it begins."""
        if self.until is not None and self.until <= max(self.since or clock.now(), clock.now()):
            raise RefusedError(Refusal("term", _("The end has to come after the beginning, and after now.")))
        seen = see(giver, self.targets) if self.reach == Seat.Reach.SUBSCRIBERS else {}
        refusal = may_give(giver, self.role, self.reach, self.targets, seen=seen, until=self.until)
        if refusal is not None:
            raise RefusedError(refusal)

    def give(self, person: Person, giver: Seat) -> Seat:
        """Seat `person`, by the hand of `giver`; the same role over the same once more is refused."""
        if self.is_held_by(person, giver):
            raise RefusedError(Refusal("held", _("This person has this role already.")))
        seat = Seat.objects.create(
            person=person,
            role=self.role,
            client=giver.client,
            reach=self.reach,
            valid_from=max(self.since or clock.now(), clock.now()),
            valid_to=self.until,
            given_by=giver.person,
        )
        SeatTarget.objects.bulk_create(SeatTarget(seat=seat, target=target) for target in sorted(set(self.targets)))
        return seat

    def is_held_by(self, person: Person, giver: Seat) -> bool:
        same = Seat.objects.filter(person=person, client=giver.client, role=self.role, reach=self.reach)
        not_over = same.filter(Q(valid_to=None) | Q(valid_to__gt=clock.now()))
        return any(seat.target_ids == frozenset(self.targets) for seat in not_over)

    def told(self, giver: Seat, see: See) -> dict[str, object]:
        """As the journal keeps it."""
        return {
            "role": self.role.name,
            "reach": self.reach,
            "targets": names_of(giver, self.reach, self.targets, see),
            "since": self.since,
            "until": self.until,
        }


def names_of(giver: Seat, reach: Seat.Reach, targets: Collection[int], see: See) -> list[str]:
    """The accounts, folders or numbers as people know them, as far as `giver` sees them."""
    if reach == Seat.Reach.ACCOUNTS:
        return list(Account.objects.within(giver).filter(pk__in=targets).values_list("number", flat=True))
    if reach == Seat.Reach.FOLDERS:
        return list(Folder.objects.within(giver).filter(pk__in=targets).values_list("name", flat=True))
    return sorted(see(giver, targets).values()) if reach == Seat.Reach.SUBSCRIBERS else []
