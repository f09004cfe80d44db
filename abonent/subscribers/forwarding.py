"""Forwarding calls (S12): setting and ending it for many lines at once, and where calls would end up."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import F

from abonent.catalog.models import Zone, ZonePrefix
from abonent.clients.models import Account
from abonent.lib.inserting import insert
from abonent.profile import current
from abonent.subscribers.models import Forwarding

INSTANT = dt.timedelta(microseconds=1)

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
    rows = Forwarding.objects.filter(subscriber_id__in=subscriber_ids, kind=kind, end__isnull=True)
    return {pk: Divert(target, seconds) for pk, target, seconds in rows.values_list("subscriber", "target", "seconds")}


def forward(subscriber_ids: Collection[int], kind: Forwarding.Kind, to: Divert, at: dt.datetime) -> None:
    """From `at`, these lines forward calls of this kind; what held before of the same kind ends."""
    stop(subscriber_ids, kind, at)
    rows = [
        Forwarding(subscriber_id=pk, kind=kind, target=to.target, seconds=to.seconds, start=at) for pk in subscriber_ids
    ]
    insert(rows)


def stop(subscriber_ids: Collection[int], kind: Forwarding.Kind, at: dt.datetime) -> None:
    """End the forwarding of this kind at `at`; what began at this very moment held for an instant."""
    held = Forwarding.objects.filter(subscriber_id__in=subscriber_ids, kind=kind, end__isnull=True)
    held.filter(start__gte=at).update(end=F("start") + INSTANT)
    held.filter(start__lt=at).update(end=at)


def reached_from(target: str, account_ids: Collection[int]) -> set[str]:
    """The numbers at which a call to `target` may end up, `target` itself included, by whatever condition.

    Followed are the lines of the clients of these accounts alone: what other companies forward is not ours to tell.
    """
    clients = set(Account.objects.as_system().filter(pk__in=account_ids).values_list("contract__client_id", flat=True))
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
