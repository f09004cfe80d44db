"""Where the invoices of several accounts go."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from abonent.clients.models import Account, Delivery


def deliveries_at(accounts: Iterable[Account], moment: dt.datetime) -> dict[int, Delivery]:
    """By account id, the delivery in force at `moment`, in one query; an account without one is not in it."""
    rows = Delivery.objects.filter(account__in=[account.pk for account in accounts], start__lte=moment)
    return {row.account_id: row for row in rows.filter(Q(end__isnull=True) | Q(end__gt=moment)).order_by("start")}
