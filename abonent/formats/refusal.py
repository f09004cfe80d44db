"""Why an uploaded file is not read, in words for the person who uploaded it, and the limits that it must keep."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext

MAX_BYTES = 32 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 256

Filled = tuple[int, list[tuple[int, str]]]  # the row's number from 1; its cells that are not empty: column from 0, text


class Reason(StrEnum):
    NOT_A_WORKBOOK = "not_a_workbook"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    EMPTY = "empty"
    FILE_TOO_LARGE = "file_too_large"
    INFLATES_TOO_FAR = "inflates_too_far"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    TOO_COMPLEX = "too_complex"
    DECLARATIONS = "declarations"
    TEXT_TOO_LONG = "text_too_long"


class WorkbookRefused(Exception):  # noqa: N818  # it is a refusal with a reason, told to a person
    """A file that is not read. `row` is counted from 1, `column` from 0, where the reason has a place."""

    def __init__(self, reason: Reason, row: int | None = None, column: int | None = None) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.row = row
        self.column = column

    def message(self) -> str:
        """What is wrong and what to do, in the language in force."""
        text = _message(self.reason)
        if self.row is None:
            return text
        cell = f"{letters(self.column)}{self.row}" if self.column is not None else str(self.row)
        place = gettext("Cell %(cell)s.") if self.column is not None else gettext("Row %(cell)s.")
        return f"{text} {place % {'cell': cell}}"


@dataclass(frozen=True, slots=True)
class Limits:
    """`rows` of data; one more is allowed for the titles."""

    rows: int = MAX_ROWS
    columns: int = MAX_COLUMNS
    bytes: int = MAX_BYTES


def letters(column: int) -> str:
    """`A` for 0, `XFD` for 16383."""
    text, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(65 + digit) + text
    return text


def _message(reason: Reason) -> str:
    messages = {
        Reason.NOT_A_WORKBOOK: gettext(
            "This is not an Excel file. Save the list as .xlsx or .xls and upload it again."
        ),
        Reason.ENCRYPTED: gettext("The file is protected by a password. Save it without one and upload it again."),
        Reason.BROKEN: gettext("The file is damaged. Open it in Excel, save it anew and upload it again."),
        Reason.EMPTY: gettext("The first sheet is empty. Put the numbers into its first column."),
        Reason.FILE_TOO_LARGE: gettext("The file is too large. Split the list into several files."),
        Reason.INFLATES_TOO_FAR: gettext(
            "The file holds far more data than a list of numbers. Copy the numbers into a new file."
        ),
        Reason.TOO_MANY_ROWS: gettext("The list has too many rows. Split it into several files."),
        Reason.TOO_MANY_COLUMNS: gettext(
            "There is a value too far to the right. Keep the numbers in the first column and clear the rest."
        ),
        Reason.TOO_COMPLEX: gettext("The file is too complicated to be read safely. Copy the numbers into a new file."),
        Reason.DECLARATIONS: gettext(
            "The file has declarations that no Excel file needs. Copy the numbers into a new file."
        ),
        Reason.TEXT_TOO_LONG: gettext("A cell holds too long a text. Keep one number in a cell."),
    }
    return messages[reason]
