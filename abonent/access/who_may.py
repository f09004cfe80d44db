"""Who may do something somewhere, and why (V8): the matrix of people, rights and places, by sets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from abonent.access.models import Role, Seat, SeatTarget
from abonent.access.models.seats import SeatQuerySet
from abonent.access.rights import Right
from abonent.clients.models import Client, Folder
from abonent.lib import clock

Reach = Seat.Reach
NOBODY: frozenset[int] = frozenset()


class State(StrEnum):
    """Whether a seat gives something at this moment. One that is over is not named at all."""

    NOW = "now"
    BLOCKED = "blocked"
    TO_COME = "to come"


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked about, by ids: what covers the whole of it, and (`part_…`) what has something in common with it.

    A seat over the whole client covers every place. `whole_client` asks about the client itself: all others have a part
    of that. `subscribers.places` makes places of accounts, folders and numbers.
    """

    client: Client
    whole_client: bool = False
    accounts: frozenset[int] = NOBODY
    folders: frozenset[int] = NOBODY
    subscribers: frozenset[int] = NOBODY
    part_accounts: frozenset[int] = NOBODY
    part_folders: frozenset[int] = NOBODY
    part_subscribers: frozenset[int] = NOBODY

    def covering(self) -> Iterator[tuple[Reach, frozenset[int]]]:
        yield Reach.ACCOUNTS, self.accounts
        yield Reach.FOLDERS, self.folders
        yield Reach.SUBSCRIBERS, self.subscribers

    def touching(self) -> Iterator[tuple[Reach, frozenset[int]]]:
        yield Reach.ACCOUNTS, self.part_accounts
        yield Reach.FOLDERS, self.part_folders
        yield Reach.SUBSCRIBERS, self.part_subscribers


@dataclass(frozen=True, slots=True)
class Answer:
    """One seat that may. `whole`: over the whole place, else over a part; `through`: those of its targets that say so.

    `through` is empty for a seat over the whole client. Person, role and giver are read with the seat.
    """

    seat: Seat
    whole: bool
    through: tuple[int, ...]
    state: State


def who_may(right: Right, place: Place) -> list[Answer]:
    """Whoever may do `right` in `place`, or in a part of it, by name; those who are blocked or yet to begin, too."""
    seats = _with_right(place.client, right)
    whole = _targets(seats, place.covering())
    part = _targets(seats, place.touching())
    everywhere = Q(reach=Reach.CLIENT)
    concerned = seats if place.whole_client else seats.filter(everywhere | Q(pk__in=[*whole, *part]))
    found = concerned.select_related("person", "role", "given_by").order_by("person__name", "pk")
    if place.whole_client:
        part = _targets(seats, None)
    return [
        Answer(
            seat,
            whole=seat.reach == Reach.CLIENT or seat.pk in whole,
            through=tuple(whole.get(seat.pk) or part.get(seat.pk) or ()),
            state=state_of(seat),
        )
        for seat in found
    ]


def over_each_folder(client: Client, right: Right) -> dict[int, frozenset[int]]:
    """By folder, the ids of the people who may do `right` in the whole of it now: for all folders of `client` at once.

    Whoever has a folder has those below it, so each takes over the set of its parent; most share one object.
    """
    seats = _with_right(client, right).in_force()
    everywhere = frozenset(seats.filter(reach=Reach.CLIENT).values_list("person_id", flat=True))
    own: dict[int, set[int]] = {}
    of_folders = SeatTarget.objects.filter(seat__in=seats.filter(reach=Reach.FOLDERS))
    for folder, person in of_folders.values_list("target", "seat__person_id"):
        own.setdefault(folder, set()).add(person)
    parents: dict[int, int | None] = dict(
        Folder.objects.filter(client=client).order_by().values_list("pk", "parent_id")
    )
    known: dict[int, frozenset[int]] = {}
    for folder in parents:
        trail = _unknown_above(folder, parents, known)
        above = known.get(parents[trail[-1]] or 0, everywhere) if trail else everywhere
        for step in reversed(trail):
            above = known[step] = above | own[step] if step in own else above
    return known


def _unknown_above(folder: int, parents: dict[int, int | None], known: dict[int, frozenset[int]]) -> list[int]:
    """The folder and those above it up to the first known one; a circle, which must not be, ends it."""
    trail: dict[int, None] = {}
    at: int | None = folder
    while at is not None and at not in known and at not in trail and at in parents:
        trail[at] = None
        at = parents[at]
    return list(trail)


def _with_right(client: Client, right: Right) -> SeatQuerySet:
    roles = [role.pk for role in Role.objects.of(client) if right in role.rights]
    return Seat.objects.lasting().filter(client=client, role__in=roles)


def _targets(seats: SeatQuerySet, places: Iterable[tuple[Reach, frozenset[int]]] | None) -> dict[int, list[int]]:
    """By seat, those of its targets that are in one of `places` (None: all of them)."""
    found: dict[int, list[int]] = {}
    wanted = Q() if places is None else Q(pk=None)
    for reach, ids in places or ():
        if ids:
            wanted |= Q(seat__reach=reach, target__in=ids)
    named = SeatTarget.objects.filter(wanted, seat__in=seats).order_by("target")
    for seat, target in named.values_list("seat_id", "target"):
        found.setdefault(seat, []).append(target)
    return found


def state_of(seat: Seat) -> State:
    """Of a seat that is not over, whose person was read with it."""
    if seat.blocked or not seat.person.is_active:
        return State.BLOCKED
    return State.TO_COME if seat.valid_from > clock.now() else State.NOW
