"""Where the invoices of accounts go, and changing it: a history of half-open periods (S3, L5)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.audit.journal import Actor, Origin, record
from abonent.clients.addresses import joined
from abonent.clients.models import Account, Delivery
from abonent.lib import clock
from abonent.outbox.posting import post


@dataclass(frozen=True, slots=True)
class Way:
    """How invoices are to go: a method and a format of `Delivery`, addresses in their order (none in person)."""

    method: str
    addresses: tuple[str, ...]
    format: str


def deliveries_at(accounts: Iterable[Account], moment: dt.datetime) -> dict[int, Delivery]:
    """By account id, the delivery in force at `moment`, in one query; an account without one is not in it."""
    rows = Delivery.objects.filter(account__in=[account.pk for account in accounts], start__lte=moment)
    return {row.account_id: row for row in rows.filter(Q(end__isnull=True) | Q(end__gt=moment)).order_by("start")}


def earlier(account: Account, moment: dt.datetime, most: int) -> list[Delivery]:
    """How the invoices of `account` went before what is in force at `moment`, the last first."""
    return list(account.deliveries.filter(end__lte=moment).order_by("-start")[:most])


def change(account: Account, way: Way, actor: Actor, origin: Origin) -> bool:
    """From now on the invoices of `account` go this way; False (and nothing written) where they do already.

    What was in force stays as the history of it: the invoice that was formed before still goes there. Whoever gets
    none any more is told so by letter: a change that nobody wanted is noticed.
    """
    with transaction.atomic():
        # Of two who change it at once, the second finds what the first one left.
        Account.objects.select_for_update().get(pk=account.pk)
        now = clock.now()
        before = account.delivery_at(now)
        if before is not None and _way_of(before) == way:
            return False
        # What was to come, or begins this very instant, was never in force.
        account.deliveries.filter(start__gte=now).delete()
        account.deliveries.filter(Q(end__isnull=True) | Q(end__gt=now)).update(end=now)
        account.deliveries.create(method=way.method, address=joined(way.addresses), format=way.format, start=now)
        record(
            actor,
            "clients.delivery",
            target=("account", account.pk, account.number),
            client_id=account.contract.client_id,
            before=_told(_way_of(before)) if before is not None else None,
            after=_told(way),
            origin=origin,
        )
        for address in before.addresses if before is not None else ():
            if address not in way.addresses:
                _say_goodbye(account, address)
    return True


def _say_goodbye(account: Account, address: str) -> None:
    values = {"number": account.number, "client": account.client.name}
    words = _(
        "Invoices of account %(number)s (%(client)s) do not come to this address any more: somebody who may do so has "
        "changed it. If that was not wanted, tell your administrator or the operator at once."
    )
    post(
        address,
        _("Invoices of account %(number)s go elsewhere now") % values,
        words % values,
        purpose="delivery changed",
        language=get_language() or "",
        client_id=account.contract.client_id,
        account_label=account.number,
    )


def _way_of(delivery: Delivery) -> Way:
    return Way(delivery.method, delivery.addresses, delivery.format)


def _told(way: Way) -> dict[str, str]:
    return {"delivered": way.method, "email": joined(way.addresses), "format": way.format}
