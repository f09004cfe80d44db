"""An Office file (a ZIP of parts) judged without being read: what it is, and that it is no bomb."""

import zipfile
import zlib
from typing import BinaryIO

from abonent.formats.refusal import Reason, WorkbookRefused
from abonent.formats.xlsx_reader import FREE_INFLATED, MAX_ENTRIES, MAX_INFLATED, MAX_RATIO, PIECE

_ENCRYPTED = 0x1
_PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DAMAGE = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
# A part that runs when the file is opened, or another program in it.
_DANGEROUS = (".bin", ".exe", ".dll", ".js", ".vbs", ".bat", ".cmd", ".ps1", ".scr", ".html", ".htm", ".svg")
_HARMLESS_BIN = ("printersettings",)
_KINDS = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}


def kind_of(stream: BinaryIO, size: int) -> str | None:
    """`xlsx`, `docx`, or None for another ZIP; `WorkbookRefused` for a bomb, a locked or a damaged one, or macros.

    Every part is inflated piece by piece and counted: what the file says of its own sizes is not believed.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            return _judged(archive, size)
    except _DAMAGE as error:
        raise WorkbookRefused(Reason.BROKEN) from error


def _judged(archive: zipfile.ZipFile, size: int) -> str | None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise WorkbookRefused(Reason.TOO_COMPLEX)
    names = {entry.filename for entry in entries}
    kind = next((kind for part, kind in _KINDS.items() if part in names), None)
    if kind is None or "[Content_Types].xml" not in names:
        return None
    if any(_is_dangerous(name.lower()) for name in names):
        raise WorkbookRefused(Reason.DECLARATIONS)
    inflated = 0
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise WorkbookRefused(Reason.ENCRYPTED)
        if entry.compress_type not in _PLAIN:
            raise WorkbookRefused(Reason.BROKEN)
        with archive.open(entry) as part:
            while piece := part.read(PIECE):
                inflated += len(piece)
                if inflated > MAX_INFLATED or inflated > FREE_INFLATED + MAX_RATIO * size:
                    raise WorkbookRefused(Reason.INFLATES_TOO_FAR)
    return kind


def _is_dangerous(name: str) -> bool:
    return name.endswith(_DANGEROUS) and not any(word in name for word in _HARMLESS_BIN)
