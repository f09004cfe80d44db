"""Who gets what at every address of the product, written by hand.

To add an address, add one line under its name in the resolver (`name/part`, one for each, where it is many pages with
rights of their own). `get` and `post` say what each of four people gets: its
owner (Anna, administrator), a colleague without the right (Kolya), a stranger (Stas, administrator of another company),
and somebody who is not logged in. For a page about an object, `made` makes the object from the cast and gives the parts
of the address and a valid form: the owner gets 200 (302 after a valid POST), the colleague 403, the stranger 404,
anonymous the log-in. A list has no object: the stranger gets 200, and nothing of the owner's company, which the walk
looks for on every page. An address without a line fails the build, and so does a line without an address.
"""

import datetime as dt
import uuid

from abonent.access.models import Role
from abonent.files.keeping import store
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.orders import intake
from abonent.orders.models import Order
from abonent.orders.queues import CHECKS, ITEMS
from abonent.orders.selection import Source
from abonent.outbox.posting import post
from abonent.profile import current
from tests.cast import Cast
from tests.matrix import (
    appeals,
    finance,
    finding,
    history,
    notices,
    numbers,
    operator,
    ordering,
    people,
    renaming,
    roles,
    self,
    subscribers,
)
from tests.matrix.row import (
    FORBIDDEN,
    GONE_ON,
    INVALID,
    LOGIN,
    MISSING,
    NOT_ALLOWED,
    OK,
    UNAVAILABLE,
    Answers,
    Made,
    Row,
    everybody,
)

NO_POST = everybody(NOT_ALLOWED)
NO_GET = everybody(NOT_ALLOWED)
# A page of the client's own data, without an object in its address.
LIST = Answers(OK, FORBIDDEN, OK, LOGIN)
# A page that only shows: whoever may see it may not post to it.
SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
# A page about an object of the owner's company.
OBJECT = Answers(OK, FORBIDDEN, MISSING, LOGIN)
# A valid form about such an object.
CHANGE = Answers(GONE_ON, FORBIDDEN, MISSING, LOGIN)
# Whoever is logged in has nothing to do on the log-in pages.
LOGIN_PAGE = Row(get=Answers(GONE_ON, GONE_ON, GONE_ON, OK), post=Answers(GONE_ON, GONE_ON, GONE_ON, INVALID))


def own_seat(cast: Cast) -> Made:
    return Made(data={"seat": cast.anna.pk})


def language(_cast: Cast) -> Made:
    return Made(data={"language": "be"})


def typed(cast: Cast) -> Made:
    kept = {"path": "/", "fields": [], "person_id": cast.anna.person_id, "seat_id": cast.anna.pk, "had_files": False}
    return Made(session={"typed": kept})


def line(cast: Cast) -> Made:
    return Made(kwargs={"pk": cast.subscribers[0].pk})


def attachment(_cast: Cast) -> Made:
    file = store(b"%PDF-1.7", name="invoice.pdf", mime="application/pdf")
    letter = post(
        "a@example.com", "Invoice", "…", purpose="invoice", language="en", attachments=[(file, "invoice.pdf")]
    )
    letter.sent_at = clock.now()
    letter.save()
    return Made(kwargs={"attachment_id": letter.attachments.get().pk})


def tariff(cast: Cast) -> Made:
    return Made(kwargs={"pk": cast.catalog.tariff.pk})


def draft_order(cast: Cast) -> Made:
    params = {"service": cast.catalog.service.pk}
    source = Source(ids=(cast.subscribers[0].pk,))
    order = intake.place(cast.anna, "connect_service", params, source, key=uuid.uuid4())
    return Made(kwargs={"pk": order.pk})


def placed_order(cast: Cast) -> Made:
    made = draft_order(cast)
    order = Order.objects.as_system().get(client=cast.company)
    drain([CHECKS])
    order.refresh_from_db()
    assert order.confirm(cast.anna.actor())
    return made


def an_order(cast: Cast) -> Made:
    """In the list of orders."""
    placed_order(cast)
    return Made()


def order_to_plan(cast: Cast) -> Made:
    made = draft_order(cast)
    day = clock.today(current().zone) + dt.timedelta(days=7)
    return Made(kwargs=made.kwargs, data={"day": day.isoformat()})


def order_to_retry(cast: Cast) -> Made:
    """Cancelled before it began."""
    made = placed_order(cast)
    assert Order.objects.as_system().get(client=cast.company).cancel(cast.anna.actor())
    drain([ITEMS])
    return Made(kwargs=made.kwargs, data={"cancelled": "1", "key": str(uuid.uuid4())})


