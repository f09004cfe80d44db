"""Accounts, folders and numbers as places for `access.who_may`: what covers them, and what has a part of them (V8)."""

from collections.abc import Collection

from abonent.access.models import Seat, SeatTarget
from abonent.access.who_may import Place
from abonent.clients.models import Account, Client, Folder
from abonent.subscribers.models import Subscriber, SubscriberQuerySet


def of_client(client: Client) -> Place:
    return Place(client, whole_client=True)


def of_account(account: Account) -> Place:
    """Whoever has a folder or single numbers may have some of this account."""
    lines = Subscriber.objects.filter(account=account)
    used = Folder.objects.filter(subscribers__in=lines).order_by().values_list("pk", flat=True).distinct()
    return Place(
        account.client,
        accounts=frozenset({account.pk}),
        part_folders=_above(used),
        part_subscribers=_named(account.client, lines),
    )


def of_folder(folder: Folder) -> Place:
    """Covered by itself and what is above it; folders below, accounts and single numbers may have a part of it."""
    below = frozenset(Folder.objects.below([folder.pk]).values_list("pk", flat=True))
    lines = Subscriber.objects.filter(folder__in=Folder.objects.below([folder.pk]))
    return Place(
        folder.client,
        folders=_above([folder.pk]),
        part_accounts=frozenset(lines.order_by().values_list("account_id", flat=True).distinct()),
        part_folders=below - {folder.pk},
        part_subscribers=_named(folder.client, lines),
    )


def of_number(subscriber: Subscriber) -> Place:
    """A single number is covered or not: it has no parts."""
    return Place(
        subscriber.account.client,
        accounts=frozenset({subscriber.account_id}),
        folders=_above([subscriber.folder_id] if subscriber.folder_id else []),
        subscribers=frozenset({subscriber.pk}),
    )


def _above(ids: Collection[int]) -> frozenset[int]:
    return frozenset(Folder.objects.above(ids).values_list("pk", flat=True))


def _named(client: Client, lines: SubscriberQuerySet) -> frozenset[int]:
    """Those of `lines` that some seat is bound to one by one."""
    bound = SeatTarget.objects.filter(seat__client=client, seat__reach=Seat.Reach.SUBSCRIBERS).values("target")
    return frozenset(lines.filter(pk__in=bound).values_list("pk", flat=True))
