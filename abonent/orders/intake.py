"""The one door: an order for one line or for a hundred thousand, from whatever face."""

import datetime as dt
import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from abonent.access.models import Identifier, Seat
from abonent.files.keeping import store
from abonent.files.models import StoredFile
from abonent.lib import clock
from abonent.orders import checking, keeping, planning, typed
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.action import Action
from abonent.orders.models import ChosenLines, Order, OrderCheck, OrderItem, Result, Verdict
from abonent.orders.selection import Retry, Source
from abonent.orders.states import ENDED

# A selection up to this many lines is judged at once; a longer one, or a file, by the worker with progress.
AT_ONCE = 100


def place(  # an order has these many sides, the last two by name
    seat: Seat,
    action: str,
    params: Mapping[str, object],
    source: Source,
    *,
    key: uuid.UUID,
    due: dt.datetime | None = None,
) -> Order:
    """Make a draft whose rows get their verdicts; `Order.confirm` then places it, for `due` (None: at once).

    The same `key` of the same client gives the same draft. On a closed day there is a draft all the same: it says from
    when it is possible (`Order.why_not`), and waits for another date. Raises ValueError for an unknown action,
    parameters that are not valid, a seat without a client, or a `due` that is past or more than a year off.
    """
    if seat.client is None or action not in ACTIONS:
        raise ValueError("nothing can be ordered like this")
    if due is not None and not clock.now() < due <= clock.now() + planning.FURTHEST:
        raise ValueError("an order is for a day within a year from now")
    named = titles(ACTIONS[action].read(params))
    order = Order(client=seat.client, seat=seat, action=action, params=dict(params), titles=named, key=key, due=due)
    try:
        with transaction.atomic():
            return _draft(order, seat, source)
    except IntegrityError:
        before = Order.objects.filter(client=seat.client, key=key).first()
        if before is None:
            raise
        return before


def _draft(order: Order, seat: Seat, source: Source) -> Order:
    actor = seat.actor()
    order.actor_kind, order.actor_id, order.actor_label = actor.kind, actor.id, actor.label
    order.person_label = _person_label(seat)
    order.file, order.chosen = source.file or _written(source), source.stored()
    order.retry_of_id = source.retry.order_id if source.retry else None
    order.save()
    if source.selected is not None:
        ChosenLines.keep(order, source.selected)
    if _is_short(source):
        checking.check_now(order)
        order.refresh_from_db()
    else:
        OrderCheck.objects.create(order=order)
    return order


def _written(source: Source) -> StoredFile | None:
    """A typed list as a file, so that it is kept, read and recognised as one."""
    if not source.typed:
        return None
    return store(source.typed.encode(errors="replace"), name="numbers.txt", mime=typed.PLAIN)


def _is_short(source: Source) -> bool:
    if source.typed:
        return len(typed.entries(source.typed)) <= AT_ONCE
    if source.retry is not None:
        return source.retry.rows <= AT_ONCE
    named = source.ids if source.ids is not None else source.selected
    return named is not None and len(named) <= AT_ONCE


def retry(order: Order, seat: Seat, *, key: uuid.UUID, cancelled: bool = False) -> Order:
    """Make a draft of the rows of an ended order that failed, and of those cancelled where asked, with what they ask.

    It is linked by `retry_of`; `order` is one that `seat` sees. Raises ValueError where there is nothing to try again,
    the order has not ended, or what it asked for is not offered any more.
    """
    results = (Result.FAILED, Result.CANCELLED) if cancelled else (Result.FAILED,)
    rows = retriable(order, *results)
    if order.state not in ENDED or order.client_id != seat.client_id or not rows:
        raise ValueError("there is nothing to try again")
    found = Retry(order.pk, tuple(result.value for result in results), rows)
    return place(seat, order.action, order.params, Source(retry=found), key=key)


def retriable(order: Order, *results: Result) -> int:
    """How many rows of a placed order have ended so, of those that were to be done.

    Those in doubt are none of them: the network may have done them, and would be told a second time.
    """
    ended = OrderItem.objects.filter(order=order, verdict=Verdict.FINE, result__in=results)
    return ended.exclude(keeping.IN_DOUBT).count()


def titles(planned: Action) -> dict[str, str]:
    """What it is called, by language."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = planned.title
    return found


def _person_label(seat: Seat) -> str:
    """The person's number, where there is one («Заявка от»)."""
    phone = seat.person.identifiers.filter(kind=Identifier.Kind.PHONE).order_by("pk").first()
    return str(phone) if phone else seat.person.name
