"""A written application instead of an order that cannot be placed: an appeal with the list attached (L11, S15.5)."""

import tempfile
import uuid
from typing import BinaryIO

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.appeals.conversation import Said, Subject, open_appeal
from abonent.appeals.models import Appeal
from abonent.appeals.uploads import take
from abonent.audit.journal import Origin
from abonent.formats.writers import WRITERS
from abonent.orders import written
from abonent.orders.models import Order


class NotNeeded(Exception):  # noqa: N818  # an answer to the person, not a mishap
    """The order can be placed as it is, was placed, or is not this person's draft."""


def apply_in_writing(order: Order, seat: Seat, origin: Origin | None) -> Appeal:
    """Make an application of a draft, which is then given up; asked twice, it is one. `order` is one that `seat` sees.

    `NotNeeded` where the order itself can be gone on with; `TooOften` beyond the day's bound of messages.
    """
    key = uuid.uuid5(order.key, "application")
    before = Appeal.objects.within(seat).filter(client_id=order.client_id, key=key).first()
    if before is not None:
        return before
    if not written.is_needed(order) or not order.is_by(seat.actor()):
        raise NotNeeded
    accounts = list(order.accounts.all()[:2])
    subject = Subject(Appeal.Kind.APPLICATION, order.title, account=accounts[0] if len(accounts) == 1 else None)
    appeal = open_appeal(seat, subject, Said(_words(order), key, (_list_of(order, seat),)), origin)
    order.cancel(seat.actor(), origin)
    return appeal


def _words(order: Order) -> str:
    asked = ngettext(
        "We apply for: %(title)s, for %(count)d number. The list is attached.",
        "We apply for: %(title)s, for %(count)d numbers. The list is attached.",
        order.left,
    )
    words = asked % {"title": order.title, "count": order.left}
    answer = order.why_not()
    return words if answer else f"{words}\n{answer.reason}"


def _list_of(order: Order, seat: Seat) -> int:
    """The id of the list, sent up as a file of the person's own."""
    writer = WRITERS["xlsx"]
    with tempfile.TemporaryFile() as stream:
        writer.write(written.report(order, get_language() or "en"), stream, lambda _rows: None)
        size = stream.tell()
        stream.seek(0)
        content: BinaryIO = stream
        return take(content, size, _("application") + ".xlsx", seat.person).pk
