"""The first visible sheet of an .xlsx file, read as a stream within bounds: a bomb costs as little as a list."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from abonent.formats.refusal import Filled, Limits, Reason, WorkbookRefused
from abonent.formats.sheet_xml import Guard, Relations, SheetRows, Sheets, Strings

MAX_ENTRIES = 2_000
MAX_INFLATED = 128 * 1024 * 1024
FREE_INFLATED = 8 * 1024 * 1024  # small files may compress as well as they like
MAX_RATIO = 100  # real sheets stay under 30
PIECE = 64 * 1024
_PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # what Excel writes; the others cannot be inflated piece by piece
_ENCRYPTED = 0x1
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,  # an offset before the file's beginning, text that is not UTF-8
)
_ROOT = "_rels/.rels"


def read(stream: IO[bytes], limits: Limits) -> Iterator[Filled]:
    try:
        with zipfile.ZipFile(stream) as archive:
            yield from _Package(archive, limits).rows()
    except _DAMAGE as error:
        raise WorkbookRefused(Reason.BROKEN) from error


class _Package:
    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._guard = Guard()
        self._inflated = 0
        if len(archive.infolist()) > MAX_ENTRIES:
            raise WorkbookRefused(Reason.TOO_COMPLEX)

    def rows(self) -> Iterator[Filled]:
        book = self._target_of_root()
        relations = self._relations(book)
        sheets = Sheets(self._guard)
        for piece in self._pieces(book):
            sheets.feed(piece)
        sheets.close()
        target = relations.get(sheets.first_visible)
        if target is None:
            raise WorkbookRefused(Reason.BROKEN)
        strings = self._strings(relations)
        rows = SheetRows(self._guard, strings, self._limits)
        for piece in self._pieces(target):
            rows.feed(piece)
            yield from rows.take()
        rows.close()
        yield from rows.take()

    def _target_of_root(self) -> str:
        for kind, target in self._read_relations(_ROOT, "").by_type:
            if kind.endswith("/officeDocument") and target in self._archive.NameToInfo and not target.endswith(".bin"):
                return target
        raise WorkbookRefused(Reason.NOT_A_WORKBOOK)

    def _relations(self, part: str) -> dict[str, str]:
        folder, name = posixpath.split(part)
        return self._read_relations(f"{folder}/_rels/{name}.rels", folder).by_id

    def _read_relations(self, part: str, base: str) -> Relations:
        relations = Relations(self._guard, base)
        if part in self._archive.NameToInfo:
            for piece in self._pieces(part):
                relations.feed(piece)
            relations.close()
        return relations

    def _strings(self, relations: dict[str, str]) -> list[str]:
        strings = Strings(self._guard)
        part = next((target for target in relations.values() if target.endswith("sharedStrings.xml")), None)
        if part is not None and part in self._archive.NameToInfo:
            for piece in self._pieces(part):
                strings.feed(piece)
            strings.close()
        return strings.found

    def _pieces(self, part: str) -> Iterator[bytes]:
        """A part's bytes, counted as they come out: what the file says of its sizes is not asked."""
        info = self._archive.NameToInfo.get(part)
        if info is None:
            raise WorkbookRefused(Reason.NOT_A_WORKBOOK)
        if info.flag_bits & _ENCRYPTED:
            raise WorkbookRefused(Reason.ENCRYPTED)
        if info.compress_type not in _PLAIN:
            raise WorkbookRefused(Reason.BROKEN)
        size = self._archive.fp.seek(0, 2) if self._archive.fp else 0
        with self._archive.open(info) as stream:
            while piece := stream.read(PIECE):
                self._inflated += len(piece)
                if self._inflated > MAX_INFLATED or self._inflated > FREE_INFLATED + MAX_RATIO * size:
                    raise WorkbookRefused(Reason.INFLATES_TOO_FAR)
                yield piece
