"""The last line of an account is not ended like the others (S15.5).

What counts are the lines that an account still has, less those that some placed order is about to end: two orders of
half an account each must not do together what one of them may not.
"""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, Subquery

from abonent.clients.models import Account
from abonent.subscribers.models import Subscriber, SubscriberQuerySet

TERMINATE = "terminate"
# Rows without an end: the second condition says the same, and there is an index for it.
_OPEN = Q(order_items__result="", order_items__next_try__isnull=False)


def emptied_by(order_id: int) -> list[str]:
    """The numbers of the accounts that would keep no line once this draft and all orders placed before are done.

    The answer holds while nobody else of the client can place an order (`OrderNumbers.lock`).
    """
    mine = Subscriber.objects.as_system().filter(_OPEN, order_items__order_id=order_id)
    touched = list(mine.order_by().values_list("account_id", flat=True).distinct())
    leaving = _leaving([order_id, *_placed(touched)])
    found = Account.objects.as_system().filter(pk__in=touched).filter(~Exists(_staying(leaving)))
    return list(found.order_by("number").values_list("number", flat=True))


def last_ones(lines: Collection[Subscriber]) -> set[int]:
    """Of these lines, the ids of those that have to stay: every other line of their account is gone or going.

    Of the lines of an account it is always the same one, so that workers at several orders agree without asking each
    other. It matters where a line left the account some other way after the orders were placed.
    """
    ids = {line.pk for line in lines}
    in_order = _of_account().order_by("-number", "-pk")
    accounts = Account.objects.as_system().filter(pk__in={line.account_id for line in lines})
    last = dict(accounts.annotate(last=Subquery(in_order.values("pk")[:1])).values_list("pk", "last"))
    asked = [account for account, pk in last.items() if pk in ids]
    if not asked:
        return set()
    leaving = _leaving(_placed(asked))
    emptied = Account.objects.as_system().filter(pk__in=asked).filter(~Exists(_staying(leaving)))
    return {last[pk] for pk in emptied.values_list("pk", flat=True)}


def _placed(accounts: Collection[int]) -> list[int]:
    """The orders to terminate lines of these accounts that were placed and have not ended: few in any history."""
    open_ones = Q(orders__action=TERMINATE, orders__number__isnull=False, orders__finished_at=None)
    found = Account.objects.as_system().filter(open_ones, pk__in=accounts)
    return list(found.order_by().values_list("orders__pk", flat=True).distinct())


def _leaving(orders: Collection[int]) -> SubscriberQuerySet:
    """The lines that open rows of these orders are about to end."""
    return Subscriber.objects.as_system().filter(_OPEN, order_items__order_id__in=orders)


def _of_account() -> SubscriberQuerySet:
    """The lines that the account of the outer query still has."""
    lines = Subscriber.objects.as_system().filter(account=OuterRef("pk"))
    return lines.exclude(status=Subscriber.Status.TERMINATED)


def _staying(leaving: SubscriberQuerySet) -> SubscriberQuerySet:
    return _of_account().exclude(pk__in=leaving.order_by().values("pk"))
