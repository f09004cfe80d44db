"""Forwarding calls (S12): setting and ending it for many lines at once, and where calls would end up."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from abonent.catalog.models import Zone, ZonePrefix
from abonent.clients.models import Account, Client
from abonent.lib.among import among
from abonent.lib.inserting import insert_values
from abonent.profile import current
from abonent.subscribers.changing import close
from abonent.subscribers.models import Forwarding, ForwardingWish, Subscriber

# Every number at which a call may arrive that is forwarded to the first one, through lines of these clients alone.
_REACHED = """
WITH RECURSIVE reached(number) AS (
    SELECT CAST(%s AS TEXT)
    UNION
    SELECT CAST(forwarding.target AS TEXT)
    FROM reached
    JOIN subscribers_subscriber AS line ON line.number = reached.number AND line.status <> 'terminated'
    JOIN clients_account AS account ON account.id = line.account_id
    JOIN clients_contract AS contract ON contract.id = account.contract_id AND contract.client_id IN ({clients})
    JOIN subscribers_forwarding AS forwarding ON forwarding.subscriber_id = line.id AND forwarding."end" IS NULL
)
SELECT number FROM reached
"""


@dataclass(frozen=True, slots=True)
class Divert:
    """To where, and after how many seconds (None where that is not asked)."""

    target: str
    seconds: int | None = None


def in_force(subscriber_ids: Collection[int], kind: str) -> dict[int, Divert]:
    """Where these lines forward calls of this kind now, by subscriber id."""
    rows = Forwarding.objects.filter(subscriber_id__in=among(subscriber_ids), kind=kind, end__isnull=True)
    return {pk: Divert(target, seconds) for pk, target, seconds in rows.values_list("subscriber", "target", "seconds")}


def wish(targets: Mapping[int, str], kind: Forwarding.Kind) -> set[int]:
    """Note that these lines (by id) are about to forward calls of this kind; those that would close a circle are left.

    The answer is who may go on. Asked while nobody else of their clients can ask: of two whose calls would go in a
    circle, one comes second and is told.
    """
    with transaction.atomic():
        found = Subscriber.objects.as_system().filter(pk__in=among(targets)).order_by()
        lines = list(found.values_list("pk", "number", "account_id", "account__contract__client_id"))
        clients = {client_id for *_line, client_id in lines}
        list(Client.objects.filter(pk__in=clients).order_by("pk").select_for_update(no_key=True))
        accounts = {account_id for _pk, _number, account_id, _client in lines}
        reached = {target: reached_from(target, accounts) for target in set(targets.values())}
        able = [pk for pk, number, *_rest in lines if number not in reached[targets[pk]]]
        unwish(able, kind)
        rows = [(pk, kind, targets[pk]) for pk in able]
        insert_values(ForwardingWish, ("subscriber_id", "kind", "target"), rows)
    return set(able)


def unwish(subscriber_ids: Collection[int], kind: Forwarding.Kind, target: str = "") -> None:
    """They are not about to any more: it is done, or comes to nothing (then `target` says what)."""
    wishes = ForwardingWish.objects.filter(subscriber_id__in=among(subscriber_ids), kind=kind)
    (wishes.filter(target=target) if target else wishes).delete()


def forward(subscriber_ids: Collection[int], kind: Forwarding.Kind, to: Divert, at: dt.datetime) -> None:
    """From `at`, these lines forward calls of this kind; what held before of the same kind ends."""
    close(Forwarding, subscriber_ids, at, kind=kind)
    unwish(subscriber_ids, kind)
    rows = [(pk, kind, to.target, to.seconds, at) for pk in subscriber_ids]
    insert_values(Forwarding, ("subscriber_id", "kind", "target", "seconds", "start"), rows)


def stop(subscriber_ids: Collection[int], kind: Forwarding.Kind, at: dt.datetime) -> None:
    """These lines forward calls of this kind no more."""
    close(Forwarding, subscriber_ids, at, kind=kind)
    unwish(subscriber_ids, kind)


def reached_from(target: str, account_ids: Collection[int]) -> set[str]:
    """The numbers at which a call to `target` may end up, `target` itself included, by whatever condition.

    What orders are about to set counts as set. Followed are the lines of the clients of these accounts alone: what
    other companies forward is not ours to tell.
    """
    clients = set(Account.objects.as_system().filter(pk__in=account_ids).values_list("contract__client_id", flat=True))
    found = _reached(target, clients)
    wishes = ForwardingWish.objects.filter(subscriber__account__contract__client_id__in=clients)
    served = wishes.exclude(subscriber__status=Subscriber.Status.TERMINATED)
    ways = set(served.values_list("subscriber__number", "target"))
    # Few lines are about to be forwarded at any moment, and of these few are on the way.
    while following := {to for number, to in ways if number in found and to not in found}:
        for to in following:
            found |= _reached(to, clients)
    return found


def _reached(target: str, clients: Collection[int]) -> set[str]:
    """What is in force alone."""
    statement = _REACHED.format(clients=", ".join(str(int(pk)) for pk in clients) or "NULL")
    with connection.cursor() as cursor:
        cursor.execute(statement, [target])
        return {str(number) for (number,) in cursor.fetchall()}


def target_of(typed: str) -> str | None:
    """The digits of a number to which calls may be forwarded at all; None where this is none.

    One of the operator's country as its profile has it, or one of abroad, whole, with + or 00 before it.
    """
    plan = current().numbers
    return plan.clean(typed) or plan.clean_abroad(typed)


def is_allowed(target: str) -> bool:
    """Within the country always; abroad where the catalog lets calls be forwarded to the zone of the longest prefix."""
    if current().numbers.is_home(target):
        return True
    heads = [target[:length] for length in range(1, len(target) + 1)]
    known = ZonePrefix.objects.filter(kind=Zone.Kind.DESTINATION, prefix__in=heads).select_related("zone")
    zones = {entry.prefix: entry.zone for entry in known}
    return bool(zones) and zones[max(zones, key=len)].takes_forwarded


def kept(subscriber_ids: Collection[int]) -> Mapping[int, dict[str, Divert]]:
    """All that these lines forward now: by subscriber id, by kind."""
    found: dict[int, dict[str, Divert]] = {}
    rows = Forwarding.objects.filter(subscriber_id__in=subscriber_ids, end__isnull=True)
    for pk, kind, target, seconds in rows.values_list("subscriber", "kind", "target", "seconds"):
        found.setdefault(pk, {})[kind] = Divert(target, seconds)
    return found