def order_to_approve(cast: Cast) -> Made:
    """Pavel's, above the limit of his role."""
    Role.objects.filter(pk=cast.pavel.role_id).update(max_rows=0)
    params = {"service": cast.catalog.service.pk}
    source = Source(ids=(cast.subscribers[3].pk,))
    order = intake.place(cast.pavel, "connect_service", params, source, key=uuid.uuid4())
    assert order.confirm(cast.pavel.actor())
    assert order.state == Order.State.AWAITING
    return Made(kwargs={"pk": order.pk}, data={"reason": "Not now"})


TABLE: dict[str, Row] = {
    # For everybody.
    "health_live": Row(get=everybody(OK), post=NO_POST),
    # No worker runs beside the tests, so the installation is not ready.
    "health_ready": Row(get=everybody(UNAVAILABLE), post=NO_POST),
    "inbox": Row(get=everybody(OK), post=NO_POST),
    "inbox_file": Row(get=everybody(OK), post=NO_POST, made=attachment),
    "styleguide": Row(get=everybody(OK), post=everybody(OK)),
    "set_language": Row(get=NO_GET, post=everybody(GONE_ON), made=language),
    # Logging in and out.
    "login": LOGIN_PAGE,
    "login_password": LOGIN_PAGE,
    "login_account": LOGIN_PAGE,
    "login_email": LOGIN_PAGE,
    # Without a code that was asked for, there is nothing to type.
    "login_code": Row(get=everybody(GONE_ON), post=everybody(GONE_ON)),
    "seats": Row(
        get=Answers(OK, OK, OK, LOGIN),
        # Somebody else's seat does not exist for them.
        post=Answers(GONE_ON, MISSING, MISSING, LOGIN),
        made=own_seat,
    ),
    # What Anna typed is hers; the others are led home.
    "resume": Row(get=Answers(OK, GONE_ON, GONE_ON, LOGIN), post=NO_POST, made=typed),
    "resume_drop": Row(get=NO_GET, post=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN)),
    "logout": Row(get=NO_GET, post=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN)),
    # What a client sees.
    "front": Row(
        get=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN), post=Answers(NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, LOGIN)
    ),
    "home": Row(get=LIST, post=SHOWS),
    "subscribers": Row(get=LIST, post=SHOWS),
    "subscribers_export": Row(get=LIST, post=SHOWS),
    "subscriber": Row(get=OBJECT, post=SHOWS, made=line),
    # Orders. A stranger who posts the owner's numbers gets a draft that has none of them.
    "orders": Row(get=LIST, post=SHOWS),
    "orders_export": Row(get=LIST, post=SHOWS, made=an_order),
    "running": Row(get=LIST, post=SHOWS),
    "order": Row(get=OBJECT, post=SHOWS, made=draft_order),
    "order_placed": Row(get=OBJECT, post=SHOWS, made=placed_order),
    "order_progress": Row(get=OBJECT, post=SHOWS, made=draft_order),
    "order_confirmation": Row(get=SHOWS, post=CHANGE, made=draft_order),
    "order_cancellation": Row(get=SHOWS, post=CHANGE, made=draft_order),
    "order_dropped_rows": Row(get=SHOWS, post=CHANGE, made=draft_order),
    "order_approval": Row(get=SHOWS, post=CHANGE, made=order_to_approve),
    "order_rejection": Row(get=SHOWS, post=CHANGE, made=order_to_approve),
    "order_withdrawal": Row(get=SHOWS, post=CHANGE, made=order_to_approve, owner="pavel"),
    "order_charges": Row(get=OBJECT, post=SHOWS, made=draft_order),
    # The catalog is everybody's who sees numbers.
    "tariff": Row(get=LIST, post=SHOWS, made=tariff),
    "order_export": Row(get=OBJECT, post=SHOWS, made=draft_order),
    "order_date": Row(get=SHOWS, post=CHANGE, made=order_to_plan),
    "order_retry": Row(get=SHOWS, post=CHANGE, made=order_to_retry),
    **ordering.ROWS,
    **finance.ROWS,
    **numbers.ROWS,
    **subscribers.ROWS,
    **people.ROWS,
    **renaming.ROWS,
    **roles.ROWS,
    **self.ROWS,
    **history.ROWS,
    **appeals.ROWS,
    **finding.ROWS,
    **notices.ROWS,
    # What the operator's staff see.
    **operator.ROWS,
}
