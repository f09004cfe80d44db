"""The one door: an order for one line or for a hundred thousand, from whatever face."""

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from abonent.access.models import Identifier, Seat
from abonent.orders import checking
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.action import Action
from abonent.orders.models import ChosenLines, Order, OrderCheck
from abonent.orders.selection import Source

# A selection up to this many lines is judged at once; a longer one, or a file, by the worker with progress.
AT_ONCE = 100


def place(seat: Seat, action: str, params: Mapping[str, object], source: Source, *, key: uuid.UUID) -> Order:
    """Make a draft whose rows get their verdicts; `Order.confirm` then places it.

    The same `key` of the same client gives the same draft. Raises ValueError for an unknown action, parameters that are
    not valid, or a seat without a client.
    """
    if seat.client is None or action not in ACTIONS:
        raise ValueError("nothing can be ordered like this")
    planned = ACTIONS[action].read(params)
    order = Order(client=seat.client, seat=seat, action=action, params=dict(params), titles=titles(planned), key=key)
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
    order.file, order.chosen = source.file, source.stored()
    order.save()
    if source.selected is not None:
        ChosenLines.keep(order, source.selected)
    named = source.ids if source.ids is not None else source.selected
    if named is not None and len(named) <= AT_ONCE:
        checking.check_now(order)
        order.refresh_from_db()
    else:
        OrderCheck.objects.create(order=order)
    return order


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
