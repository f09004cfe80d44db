"""What the tests of orders share: a catalog with rules, files, and a worker that stands here."""

import io
import uuid
from collections.abc import Sequence
from decimal import Decimal

import openpyxl

from abonent.access.models import Seat
from abonent.catalog.models import Service
from abonent.files.keeping import store
from abonent.files.models import StoredFile
from abonent.jobs.worker import drain
from abonent.orders import intake
from abonent.orders.models import Order
from abonent.orders.queues import CHECKS, ITEMS
from abonent.orders.selection import Source
from tests.cast import Cast


def service(cast: Cast, code: str, **values: object) -> Service:
    names = {"ru": f"Услуга {code}", "en": f"Service {code}"}
    return Service.objects.create(
        code=code, names=names, category=cast.catalog.service.category, fee=Decimal(3), **values
    )


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def file_of(*numbers: object) -> StoredFile:
    """An uploaded list: one number a row."""
    return store(workbook([[number] for number in numbers]), name="list.xlsx", mime="application/xlsx")


def draft(
    seat: Seat, source: Source | StoredFile | Sequence[int], action: str = "connect_service", **params: object
) -> Order:
    """An order whose rows have their verdicts."""
    if isinstance(source, StoredFile):
        source = Source(file=source)
    elif not isinstance(source, Source):
        source = Source(ids=tuple(source))
    order = intake.place(seat, action, params, source, key=uuid.uuid4())
    drain([CHECKS])
    order.refresh_from_db()
    return order


def placed(
    seat: Seat, source: Source | StoredFile | Sequence[int], action: str = "connect_service", **params: object
) -> Order:
    """An order that was confirmed, not done yet."""
    order = draft(seat, source, action, **params)
    assert order.confirm(seat.actor())
    return order


def work(order: Order) -> Order:
    """Let the worker do what is due; the order as it then is."""
    drain([CHECKS, ITEMS])
    order.refresh_from_db()
    return order


def verdicts(order: Order) -> list[tuple[int, str, str]]:
    """(row, verdict, reason) of every row."""
    return list(order.items.order_by("row").values_list("row", "verdict", "reason"))


def results(order: Order) -> list[tuple[int, str, str]]:
    """(row, result, reason) of every row."""
    return list(order.items.order_by("row").values_list("row", "result", "reason"))


def adds_up(order: Order) -> bool:
    """Every row is accounted for, by the counters and by the rows themselves."""
    order.refresh_from_db()
    counted = {name: getattr(order, name) for name in ("done", "failed", "refused", "nothing", "cancelled")}
    by_rows = {name: order.items.filter(result=name).count() for name in counted}
    return counted == by_rows and sum(counted.values()) + order.left == order.total == order.items.count()
