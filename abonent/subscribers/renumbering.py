"""Another number or another SIM for a line: what it held ends at the instant at which the new one begins (S13, S14)."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from abonent.lib.among import among
from abonent.lib.inserting import insert_values
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
from abonent.subscribers.models.subscriber import line_search_key

NAMES = ("last_name", "first_name", "middle_name")


def change_numbers(numbers: Mapping[int, str], at: dt.datetime) -> dict[int, list[str]]:
    """From `at`, these lines (by id) have these numbers; the old ones, by client, rest.

    Calls before `at` stay with the old number and those after belong to the new one. Whoever logged in by an old one
    has to be told to `access` by the caller.
    """
    found = Subscriber.objects.as_system().filter(pk__in=among(numbers)).order_by()
    lines = list(found.values_list("pk", "number", "account__contract__client_id", "iccid", *NAMES))
    known = PoolNumber.objects.filter(number__in=among(numbers.values()))
    prices = {number: (pk, fee) for number, pk, fee in known.values_list("number", "category_id", "category__fee")}
    close(NumberHolding, numbers, at)
    pool.rest([old for _pk, old, *_rest in lines], at)
    pool.give(list(numbers.values()))
    # At the price of its category now.
    rows = [(pk, number, at, *prices[number]) for pk, number in numbers.items()]
    insert_values(NumberHolding, ("subscriber_id", "number", "start", "category_id", "fee"), rows)
    lost: dict[int, list[str]] = {}
    written = {}
    for pk, old, client_id, iccid, *names in lines:
        lost.setdefault(client_id, []).append(old)
        written[pk] = (numbers[pk], line_search_key(numbers[pk], iccid, *names))
    update_each(Subscriber, ["number", "search_key"], written)
    NumberSearch.objects.filter(line_id__in=among(numbers)).delete()
    return lost


def change_sims(iccids: Mapping[int, str], at: dt.datetime) -> None:
    """From `at`, these lines (by id) have these SIMs; the old ones are used up."""
    close(SimHolding, iccids, at)
    rows = [(pk, iccid, at) for pk, iccid in iccids.items()]
    insert_values(SimHolding, ("subscriber_id", "iccid", "start"), rows)
    lines = Subscriber.objects.as_system().filter(pk__in=among(iccids)).order_by()
    written = {
        pk: (iccids[pk], line_search_key(number, iccids[pk], *names))
        for pk, number, *names in lines.values_list("pk", "number", *NAMES)
    }
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
        found = unused.order_by("pk").select_for_update().values_list("iccid", "pk", "client_id", "line_id")
        # By whom each is taken: nobody, or some line, which is the only one that gets it.
        sims = {iccid: (pk, client_id, line_id) for iccid, pk, client_id, line_id in found}
        got: dict[int, int] = {}
        for line_id, client_id in sorted(clients.items()):
            sim_id, owner_id, taken_by = sims.get(iccids[line_id], (0, None, None))
            if owner_id == client_id and taken_by in {None, line_id}:
                got[line_id], sims[iccids[line_id]] = sim_id, (sim_id, owner_id, line_id)
        update_each(SimCard, ["line"], {sim_id: (line_id,) for line_id, sim_id in got.items()})
    return set(got)


def let_go_sims(iccids: Mapping[int, str]) -> None:
    """What these lines do not get after all is free again; what they have stays used."""
    unused = SimCard.objects.as_system().unused().filter(iccid__in=among(set(iccids.values())))
    kept = [sim.pk for sim in unused if sim.line_id is not None and iccids.get(sim.line_id) == sim.iccid]
    SimCard.objects.as_system().filter(pk__in=kept).update(line=None)
