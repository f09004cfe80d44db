"""The structure from an Excel file: read, judged row by row as a job, then applied at one stroke (V3)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from django.db import transaction
from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.audit.journal import Origin, record, rows_digest
from abonent.clients.models import Folder
from abonent.files.models import StoredFile
from abonent.formats.refusal import Filled, Limits, Reason, WorkbookRefused, letters
from abonent.formats.workbook import read_rows
from abonent.hierarchy.folders import client_of, locked
from abonent.hierarchy.judging import Line, Names, Plan, judge, row_of
from abonent.hierarchy.paths import SHOWN_SEPARATOR, Paths
from abonent.hierarchy.placing import NAMED
from abonent.hierarchy.refusal import FolderRefused, Why
from abonent.hierarchy.structure import PATH_LENGTH, TYPED_LENGTH, StructureImport, StructureRow
from abonent.jobs.lease import Lease
from abonent.jobs.models import State
from abonent.jobs.pause import breathe
from abonent.jobs.queue import Lane, Queue, one
from abonent.lib import clock
from abonent.lib.inserting import insert
from abonent.profile import current
from abonent.subscribers.staying import settle

COLUMNS = 2
THIRD_COLUMN = "third_column"
# So many rows are written in one transaction: well under 50 ms.
CHUNK = 1000
Stage = StructureImport.Stage
Verdict = StructureRow.Verdict


@dataclass(frozen=True, slots=True)
class FileRefused:
    """Why the file as a whole was not read: a code of the workbook reader, or `third_column`, with the place."""

    code: str
    row: int | None = None
    column: int | None = None

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:  # Any: JSON of ours
        return cls(str(stored["code"]), stored.get("row"), stored.get("column"))

    def stored(self) -> dict[str, object]:
        return {"code": self.code, "row": self.row, "column": self.column}

    def message(self) -> str:
        """What is wrong and what to do, in the language in force."""
        if self.code != THIRD_COLUMN:
            return WorkbookRefused(Reason(self.code), self.row, self.column).message()
        cell = f"{letters(self.column or 0)}{self.row}"
        return _("Keep two columns, the number and its folder. Cell %(cell)s is filled too.") % {"cell": cell}


def begin(seat: Seat, file: StoredFile) -> StructureImport:
    """Let the worker judge the rows of `file`; `apply` then does what is fine."""
    return StructureImport.objects.create(seat=seat, file=file)


def check(job: StructureImport, lease: Lease[StructureImport]) -> None:
    """Work of the queue: read, judge, and write the verdicts, then hand them to the person."""
    if job.stage != Stage.CHECKING:
        return None
    _clear(job, lease)
    try:
        with lease.heartbeat():
            lines = list(_lines(job.file))
    except WorkbookRefused as refused:
        return _unreadable(job, lease, FileRefused(refused.reason.value, refused.row, refused.column))
    except _ThirdColumn as third:
        return _unreadable(job, lease, third.refused)
    _judge_and_write(job, lease, lines)
    return None


IMPORTS: Queue[StructureImport] = Queue(
    name="hierarchy.imports", model=StructureImport, work=one(check), lane=Lane.CHECK
)


def check_again(structure: StructureImport) -> None:
    """Something changed since the check: judge the file anew."""
    StructureImport.objects.filter(pk=structure.pk, stage=Stage.READY).update(
        stage=Stage.CHECKING, state=State.WAITING, next_try=clock.now(), attempts=0, lease=None, finished=None
    )


def apply(structure: StructureImport, seat: Seat, origin: Origin | None = None) -> Plan:
    """Make the folders and move the numbers of all rows that are fine, in one transaction.

    Judged once more first: where a verdict is not the one that the person saw, nothing is done (FolderRefused). Applied
    twice, it is done once.
    """
    with locked(seat) as paths:
        held = StructureImport.objects.select_for_update().get(pk=structure.pk)
        if held.stage != Stage.READY:
            return Plan()
        rows = held.rows.order_by("row").values_list("row", "typed", "path")
        plan = judge(seat, paths, map(Line._make, rows.iterator(chunk_size=10_000)))
        if rows_digest(plan.stored()) != held.digest:
            raise FolderRefused(Why.CHANGED)
        made = _make(client_of(seat), plan)
        places = {key: made[place] if isinstance(place, tuple) else place for key, place in plan.moves.items()}
        settle(places, clock.now())
        held.stage = Stage.APPLIED
        held.save(update_fields=["stage"])
        _note(seat, held, plan, origin)
    return plan


class _ThirdColumn(Exception):  # noqa: N818  # a refusal with a place
    def __init__(self, row: int, column: int) -> None:
        super().__init__(THIRD_COLUMN)
        self.refused = FileRefused(THIRD_COLUMN, row, column)


def _lines(file: StoredFile) -> Iterator[Line]:
    with file.open() as content:
        yield from map(_line, read_rows(content, Limits()))


def _line(filled: Filled) -> Line:
    row, cells = filled
    last = cells[-1][0]
    if last >= COLUMNS:
        raise _ThirdColumn(row, last)
    texts = dict(cells)
    return Line(row, texts.get(0, "")[:TYPED_LENGTH], texts.get(1, "")[:PATH_LENGTH])


def _judge_and_write(job: StructureImport, lease: Lease[StructureImport], lines: list[Line]) -> None:
    with lease.heartbeat():
        plan = judge(job.seat, Paths.of(job.seat), lines)
    for start in range(0, len(plan.judged), CHUNK):
        lease.renew(done=start, total=len(plan.judged))
        insert(list(map(partial(row_of, job.pk), plan.judged[start : start + CHUNK])))
        breathe()
    with lease.commit(done=[job]):
        StructureImport.objects.filter(pk=job.pk, stage=Stage.CHECKING).update(
            stage=Stage.READY,
            fine=plan.count(Verdict.FINE),
            nothing=plan.count(Verdict.NOTHING),
            refused=plan.count(Verdict.REFUSED),
            numbers=len(plan.moves),
            folders=len(plan.made),
            digest=rows_digest(plan.stored()),
        )


def _unreadable(job: StructureImport, lease: Lease[StructureImport], refused: FileRefused) -> None:
    with lease.commit(done=[job]):
        StructureImport.objects.filter(pk=job.pk).update(stage=Stage.UNREADABLE, refusal=refused.stored())


def _clear(job: StructureImport, lease: Lease[StructureImport]) -> None:
    """Remove what a check that was cut off, or the one before, has left."""
    while keys := list(job.rows.values_list("pk", flat=True)[:CHUNK]):
        job.rows.filter(pk__in=keys).delete()
        lease.renew()
        breathe()


def _make(client: int, plan: Plan) -> dict[Names, int]:
    """The new folders, level by level; their ids."""
    ids: dict[Names, int] = {}
    levels: dict[int, list[Names]] = {}
    for names in plan.made:
        levels.setdefault(len(names), []).append(names)
    for _depth, level in sorted(levels.items()):
        rows = [
            Folder(client_id=client, parent_id=ids.get(names[:-1], plan.made[names]), name=names[-1]) for names in level
        ]
        for names, row in zip(level, Folder.objects.bulk_create(rows, batch_size=5000), strict=True):
            ids[names] = row.pk
    return ids


def _note(seat: Seat, structure: StructureImport, plan: Plan, origin: Origin | None) -> None:
    record(
        seat.actor(),
        "hierarchy.import",
        target=("file", structure.file_id, structure.file.name),
        client_id=seat.client_id,
        after={
            "numbers": len(plan.moves),
            "folders": len(plan.made),
            "first": [SHOWN_SEPARATOR.join(names) for names in list(plan.made)[:NAMED]],
            "sha256": structure.file.sha256,
        },
        digest=structure.digest,
        origin=origin,
    )


def discard(structure: StructureImport) -> None:
    """Remove an import with its rows, and its file where nothing else names it."""
    while keys := list(structure.rows.values_list("pk", flat=True)[:CHUNK]):
        structure.rows.filter(pk__in=keys).delete()
        breathe()
    with transaction.atomic():
        structure.delete()
        if not StructureImport.objects.filter(file_id=structure.file_id).exists():
            StoredFile.objects.filter(pk=structure.file_id).delete()


def prune_imports() -> None:
    """Remove imports, with their verdicts and files, once older than the profile's days (a scheduled task)."""
    oldest = clock.now() - dt.timedelta(days=current().verdicts_kept_days)
    for structure in StructureImport.objects.as_system().filter(created__lt=oldest).order_by("pk"):
        discard(structure)
