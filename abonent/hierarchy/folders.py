"""The verbs on the client's own folders (V3). Each is one transaction that changes the tree and writes the journal.

Whoever changes a client's tree, or moves numbers in it, waits for the one before: two moves that cross make no circle.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from abonent.access.models import Seat, SeatTarget
from abonent.audit.journal import Origin, record
from abonent.clients.models import Client, Folder
from abonent.hierarchy.paths import SHOWN_SEPARATOR, Paths, alike, clean_name
from abonent.hierarchy.refusal import MAX_DEPTH, FolderRefused, Why
from abonent.lib import clock
from abonent.subscribers.models import Subscriber
from abonent.subscribers.staying import settle


@dataclass(frozen=True, slots=True)
class Going:
    """What a deletion would move to `parent` (its path; empty: out of all folders): numbers, and subfolders."""

    numbers: int
    folders: int
    parent: str


def create(seat: Seat, name: str, parent: int | None, origin: Origin | None = None) -> Folder:
    """Make a folder below `parent` (id; None: at the top). Raises FolderRefused."""
    name = clean_name(name)
    with locked(seat) as paths:
        _place_allowed(seat, paths, parent)
        _name_free(paths, parent, name)
        if _depth(parent) >= MAX_DEPTH:
            raise FolderRefused(Why.TOO_DEEP, n=MAX_DEPTH)
        made = Folder(client_id=client_of(seat), parent_id=parent, name=name)
        made.save()
        _note(seat, "hierarchy.create", made, None, {"folder": _joined(paths, parent, name)}, origin)
    return made


def rename(seat: Seat, folder: int, name: str, origin: Origin | None = None) -> Folder:
    """Give a folder another name; the same one changes nothing. Raises FolderRefused."""
    name = clean_name(name)
    with locked(seat) as paths:
        found = _changeable(seat, paths, folder)
        if found.name == name:
            return found
        _name_free(paths, paths.folders[folder].parent, name, but=folder)
        before, found.name = {"name": found.name}, name
        found.save(update_fields=["name"])
        _note(seat, "hierarchy.rename", found, before, {"name": name}, origin)
    return found


def move(seat: Seat, folder: int, parent: int | None, origin: Origin | None = None) -> Folder:
    """Put a folder with all below it under `parent` (None: at the top). Raises FolderRefused.

    Refused where there are numbers in it that the seat does not see: whoever sees the new place would see them.
    """
    with locked(seat) as paths:
        found = _changeable(seat, paths, folder)
        if found.parent_id == parent:
            return found
        _place_allowed(seat, paths, parent)
        inside = list(paths.below(folder))
        if parent in inside:
            raise FolderRefused(Why.INTO_ITSELF)
        _name_free(paths, parent, found.name)
        if _depth(parent) + paths.height(folder) > MAX_DEPTH:
            raise FolderRefused(Why.TOO_DEEP, n=MAX_DEPTH)
        _all_seen(seat, inside)
        before = {"folder": paths.path(folder)}
        found.parent_id = parent
        found.save(update_fields=["parent"])
        _note(seat, "hierarchy.move", found, before, {"folder": _joined(paths, parent, found.name)}, origin)
    return found


def going(seat: Seat, folder: int) -> Going:
    """What `delete` would move, to be said before. Raises FolderRefused where it would."""
    paths = Paths.of(seat)
    _deletable(seat, paths, folder)
    return _going(seat, paths, folder)


def delete(seat: Seat, folder: int, origin: Origin | None = None) -> Going:
    """Delete a folder; its numbers and subfolders go to its parent. Raises FolderRefused.

    Its row stays, since stays of the past name it. Refused while somebody's role is bound to it: deleting it would
    take away what they see without a word to them.
    """
    with locked(seat) as paths:
        found = _deletable(seat, paths, folder)
        gone = _going(seat, paths, folder)
        now = clock.now()
        numbers = Subscriber.objects.as_system().filter(folder=found).values_list("pk", flat=True)
        settle(dict.fromkeys(numbers, found.parent_id), now)
        # First the folder, then what was in it: a child may have the same name.
        found.deleted = now
        found.save(update_fields=["deleted"])
        Folder.objects.as_system().filter(parent=found, deleted=None).update(parent=found.parent_id)
        before = {"folder": paths.path(folder), "numbers": gone.numbers, "folders": gone.folders}
        _note(seat, "hierarchy.delete", found, before, {"folder": gone.parent}, origin)
    return gone


@contextmanager
def locked(seat: Seat) -> Iterator[Paths]:
    """One transaction at a time for a client's tree, with the tree as the seat sees it now."""
    with transaction.atomic():
        # Keys stay free: who writes a row that refers to the client does not wait.
        list(Client.objects.select_for_update(no_key=True).filter(pk=client_of(seat)))
        yield Paths.of(seat)


