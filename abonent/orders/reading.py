"""The rows that a person asks for, out of a file or a selection: (row number, text as typed)."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Self

from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.files.models import StoredFile
from abonent.formats.refusal import Filled, Reason, letters
from abonent.formats.workbook import Limits, WorkbookRefused, read_rows
from abonent.orders import keeping, typed
from abonent.orders.actions.action import Data
from abonent.orders.models import ChosenLines, Order, OrderItem, Verdict
from abonent.orders.selection import chosen
from abonent.profile import current
from abonent.subscribers.models import Subscriber

CHUNK = 2000
TWO_COLUMNS = "two_columns"
TOO_WIDE = "too_wide"


class Line(NamedTuple):
    """A row as it came: its number as typed, the cells after it, or what was chosen for it on a page.

    `pk` is the subscriber's, where it was a line that was chosen and not a number.
    """

    row: int
    typed: str
    more: tuple[str, ...] = ()
    data: Data | None = None
    pk: int | None = None


class FileNotAccepted(Exception):  # noqa: N818  # an answer to the person, not a mishap
    """The file as a whole: a code of the workbook reader, or one of the two above, with the place where there is one.

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
        cell = f"{letters(self.column or 0)}{self.row}"
        if self.code == TOO_WIDE:
            return _("There are too many columns: cell %(cell)s is filled too. Keep to the columns of the sample.") % {
                "cell": cell
            }
        if self.code != TWO_COLUMNS:
            return WorkbookRefused(Reason(self.code), self.row, self.column).message()
        return _("There is more than one column: cell %(cell)s is filled too. Keep the numbers in one column.") % {
            "cell": cell
        }


def lines(order: Order, more_columns: int = 0) -> list[Line]:
    """All rows of an order, in order; nothing of a file is believed before it was read to its end.

    `more_columns` may follow the number in a file. Raises `FileNotAccepted`.
    """
    if order.file is not None:
        return list(_with_blanks(_read(order.file, more_columns)))
    if order.seat is None:
        return []
    if "retry_of" in order.chosen:
        return _once_more(order)
    data = order.chosen.get("data") or {}
    numbers = _selected(order, order.seat) if "selected" in order.chosen else _named(order, order.seat)
    return [Line(row, number, data=data.get(str(pk), {}), pk=pk) for row, (number, pk) in enumerate(numbers, 1)]


def _once_more(order: Order) -> list[Line]:
    """Rows of the order that this one tries again, in their order, with what they asked for, by their number now."""
    rows = OrderItem.objects.filter(order=order.chosen["retry_of"], verdict=Verdict.FINE, subscriber__isnull=False)
    ended = rows.filter(result__in=order.chosen["results"]).exclude(keeping.IN_DOUBT).order_by("row")
    found = ended.values_list("subscriber__number", "subscriber_id", "data").iterator(chunk_size=CHUNK)
    return [Line(row, number, data=data, pk=pk) for row, (number, pk, data) in enumerate(found, 1)]


def _named(order: Order, seat: Seat) -> Iterator[tuple[str, int]]:
    return chosen(seat, order.chosen).values_list("number", "pk").iterator(chunk_size=CHUNK)


def _selected(order: Order, seat: Seat) -> list[tuple[str, int]]:
    """The lines of the selection as it was, of what the seat still sees, by number."""
    ids: list[int] = ChosenLines.objects.get(order=order).ids
    found: list[tuple[str, int]] = []
    for start in range(0, len(ids), CHUNK):
        lines = Subscriber.objects.within(seat).filter(pk__in=ids[start : start + CHUNK])
        found += lines.order_by().values_list("number", "pk")
    return sorted(found)


def _read(file: StoredFile, more_columns: int) -> list[Line]:
    limits = Limits(rows=current().order_max_rows)
    try:
        with file.open() as content:
            if file.mime in typed.MIMES:
                rows = typed.read_rows(content.read(limits.bytes + 1), limits, more_columns)
            else:
                rows = list(read_rows(content, limits))
    except WorkbookRefused as refused:
        raise FileNotAccepted(refused.reason.value, refused.row, refused.column) from refused
    return _side_by_side(rows, more_columns) if more_columns else _one_column(rows)


def _one_column(rows: list[Filled]) -> list[Line]:
    """The numbers may stand in any column, but in one."""
    column = rows[0][1][0][0]
    for row, cells in rows:
        for place, _value in cells:
            if place != column:
                raise FileNotAccepted(TWO_COLUMNS, row, place)
    return [Line(row, cells[0][1]) for row, cells in rows]


def _side_by_side(rows: list[Filled], more: int) -> list[Line]:
    """The number in the first column that is filled anywhere, and up to `more` cells after it."""
    first = min(cells[0][0] for _row, cells in rows)
    found = []
    for row, cells in rows:
        if cells[-1][0] > first + more:
            raise FileNotAccepted(TOO_WIDE, row, cells[-1][0])
        by_place = dict(cells)
        texts = [by_place.get(first + place, "") for place in range(more + 1)]
        found.append(Line(row, texts[0], tuple(texts[1:])))
    return found


def _with_blanks(filled: Iterable[Line]) -> Iterator[Line]:
    """Empty rows between filled ones are rows too, so that the count is the one that the person sees in Excel."""
    following = 1
    for line in filled:
        yield from (Line(blank, "") for blank in range(following, line.row))
        yield line
        following = line.row + 1
