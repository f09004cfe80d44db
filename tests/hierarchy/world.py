"""What the tests of folders share: a small tree, seats of each reach, and the check that stays chain."""

import itertools

from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.clients.models import Folder
from abonent.hierarchy import folders
from abonent.subscribers.models import FolderStay, Subscriber
from tests.cast import Cast, person


def role(cast: Cast, *rights: Right, key: str = "keeper") -> Role:
    return Role.objects.create(client=cast.company, key=key, own_name=key, own_rights=[right.value for right in rights])


def whole(cast: Cast) -> Seat:
    """Somebody who sees all of the company."""
    return Seat.objects.give(person("Vera", "375291000021", "vera@example.com"), role(cast, *Right), cast.company)


def keeper(cast: Cast, *bound: Folder) -> Seat:
    """Somebody bound to folders, who may change what is below them."""
    rights = [right for right in Right if not right.is_operators]
    given = role(cast, *rights, key="folder-keeper")
    who = person("Petr", "375291000022", "petr@example.com")
    return Seat.objects.give(who, given, cast.company, folders=[folder.pk for folder in bound])


def tree(seat: Seat, *paths: str) -> dict[str, Folder]:
    """Folders by path, made in order: `Minsk`, `Minsk/Sales`."""
    made: dict[str, Folder] = {}
    for path in paths:
        above, _slash, name = path.rpartition("/")
        made[path] = folders.create(seat, name, made[above].pk if above else None)
    return made


def put(line: Subscriber, folder: Folder | None) -> None:
    """Where a line stood before the test begins, without a stay."""
    Subscriber.objects.filter(pk=line.pk).update(folder=folder)


def folder_of(line: Subscriber) -> int | None:
    return Subscriber.objects.get(pk=line.pk).folder_id


def chains(line: Subscriber) -> bool:
    """Stays follow each other, none empty, none overlapping, and the last open one is where the line is."""
    stays = list(FolderStay.objects.filter(subscriber=line).order_by("start", "pk"))
    for one, following in itertools.pairwise(stays):
        if one.end is None or one.end > following.start:
            return False
    if any(stay.end is not None and stay.end <= stay.start for stay in stays):
        return False
    return [stay.folder_id for stay in stays if stay.end is None] == [key for key in [folder_of(line)] if key]
