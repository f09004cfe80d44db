"""Some lines forward their calls: to the office of their company, or to a number outside (S12)."""

import datetime as dt

from abonent.clients.models import Account, Client
from abonent.subscribers import forwarding
from abonent.subscribers.forwarding import Divert
from abonent.subscribers.models import Forwarding, Subscriber

Kind = Forwarding.Kind
AGO = dt.timedelta(days=40)
OUTSIDE = "375172000000"
# One line in so many forwards calls of this kind, from a place of its own on.
SHARES = ((Kind.NO_ANSWER, 9, 1), (Kind.UNREACHABLE, 14, 3), (Kind.BUSY, 23, 5), (Kind.UNCONDITIONAL, 61, 7))
SECONDS = 20


def make_forwarding(now: dt.datetime) -> None:
    """Nobody forwards to a mobile line, so calls never go in a circle."""
    for client in Client.objects.order_by("pk"):
        lines = Subscriber.objects.as_system().filter(account__contract__client=client, status="active")
        lines = lines.filter(number_holdings__start__lt=now - AGO, number_holdings__end=None)
        mobile = list(lines.filter(account__kind=Account.Kind.MOBILE).order_by("pk").values_list("pk", flat=True))
        office = lines.filter(account__kind=Account.Kind.FIXED).order_by("number").first()
        target = office.number if office is not None else OUTSIDE
        for kind, every, first in SHARES:
            to = Divert(target, SECONDS if kind == Kind.NO_ANSWER else None)
            forwarding.forward(mobile[first::every], kind, to, now - AGO)
