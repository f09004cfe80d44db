"""Who gets what at renaming, and at applications instead of orders (`table.py` says how to read a line)."""

import uuid

from abonent.orders import intake
from abonent.orders.selection import Source
from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, INVALID, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row

LIST = Answers(OK, FORBIDDEN, OK, LOGIN)
SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)


def name(cast: Cast) -> Made:
    """A page of the list on which one field was confirmed."""
    line = cast.subscribers[0]
    field = f"last_name-{line.pk}"
    return Made(data={"shown": str(line.pk), field: "Новая", "ok": [field], "do": "continue"})


def whole_account(cast: Cast) -> Made:
    """A draft that would end every number of the account, and so is for an application."""
    source = Source(ids=tuple(line.pk for line in cast.subscribers[:5]))
    order = intake.place(cast.anna, "terminate", {}, source, key=uuid.uuid4())
    return Made(kwargs={"pk": order.pk})


ROWS: dict[str, Row] = {
    # Of the owner's lines a stranger has none to rename.
    "order_rename": Row(get=LIST, post=Answers(GONE_ON, FORBIDDEN, INVALID, LOGIN), made=name),
    "order_rename_sample": Row(get=LIST, post=SHOWS),
    "order_application": Row(get=SHOWS, post=Answers(GONE_ON, FORBIDDEN, MISSING, LOGIN), made=whole_account),
}