def client_of(seat: Seat) -> int:
    """The id of the seat's client; the operator's staff have no tree (ValueError)."""
    if seat.client_id is None:
        raise ValueError("a seat without a client has no folders")
    return seat.client_id


def may_leave(seat: Seat) -> bool:
    """Whether the seat may work outside of all folders: one that is bound to folders may not."""
    return seat.reach in {Seat.Reach.CLIENT, Seat.Reach.ACCOUNTS}


def _place_allowed(seat: Seat, paths: Paths, parent: int | None) -> None:
    if parent is None and not may_leave(seat):
        raise FolderRefused(Why.NOT_AT_TOP)
    if parent is not None and parent not in paths.folders:
        raise FolderRefused(Why.GONE)


def _changeable(seat: Seat, paths: Paths, folder: int) -> Folder:
    if folder not in paths.folders:
        raise FolderRefused(Why.GONE)
    if folder in (seat.folder_ids or ()):
        raise FolderRefused(Why.OWN_ROOT)
    return Folder.objects.within(seat).get(pk=folder)


def _deletable(seat: Seat, paths: Paths, folder: int) -> Folder:
    found = _changeable(seat, paths, folder)
    bound = _people_bound(folder)
    if bound:
        raise FolderRefused(Why.PEOPLE_BOUND, n=bound)
    _all_seen(seat, [folder])
    siblings = {alike(paths.folders[key].name) for key in paths.children(paths.folders[folder].parent) if key != folder}
    for child in paths.children(folder):
        if alike(paths.folders[child].name) in siblings:
            raise FolderRefused(Why.TAKEN, name=paths.folders[child].name)
    return found


def _going(seat: Seat, paths: Paths, folder: int) -> Going:
    numbers = Subscriber.objects.within(seat).filter(folder_id=folder).count()
    return Going(numbers, len(paths.children(folder)), paths.path(paths.folders[folder].parent))


def _people_bound(folder: int) -> int:
    """How many roles of people that are not over are bound to the folder itself."""
    targets = SeatTarget.objects.filter(target=folder, seat__reach=Seat.Reach.FOLDERS)
    not_over = Q(seat__valid_to=None) | Q(seat__valid_to__gt=clock.now())
    return targets.filter(not_over).values("seat").distinct().count()


def _name_free(paths: Paths, parent: int | None, name: str, but: int | None = None) -> None:
    for sibling in paths.children(parent):
        if sibling != but and alike(paths.folders[sibling].name) == alike(name):
            raise FolderRefused(Why.TAKEN, name=paths.folders[sibling].name)


def _all_seen(seat: Seat, folders: list[int]) -> None:
    """Whoever does not see every number of a folder may not take them along with it."""
    if seat.reach == Seat.Reach.ACCOUNTS:
        inside = Subscriber.objects.as_system().filter(folder_id__in=folders)
        if inside.exclude(account_id__in=seat.account_ids or ()).exists():
            raise FolderRefused(Why.FOREIGN_NUMBERS)


def _depth(folder: int | None) -> int:
    """The level on which a folder stands, 1 at the top; 0 for none. What the seat does not see counts too."""
    return 0 if folder is None else Folder.objects.as_system().above([folder]).count()


def _joined(paths: Paths, parent: int | None, name: str) -> str:
    return SHOWN_SEPARATOR.join([*paths.names(parent), name])


def _note(  # an entry has these many sides
    seat: Seat,
    action: str,
    folder: Folder,
    before: Mapping[str, object] | None,
    after: Mapping[str, object],
    origin: Origin | None,
) -> None:
    target = ("folder", folder.pk, folder.name)
    record(seat.actor(), action, target=target, client_id=seat.client_id, before=before, after=after, origin=origin)
