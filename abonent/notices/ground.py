"""Which numbers narrow seats see, for many seats at once (the rule is `Subscriber.within`)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from abonent.access.models import Seat, SeatTarget
from abonent.clients.models import Folder
from abonent.subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class Line:
    """A number of a client, on which account it is now."""

    pk: int
    account: int
    number: str
    folder: int | None


def lines_of(client: int) -> dict[int, Line]:
    """Every line that a client has, by id."""
    rows = Subscriber.objects.as_system().filter(account__contract__client=client).order_by()
    return {row[0]: Line(*row) for row in rows.values_list("pk", "account_id", "number", "folder_id")}


def targets_of(seats: Iterable[Seat]) -> dict[int, set[int]]:
    """By seat, what it is bound to."""
    found: dict[int, set[int]] = defaultdict(set)
    for seat, target in SeatTarget.objects.filter(seat__in=list(seats)).values_list("seat_id", "target"):
        found[seat].add(target)
    return found


def seen_by(seats: Sequence[Seat], client: int, lines: dict[int, Line]) -> dict[int, set[int]]:
    """By seat over folders or single numbers, the ids of the lines within it."""
    targets = targets_of(seats)
    tree = _Tree.of(client)
    in_folder: dict[int, set[int]] = defaultdict(set)
    for line in lines.values():
        if line.folder is not None:
            in_folder[line.folder].add(line.pk)
    found: dict[int, set[int]] = {}
    for seat in seats:
        mine = targets.get(seat.pk, set())
        if seat.reach == Seat.Reach.FOLDERS:
            found[seat.pk] = {line for top in mine for folder in tree.below(top) for line in in_folder[folder]}
        else:
            found[seat.pk] = mine & lines.keys()
    return found


@dataclass(frozen=True, slots=True)
class _Tree:
    """The folders that there are, and each one's children."""

    folders: frozenset[int]
    children: dict[int, list[int]]

    @classmethod
    def of(cls, client: int) -> "_Tree":
        rows = Folder.objects.filter(client=client, deleted=None).order_by().values_list("pk", "parent_id")
        children: dict[int, list[int]] = defaultdict(list)
        for folder, parent in rows:
            children[parent or 0].append(folder)
        return cls(frozenset(folder for among in children.values() for folder in among), children)

    def below(self, top: int) -> set[int]:
        """It with everything below it; nothing for one that was deleted."""
        found = {top} & self.folders
        open_ends = list(found)
        while open_ends:
            further = [folder for folder in self.children.get(open_ends.pop(), ()) if folder not in found]
            found.update(further)
            open_ends += further
        return found
