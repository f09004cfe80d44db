import io

import openpyxl
import pytest

from abonent.formats.report import Report
from abonent.formats.writers import WRITERS
from abonent.orders.result import report
from tests.cast import Cast
from tests.orders.world import draft, file_of, placed, work

pytestmark = pytest.mark.django_db


def excel(made: Report) -> list[tuple[object, ...]]:
    stream = io.BytesIO()
    WRITERS["xlsx"].write(made, stream, lambda _rows: None)
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]


def test_S15_6_the_excel_of_an_order_has_each_row_with_result_and_reason(cast: Cast) -> None:
    line = cast.subscribers[1]
    order = work(placed(cast.anna, file_of("+" + line.number, "375299999999"), service=cast.catalog.service.pk))
    rows = excel(report(order, "en"))
    assert [str(cell) for cell in rows[0]] == ["Row", "As typed", "Number", "Name", "Result", "Reason"]
    assert [str(cell) for cell in rows[1][:5]] == ["1", "+" + line.number, line.number, "Ковалёв", "Done"]
    assert [str(cell) for cell in rows[2][3:]] == ["None", "Refused", "This is not one of your numbers."]


def test_S15_1_the_verdicts_can_be_had_as_excel_before_the_order(cast: Cast) -> None:
    order = draft(cast.anna, file_of(cast.subscribers[0].number, "x1"), service=cast.catalog.service.pk)
    rows = excel(report(order, "en"))
    assert [row[4] for row in rows[1:]] == ["Fine", "Refused"]
    assert "12 digits" in str(rows[2][5])
