"""Numbers of the pool for many lines at once: reserved as an offer is, while a list is looked at (S13)."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from abonent.catalog.models import NumberCategory
from abonent.lib import clock
from abonent.lib.among import among
from abonent.lib.inserting import insert_values
from abonent.lib.updating import update_each
from abonent.profile import current
from abonent.subscribers.models import NumberSearch, PoolNumber
from abonent.subscribers.models.pool import draw


@dataclass(slots=True)
class Reserved:
    """What became of a wish for several lines: the number by the line's id; `tired` have asked too often of late."""

    numbers: dict[int, PoolNumber] = field(default_factory=dict)
    tired: set[int] = field(default_factory=set)


def reserve(wanted: Mapping[int, str], category: NumberCategory | None) -> Reserved:
    """Reserve a number for each of these lines (by id, at most a few thousand), for as long as an offer lasts.

    A line that names a number gets that one where nobody else has it; who does not, or comes too late, gets a free one
    of `category` (with None: nothing). A line with one of that category in its reservation keeps it. What a line had
    not before is a try, as an offer is (`pool.tries`). Lines come in the order of their ids, until none is free.
    """
    now = clock.now()
    found = Reserved()
    with transaction.atomic():
        before = _before(wanted, category, now)
        searches = {search.line_id: search for search in NumberSearch.objects.filter(line_id__in=among(wanted))}
        found.tired = {pk for pk, search in searches.items() if pk not in before and _is_tired(search, now)}
        asking = [pk for pk in sorted(wanted) if pk not in before and pk not in found.tired]
        fresh = _named({pk: wanted[pk] for pk in asking if wanted[pk]}, now)
        # From here on these are free to nobody else of the list.
        _write(before | fresh, now)
        if category is not None:
            left = [pk for pk in asking if pk not in fresh]
            drawn = dict(zip(left, free_ones(category, len(left), now), strict=False))
            _write(drawn, now)
            fresh |= drawn
        found.numbers = before | fresh
        _count_tries(fresh, searches, now)
    return found


def free_ones(category: NumberCategory, count: int, now: dt.datetime) -> list[PoolNumber]:
    """So many free numbers that nobody is taking at this moment, locked: those that follow a point of the drum."""
    if not count:
        return []
    start = draw()
    free = PoolNumber.objects.free(now).filter(category=category).select_related("category").order_by("draw")
    # Rows that somebody else is taking at this moment are passed over, not waited for.
    locked = free.select_for_update(skip_locked=True, of=("self",))
    picked = list(locked.filter(draw__gte=start)[:count])
    return picked if len(picked) == count else picked + list(locked.filter(draw__lt=start)[: count - len(picked)])


def _before(wanted: Mapping[int, str], category: NumberCategory | None, now: dt.datetime) -> dict[int, PoolNumber]:
    """What these lines have in reservation or on order already, and still want."""
    held = PoolNumber.objects.filter(wanted_by_id__in=among(wanted)).select_related("category").order_by("pk")
    found: dict[int, PoolNumber] = {}
    for number in held.select_for_update(of=("self",)):
        line_id = number.wanted_by_id or 0
        reserved = number.free_from is not None and number.free_from > now
        # Nobody took it since, or it would be wanted by them.
        is_named = number.number == wanted[line_id]
        if is_named or (reserved and line_id not in found and category is not None and number.category == category):
            found[line_id] = number
    return found


def _named(wanted: Mapping[int, str], now: dt.datetime) -> dict[int, PoolNumber]:
    """Of these numbers those that are free, locked; of two lines with one wish the first gets it."""
    free = PoolNumber.objects.free(now).filter(number__in=among(wanted.values())).select_related("category")
    known = {number.number: number for number in free.order_by("pk").select_for_update(skip_locked=True, of=("self",))}
    return {pk: known.pop(number) for pk, number in sorted(wanted.items()) if number in known}


def _write(numbers: Mapping[int, PoolNumber], now: dt.datetime) -> None:
    """What is ordered already stays so."""
    until = now + dt.timedelta(minutes=current().pool.offer_minutes)
    rows = {number.pk: (until, pk) for pk, number in numbers.items() if number.free_from is not None}
    update_each(PoolNumber, ["free_from", "wanted_by"], rows)


def _is_tired(search: NumberSearch, now: dt.datetime) -> bool:
    return not _is_over(search, now) and search.tries >= current().pool.tries


def _is_over(search: NumberSearch, now: dt.datetime) -> bool:
    return search.since + dt.timedelta(minutes=current().pool.tries_minutes) <= now


def _count_tries(line_ids: Collection[int], searches: Mapping[int, NumberSearch], now: dt.datetime) -> None:
    new = [pk for pk in line_ids if pk not in searches]
    # Of one that began a search at this very moment no try is counted twice.
    insert_values(NumberSearch, ("line_id", "tries", "since"), [(pk, 1, now) for pk in new], skip_known=True)
    again = {}
    for search in (searches[pk] for pk in line_ids if pk in searches):
        tries, since = (0, now) if _is_over(search, now) else (search.tries, search.since)
        again[search.pk] = (tries + 1, since, None)
    update_each(NumberSearch, ["tries", "since", "seat"], again)
