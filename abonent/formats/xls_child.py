"""Run as a program: an .xls on its input, a JSON line for each filled row of the first visible sheet on its output.

Exit codes: 0 read; 3 not a workbook; 4 a password is needed; 5 too many rows; 6 too much text; all else, a
death by a limit included, means too complex.
"""

import io
import json
import resource
import sys

import python_calamine

MEMORY = 192 * 1024 * 1024  # of address space
SECONDS = 2
TEXT = 16 * 1024 * 1024  # characters of all cells together: what we write, the parent has to hold
LOST = 10**15
NOT_A_WORKBOOK, ENCRYPTED, TOO_MANY_ROWS, TOO_MUCH_TEXT = 3, 4, 5, 6


def main(max_rows: int) -> int:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        book = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
        visible = [
            sheet.name for sheet in book.sheets_metadata if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        return write_rows(book.get_sheet_by_name(visible[0]), max_rows)
    except python_calamine.PasswordError:
        return ENCRYPTED
    except (python_calamine.CalamineError, IndexError):
        return NOT_A_WORKBOOK


def write_rows(sheet: python_calamine.CalamineSheet, max_rows: int) -> int:
    if sheet.start is None:
        return 0
    top, left = sheet.start
    total = 0
    for number, row in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
        cells = [(column, shown(value)) for column, value in enumerate(row, start=left)]
        filled = [(column, text) for column, text in cells if text]
        if filled and number > max_rows + 1:
            return TOO_MANY_ROWS
        total += sum(len(text) for _column, text in filled)
        if total > TEXT:
            return TOO_MUCH_TEXT
        if filled:
            sys.stdout.write(json.dumps([number, filled]) + "\n")
    return 0


def shown(value: object) -> str:
    """Calamine gives every number as a float; of one with more than 15 digits the rest is lost, and it says so."""
    if isinstance(value, float) and value.is_integer() and value >= LOST:
        return f"{value:.14E}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\0", "\ufffd").strip()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
