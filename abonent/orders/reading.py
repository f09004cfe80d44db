"""The rows that a person asks for, out of a file or a selection: (row number, text as typed)."""

from collections.abc import Iterable, Iterator
from typing import Any, Self

from django.utils.translation import gettext as _

from abonent.files.models import StoredFile
from abonent.formats.refusal import Filled, Reason, letters
from abonent.formats.workbook import Limits, WorkbookRefused, read_column
from abonent.orders.models import Order
from abonent.orders.selection import chosen
from abonent.profile import current

Line = tuple[int, str]
TWO_COLUMNS = "two_columns"


class FileNotAccepted(Exception):  # noqa: N818  # an answer to the person, not a mishap
    """The file as a whole: a code of the workbook reader, or `two_columns`, with the place where there is one.

    `row` is counted from 1, `column` from 0.
    """

    def __init__(self, code: str, row: int | None = None, column: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.row = row
        self.column = column

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:  # Any: JSON of ours
        return cls(str(stored["code"]), stored.get("row"), stored.get("column"))

    def stored(self) -> dict[str, object]:
        return {"code": self.code, "row": self.row, "column": self.column}

    def message(self) -> str:
        """What is wrong and what to do, in the language in force."""
        if self.code != TWO_COLUMNS:
            return WorkbookRefused(Reason(self.code), self.row, self.column).message()
        cell = f"{letters(self.column or 0)}{self.row}"
        return _("There is more than one column: cell %(cell)s is filled too. Keep the numbers in one column.") % {
            "cell": cell
        }


def lines(order: Order) -> list[Line]:
    """All rows of an order, in order; nothing of a file is believed before it was read to its end.

    Raises `FileNotAccepted`.
    """
    if order.file is not None:
        return list(_with_blanks(_read(order.file)))
    if order.seat is None:
        return []
    numbers = chosen(order.seat, order.chosen).values_list("number", flat=True)
    return list(enumerate(numbers.iterator(chunk_size=2000), 1))


def _read(file: StoredFile) -> list[Line]:
    try:
        with file.open() as content:
            return _one_column(list(read_column(content, Limits(rows=current().order_max_rows))))
    except WorkbookRefused as refused:
        raise FileNotAccepted(refused.reason.value, refused.row, refused.column) from refused


def _one_column(rows: list[Filled]) -> list[Line]:
    """The numbers may stand in any column, but in one."""
    column = rows[0][1][0][0]
    for row, cells in rows:
        for place, _value in cells:
            if place != column:
                raise FileNotAccepted(TWO_COLUMNS, row, place)
    return [(row, cells[0][1]) for row, cells in rows]


def _with_blanks(filled: Iterable[Line]) -> Iterator[Line]:
    """Empty rows between filled ones are rows too, so that the count is the one that the person sees in Excel."""
    following = 1
    for row, text in filled:
        yield from ((blank, "") for blank in range(following, row))
        yield row, text
        following = row + 1
