"""Moving numbers between folders: ten or a hundred thousand in a handful of statements (V3)."""

from collections import Counter
from collections.abc import Mapping

from abonent.access.models import Seat
from abonent.audit.journal import Origin, record, rows_digest
from abonent.hierarchy.folders import locked, may_leave
from abonent.hierarchy.paths import Paths
from abonent.hierarchy.refusal import FolderRefused, Why
from abonent.lib import clock
from abonent.subscribers.models import Subscriber, SubscriberQuerySet
from abonent.subscribers.staying import settle

# So many numbers, and so many folders, are named in an entry of the journal; the digest stands for all of them.
NAMED = 20

Line = tuple[int, str, int | None]
"""Id, number, folder before."""


def move_numbers(seat: Seat, lines: SubscriberQuerySet, folder: int | None, origin: Origin | None = None) -> int:
    """Put the lines (those that the seat sees) into a folder (id; None: out of all); how many were elsewhere before.

    Billing is not touched. Raises FolderRefused for a folder that the seat does not see, and for None where the seat
    is bound to folders.
    """
    with locked(seat) as paths:
        if folder is None and not may_leave(seat):
            raise FolderRefused(Why.NOT_AT_TOP)
        if folder is not None and folder not in paths.folders:
            raise FolderRefused(Why.GONE)
        found = _taken(seat, lines).exclude(folder_id=folder) if folder else _taken(seat, lines).exclude(folder=None)
        moved: list[Line] = list(found.values_list("pk", "number", "folder_id"))
        if moved:
            settle({line[0]: folder for line in moved}, clock.now())
            _note(seat, paths, moved, folder, origin)
    return len(moved)


def _taken(seat: Seat, lines: SubscriberQuerySet) -> SubscriberQuerySet:
    """The lines within the seat, held until the transaction ends."""
    within = Subscriber.objects.within(seat).filter(pk__in=lines.order_by().values("pk"))
    return within.select_for_update(of=("self",), no_key=True).order_by("pk")


def _note(seat: Seat, paths: Paths, moved: list[Line], folder: int | None, origin: Origin | None) -> None:
    target = (
        ("subscriber", moved[0][0], moved[0][1]) if len(moved) == 1 else ("folder", folder or "", paths.path(folder))
    )
    record(
        seat.actor(),
        "hierarchy.move_numbers",
        target=target,
        client_id=seat.client_id,
        before={"folders": by_folder(paths, Counter(line[2] for line in moved))},
        after={"folder": paths.path(folder), "numbers": len(moved), "first": [line[1] for line in moved[:NAMED]]},
        digest=rows_digest([[*line, folder] for line in moved]),
        origin=origin,
    )


def by_folder(paths: Paths, counts: Mapping[int | None, int]) -> dict[str, int]:
    """How many numbers by the path of their folder, the largest first; a path that is empty means none."""
    largest = sorted(counts.items(), key=lambda pair: -pair[1])[:NAMED]
    return {paths.path(folder): count for folder, count in largest}
