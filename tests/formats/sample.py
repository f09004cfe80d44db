"""A report with every kind of value, and how its files are read back."""

import io
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pypdfium2

from abonent.formats.report import Cell, Column, Fact, Kind, Report, Row, Section
from abonent.formats.writers import WRITERS

MINSK = timezone(timedelta(hours=3))
FORMED = datetime(2026, 11, 3, 9, 5, 7, tzinfo=MINSK)
COLUMNS = (
    Column("name", "Имя", Kind.TEXT, 24),
    Column("number", "Номер", Kind.PHONE, 18),
    Column("calls", "Вызовов", Kind.INTEGER, 9),
    Column("net", "Сумма", Kind.AMOUNT, 14),
    Column("day", "День", Kind.DATE, 10),
    Column("at", "Начало", Kind.DATETIME, 19),
    Column("talk", "Время", Kind.DURATION, 10),
    Column("data", "Объём", Kind.VOLUME, 12),
)
ROW: Row = (
    "Іваноў Ян",
    "375291234567",
    1234,
    Decimal("1234567.50"),
    date(2026, 10, 31),
    datetime(2026, 10, 31, 23, 59, 59, tzinfo=MINSK),
    97385,
    1610612736,
)
EMPTY: Row = (None,) * len(COLUMNS)


def report(rows: Iterable[Row], columns: tuple[Column, ...] = COLUMNS, totals: Row | None = None) -> Report:
    facts = (Fact("client", "Клиент", "ООО «Пример»"), Fact("account", "Лицевой счёт", "00020123456"))
    return Report("sample", "Список", "ru", facts, (Section("all", "Все", columns, rows, totals),), FORMED)


def names(*values: Cell) -> Report:
    """A report of one text column."""
    return report([(value,) for value in values], (Column("name", "Имя", Kind.TEXT, 30),))


def written(form: str, content: Report) -> bytes:
    stream = io.BytesIO()
    WRITERS[form].write(content, stream, lambda _rows: None)
    return stream.getvalue()


def pages_of(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return texts
