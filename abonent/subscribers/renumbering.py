"""Another number or another SIM for a line: what it held ends at the instant at which the new one begins (S13, S14)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from abonent.clients.models import Account
from abonent.lib.among import among
from abonent.lib.inserting import insert
from abonent.lib.updating import update_each
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
    lines = list(Subscriber.objects.as_system().filter(pk__in=among(numbers)))
    clients = dict(
        Account.objects.as_system()
        .filter(pk__in={line.account_id for line in lines})
        .values_list("pk", "contract__client_id")
    )
    known = PoolNumber.objects.filter(number__in=among(numbers.values()))
    prices = {number: (pk, fee) for number, pk, fee in known.values_list("number", "category_id", "category__fee")}
    close(NumberHolding, numbers, at)
    pool.rest([line.number for line in lines], at)
    pool.give(list(numbers.values()))
    insert([_holding(pk, number, prices[number], at) for pk, number in numbers.items()])
    lost: dict[int, list[str]] = {}
    written = {}
    for line in lines:
        lost.setdefault(clients[line.account_id], []).append(line.number)
        line.number = numbers[line.pk]
        written[line.pk] = (line.number, line.make_search_key())
    update_each(Subscriber, ["number", "search_key"], written)
    NumberSearch.objects.filter(line_id__in=among(numbers)).delete()
    return lost


def _holding(line_id: int, number: str, price: tuple[int, Decimal], at: dt.datetime) -> NumberHolding:
    """`price` is that of its category (by id) now."""
    category_id, fee = price
    return NumberHolding(subscriber_id=line_id, number=number, start=at, category_id=category_id, fee=fee)


def change_sims(iccids: Mapping[int, str], at: dt.datetime) -> None:
    """From `at`, these lines (by id) have these SIMs; the old ones are used up."""
    close(SimHolding, iccids, at)
    insert([SimHolding(subscriber_id=pk, iccid=iccid, start=at) for pk, iccid in iccids.items()])
    written = {}
    for line in Subscriber.objects.as_system().filter(pk__in=among(iccids)):
        line.iccid = iccids[line.pk]
        written[line.pk] = (line.iccid, line.make_search_key())
    update_each(Subscriber, ["iccid", "search_key"], written)


def keep_sims(iccids: Mapping[int, str]) -> set[int]:
    """Take these free SIMs for these lines (by id) until their orders end; the lines that got theirs.

    Each is a SIM of the line's own client: another company's is got by nobody.
    """
    with transaction.atomic():
        clients = dict(
            Subscriber.objects.as_system()
            .filter(pk__in=among(iccids))
            .values_list("pk", "account__contract__client_id")
        )
        unused = SimCard.objects.as_system().unused().filter(iccid__in=among(set(iccids.values())))
        sims = {sim.iccid: sim for sim in unused.order_by("pk").select_for_update()}
        got: dict[int, int] = {}
        for line_id, client_id in sorted(clients.items()):
            sim = sims.get(iccids[line_id])
            if sim is not None and sim.client_id == client_id and sim.line_id in {None, line_id}:
                got[line_id], sim.line_id = sim.pk, line_id
        update_each(SimCard, ["line"], {sim_id: (line_id,) for line_id, sim_id in got.items()})
    return set(got)


def let_go_sims(iccids: Mapping[int, str]) -> None:
    """What these lines do not get after all is free again; what they have stays used."""
    unused = SimCard.objects.as_system().unused().filter(iccid__in=among(set(iccids.values())))
    kept = [sim.pk for sim in unused if sim.line_id is not None and iccids.get(sim.line_id) == sim.iccid]
    SimCard.objects.as_system().filter(pk__in=kept).update(line=None)
