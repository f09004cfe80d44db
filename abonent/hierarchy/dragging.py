"""Putting nodes of the trees into a folder: folders with all below them, numbers, whatever was marked (V3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from abonent.access.models import Seat
from abonent.audit.journal import Origin
from abonent.hierarchy import folders
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.paths import SEPARATOR, Paths, alike, clean_name
from abonent.hierarchy.placing import move_numbers
from abonent.hierarchy.refusal import FolderRefused, Why
from abonent.hierarchy.tree import lines_below


@dataclass(frozen=True, slots=True)
class Dragged:
    """How much came that was elsewhere before."""

    folders: int
    numbers: int


def put_into(seat: Seat, refs: Sequence[Ref], folder: int | None, origin: Origin | None = None) -> Dragged:
    """Move folders below `folder` (id; None: the top, or out of all folders), and numbers into it; all or nothing.

    Raises FolderRefused.
    """
    chosen = [ref for ref in refs if ref.kind == Kind.FOLDER]
    others = [ref for ref in refs if ref.kind != Kind.FOLDER]
    with transaction.atomic():
        paths = Paths.of(seat)
        above = {ref.pk: paths.folders[ref.pk].parent for ref in chosen if ref.pk in paths.folders}
        for ref in chosen:
            folders.move(seat, ref.pk, folder, origin)
        moved = sum(parent != folder for parent in above.values())
        numbers = sum(move_numbers(seat, lines, folder, origin) for lines in lines_below(seat, others))
    return Dragged(moved, numbers)


def folder_at(seat: Seat, path: str) -> int | None:
    """The folder that a typed path names (`Minsk / Sales`), empty for the top; FolderRefused where there is none."""
    if not path.strip():
        return None
    paths, place = Paths.of(seat), None
    for part in path.split(SEPARATOR):
        name = clean_name(part)
        below = [key for key in paths.children(place) if alike(paths.folders[key].name) == alike(name)]
        exact = [key for key in below if paths.folders[key].name == name] or below
        if len(exact) != 1:
            raise FolderRefused(Why.NO_SUCH_PATH)
        place = exact[0]
    return place
