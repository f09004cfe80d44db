"""What a file of the structure comes to: a verdict on each row, folders to make, numbers to move. Nothing is changed.

Two columns: the number, and the path of its folder with slashes (`Minsk / Sales`). Without a path the number is to be
in no folder; without a number the folder is to be there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from abonent.access.models import Seat
from abonent.clients.models import Folder
from abonent.hierarchy.folders import may_leave
from abonent.hierarchy.paths import SEPARATOR, Paths, alike, clean_name
from abonent.hierarchy.refusal import MAX_DEPTH, FolderRefused
from abonent.hierarchy.structure import PATH_LENGTH, TYPED_LENGTH, StructureRow
from abonent.profile import current
from abonent.subscribers.models import Subscriber

Verdict = StructureRow.Verdict

Names = tuple[str, ...]
Place = int | Names | None
"""A folder that is there (id), one to be made (its path), or none."""


class Line(NamedTuple):
    """A row as it was typed."""

    row: int
    number: str
    path: str


class Judged(NamedTuple):
    """A row with its verdict: a code of `reasons.py` with arguments."""

    line: Line
    verdict: Verdict
    reason: str
    args: Mapping[str, object] = {}


class Known(NamedTuple):
    """A subscriber that the seat sees, and its folder."""

    id: int
    folder: int | None


class _Refused(Exception):  # noqa: N818  # it ends the way of one row only
    def __init__(self, reason: str, **args: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.args_of_reason = args


@dataclass
class Plan:
    """The verdicts, in the order of rows, and what they come to.

    `made` has parents first; its value is the folder that is there (id) under which a new one goes, else None.
    """

    judged: list[Judged] = field(default_factory=list)
    made: dict[Names, int | None] = field(default_factory=dict)
    moves: dict[int, Place] = field(default_factory=dict)

    def count(self, verdict: Verdict) -> int:
        return sum(one.verdict == verdict for one in self.judged)

    def stored(self) -> list[list[object]]:
        """What a digest is made of: every verdict, every folder to be made, and where each number goes."""
        rows = [[*one.line, one.verdict.value, one.reason, dict(one.args)] for one in self.judged]
        return [*rows, list(self.made.items()), list(self.moves.items())]


def judge(seat: Seat, paths: Paths, lines: Iterable[Line]) -> Plan:
    """Judge all rows; a handful of queries however many they are."""
    judging = _Judging(seat, paths, _known(seat), _depths(seat, paths))
    for line in lines:
        judging.plan.judged.append(judging.one(line))
    return judging.plan


def _known(seat: Seat) -> dict[str, Known]:
    """By number; of several that held it the one that holds it now."""
    lines = Subscriber.objects.within(seat)
    rows = lines.filter(status=Subscriber.Status.TERMINATED).order_by("pk").values_list("number", "pk", "folder_id")
    found = {number: Known(pk, folder) for number, pk, folder in rows}
    live = lines.exclude(status=Subscriber.Status.TERMINATED).order_by().values_list("number", "pk", "folder_id")
    found.update((number, Known(pk, folder)) for number, pk, folder in live)
    return found


def _depths(seat: Seat, paths: Paths) -> dict[int | None, int]:
    """How deep each folder at the top of what the seat sees really stands; 1 where it sees everything."""
    if seat.folder_ids is None:
        return dict.fromkeys(paths.children(None), 1)
    return {top: Folder.objects.as_system().above([top]).count() for top in paths.children(None)}


@dataclass
class _Judging:
    seat: Seat
    paths: Paths
    known: dict[str, Known]
    depths: dict[int | None, int]
    plan: Plan = field(default_factory=Plan)
    _places: dict[str, Place | _Refused] = field(default_factory=dict)
    _seen: dict[str, Line] = field(default_factory=dict)
    _spelled: dict[Names, Names] = field(default_factory=dict)
    _index: dict[tuple[int | None, str], list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for folder in self.paths.folders.values():
            self._index[folder.parent, alike(folder.name)].append(folder.id)

    def one(self, line: Line) -> Judged:
        if not self.plan.judged and not any(letter.isdigit() for letter in line.number) and line.number:
            return Judged(line, Verdict.NOTHING, "header")
        try:
            return self._number(line) if line.number else self._folder(line)
        except _Refused as refused:
            return Judged(line, Verdict.REFUSED, refused.reason, refused.args_of_reason)

    def _folder(self, line: Line) -> Judged:
        before = len(self.plan.made)
        self._place(line.path)
        made = len(self.plan.made) > before
        return Judged(line, Verdict.FINE if made else Verdict.NOTHING, "folder_made" if made else "folder_there")

    def _number(self, line: Line) -> Judged:
        plan = current().numbers
        number = plan.clean(line.number) or line.number
        found = self.known.get(number)
        if found is None:
            raise _Refused("not_yours") if plan.clean(line.number) else _Refused("not_a_number", length=plan.length)
        first = self._seen.get(number)
        if first is not None:
            if _key(self._names(first.path)) != _key(self._names(line.path)):
                raise _Refused("elsewhere", row=first.row)
            return Judged(line, Verdict.NOTHING, "duplicate", {"row": first.row})
        place = self._place(line.path)
        self._seen[number] = line
        if place == found.folder:
            return Judged(line, Verdict.NOTHING, "there")
        self.plan.moves[found.id] = place
        return Judged(line, Verdict.FINE, "moves", {"before": self.paths.path(found.folder)})

    def _place(self, path: str) -> Place:
        """The folder that a path means; what is missing of it is planned. Raises _Refused."""
        place = self._places.get(path, ())
        if place == ():
            try:
                place = self._found(path)
            except _Refused as refused:
                place = refused
            self._places[path] = place
        if isinstance(place, _Refused):
            raise place
        return place

    def _found(self, path: str) -> Place:
        names = self._names(path)
        if not names:
            if not may_leave(self.seat):
                raise _Refused("outside")
            return None
        place, matched = self._walk(names)
        if matched == len(names):
            return place
        if place is None and not may_leave(self.seat):
            raise _Refused("outside")
        if self._depth(place, matched) + len(names) - matched > MAX_DEPTH:
            raise _Refused("too_deep", n=MAX_DEPTH)
        return self._plan_below(place, names[matched:])

    def _names(self, path: str) -> list[str]:
        if not path:
            return []
        if len(path) >= PATH_LENGTH:
            raise _Refused("path_too_long")
        try:
            return [clean_name(part) for part in path.split(SEPARATOR)]
        except FolderRefused as refused:
            raise _Refused(refused.why.value, **refused.figures) from refused

    def _walk(self, names: list[str]) -> tuple[int | None, int]:
        """How far down the path there are folders: the last of them, and how many."""
        place: int | None = None
        for matched, name in enumerate(names):
            below = self._index.get((place, alike(name)), [])
            exact = [child for child in below if self.paths.folders[child].name == name]
            chosen = exact or below
            if len(chosen) > 1:
                raise _Refused("ambiguous", name=name)
            if not chosen:
                return place, matched
            place = chosen[0]
        return place, len(names)

    def _depth(self, place: int | None, matched: int) -> int:
        """The real level of a folder that is `matched` levels down in what the seat sees."""
        if place is None:
            return 0
        top = place
        while (parent := self.paths.folders[top].parent) is not None:
            top = parent
        return self.depths[top] + matched - 1

    def _plan_below(self, place: int | None, names: list[str]) -> Names:
        """Plan the folders that are missing; the first spelling of a name is the one that counts."""
        path: Names = self.paths.names(place)
        for name in names:
            longer = (*path, name)
            path = self._spelled.setdefault(_key(longer), longer)
            self.plan.made.setdefault(path, place)
            place = None
        return path


def _key(names: Iterable[str]) -> Names:
    return tuple(map(alike, names))


def row_of(structure_id: int, judged: Judged) -> StructureRow:
    """The row to be kept, not saved."""
    line = judged.line
    return StructureRow(
        structure_id=structure_id,
        row=line.row,
        typed=line.number[:TYPED_LENGTH],
        path=line.path[:PATH_LENGTH],
        verdict=judged.verdict,
        reason=judged.reason,
        args=dict(judged.args),
    )
