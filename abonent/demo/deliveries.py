"""Deliveries that were changed within the year: one company comes for its invoices, one has them sent to two people."""

import datetime as dt
from collections.abc import Mapping

from abonent.audit.journal import SYSTEM, Origin
from abonent.clients.deliveries import Way, change
from abonent.clients.models import Account, Delivery
from abonent.lib import clock

AFTER = dt.timedelta(days=75)
CHANGES = {
    "00020100002": Way(Delivery.Method.EMAIL, ("filial@aist.example", "buh@aist.example"), Delivery.Format.PDF),
    "00020100006": Way(Delivery.Method.HAND, (), Delivery.Format.PDF),
}


def make_deliveries(accounts: Mapping[str, Account], since: dt.datetime) -> None:
    """Change them some weeks after `since`, when the companies came."""
    with clock.stopped(since + AFTER):
        for number, way in CHANGES.items():
            change(accounts[number], way, SYSTEM, Origin())
