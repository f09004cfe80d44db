"""Another number or another SIM for a line: what it held ends at the instant at which the new one begins (S13, S14)."""

import datetime as dt
from collections.abc import Mapping

from abonent.lib.inserting import insert
from abonent.subscribers import pool
from abonent.subscribers.changing import close
from abonent.subscribers.models import (
    NumberHolding,
    NumberSearch,
    PoolNumber,
    SimCard,
    SimHolding,
    Subscriber,
)


def change_numbers(numbers: Mapping[int, str], at: dt.datetime) -> dict[int, list[str]]:
    """From `at`, these lines (by id) have these numbers; the old ones, by client, rest.

    Calls before `at` stay with the old number and those after belong to the new one. Whoever logged in by an old one
    has to be told to `access` by the caller.
    """
    lines = list(Subscriber.objects.as_system().filter(pk__in=numbers).select_related("account__contract"))
    chosen = {
        row.number: row for row in PoolNumber.objects.filter(number__in=numbers.values()).select_related("category")
    }
    close(NumberHolding, numbers, at)
    pool.rest([line.number for line in lines], at)
    pool.give(list(numbers.values()))
    insert([_holding(line.pk, chosen[numbers[line.pk]], at) for line in lines])
    lost: dict[int, list[str]] = {}
    for line in lines:
        lost.setdefault(line.account.contract.client_id, []).append(line.number)
        line.number = numbers[line.pk]
        line.search_key = line.make_search_key()
    Subscriber.objects.bulk_update(lines, ["number", "search_key"], batch_size=200)
    NumberSearch.objects.filter(line_id__in=numbers).delete()
    return lost


def _holding(line_id: int, chosen: PoolNumber, at: dt.datetime) -> NumberHolding:
    category = chosen.category
    return NumberHolding(subscriber_id=line_id, number=chosen.number, start=at, category=category, fee=category.fee)


def change_sims(iccids: Mapping[int, str], at: dt.datetime) -> None:
    """From `at`, these lines (by id) have these SIMs; the old ones are used up."""
    close(SimHolding, iccids, at)
    insert([SimHolding(subscriber_id=pk, iccid=iccid, start=at) for pk, iccid in iccids.items()])
    lines = list(Subscriber.objects.as_system().filter(pk__in=iccids))
    for line in lines:
        line.iccid = iccids[line.pk]
        line.search_key = line.make_search_key()
    Subscriber.objects.bulk_update(lines, ["iccid", "search_key"], batch_size=200)


def keep_sims(iccids: Mapping[int, str]) -> set[int]:
    """Take these free SIMs for these lines (by id) until their orders end; the lines that got theirs.

    Each is a SIM of the line's own client: another company's is got by nobody.
    """
    clients = dict(
        Subscriber.objects.as_system().filter(pk__in=iccids).values_list("pk", "account__contract__client_id")
    )
    got = set()
    for line_id, client_id in sorted(clients.items()):
        free = SimCard.objects.as_system().unused().filter(iccid=iccids[line_id], client_id=client_id)
        if free.filter(line=None).update(line_id=line_id) or free.filter(line_id=line_id).exists():
            got.add(line_id)
    return got


def let_go_sims(iccids: Mapping[int, str]) -> None:
    """What these lines do not get after all is free again; what they have stays used."""
    for line_id, iccid in sorted(iccids.items()):
        SimCard.objects.as_system().unused().filter(iccid=iccid, line_id=line_id).update(line=None)
