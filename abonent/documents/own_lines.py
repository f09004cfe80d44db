"""Which subscribers of an account a seat may have in a document: those that it sees (V8)."""

from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.clients.models import Account
from abonent.profile.calendar import Answer
from abonent.subscribers.models import Subscriber

Lines = tuple[int, ...] | None
"""Ids; None means all of the account."""


def within(account: Account, asked: Lines, seat: Seat) -> Lines | Answer:
    """What is asked, and for a seat that sees single numbers, its own ones alone; an answer where others are named."""
    if not seat.is_narrow:
        return asked
    own = Subscriber.objects.within(seat).filter(account=account).order_by("number", "pk")
    reached = tuple(own.values_list("pk", flat=True))
    if not reached or not set(reached).issuperset(asked or ()):
        return Answer(False, _("Some of these numbers are not yours any more. Choose them anew."))
    return reached if asked is None else asked
