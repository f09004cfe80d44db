"""The old .xls, read by calamine in a child process: a hostile file can kill the child, and no more than that."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from abonent.formats import xls_child
from abonent.formats.refusal import Filled, Limits, Reason, WorkbookRefused

PATIENCE = 10.0  # seconds on the wall; the child itself has two of processor time
_REASONS = {
    xls_child.NOT_A_WORKBOOK: Reason.NOT_A_WORKBOOK,
    xls_child.ENCRYPTED: Reason.ENCRYPTED,
    xls_child.TOO_MANY_ROWS: Reason.TOO_MANY_ROWS,
    xls_child.TOO_MUCH_TEXT: Reason.INFLATES_TOO_FAR,
}
_ENCRYPTED_XLSX = "EncryptedPackage".encode("utf-16-le")


def read(data: bytes, limits: Limits) -> Iterator[Filled]:
    if _ENCRYPTED_XLSX in data:
        raise WorkbookRefused(Reason.ENCRYPTED)
    command = [sys.executable, "-I", str(Path(xls_child.__file__)), str(limits.rows)]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603  # our own program
    except subprocess.TimeoutExpired as error:
        raise WorkbookRefused(Reason.TOO_COMPLEX) from error
    if child.returncode:
        raise WorkbookRefused(_REASONS.get(child.returncode, Reason.TOO_COMPLEX))
    for line in child.stdout.splitlines():
        number, cells = json.loads(line)
        filled = [(int(column), str(text)) for column, text in cells]
        if filled[-1][0] >= limits.columns:
            raise WorkbookRefused(Reason.TOO_MANY_COLUMNS, number, filled[-1][0])
        yield number, filled
