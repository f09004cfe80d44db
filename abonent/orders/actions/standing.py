"""What any change of a line needs of the line itself."""

from collections.abc import Collection

from abonent.clients.models import Account
from abonent.orders.actions.action import Problem
from abonent.orders.verdicts import Verdict
from abonent.subscribers.models import Subscriber


def standing(subscriber: Subscriber, allowed: Collection[str]) -> Problem | None:
    """The problem of a line that is not in one of the `allowed` statuses, or whose account is closed."""
    if subscriber.status not in allowed:
        return Problem(Verdict.REFUSED, subscriber.status)
    if subscriber.account.status == Account.Status.CLOSED:
        return Problem(Verdict.REFUSED, "account_closed")
    return None
