"""Choosing a number from the pool: an offer that nobody else gets, a number that is kept for an order (S13).

Everything that two people could both want is one conditional statement; what it changed is what one got.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.db.models import Max, Q

from abonent.access.models import Seat
from abonent.audit.journal import Origin, record
from abonent.catalog.models import NumberCategory
from abonent.lib import clock
from abonent.lib.among import among
from abonent.lib.updating import update_each
from abonent.profile import current
from abonent.subscribers.models import NumberHolding, NumberSearch, PoolNumber, Subscriber
from abonent.subscribers.reserving import free_ones

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Tries:
    """How many fresh offers a line may still ask for; `again` is when it has all of them again."""

    left: int
    again: dt.datetime


class NoTriesLeftError(Exception):
    """So many offers were asked for that the next one has to wait."""


def tries(line: Subscriber) -> Tries:
    """Answer without changing anything."""
    rules, now = current().pool, clock.now()
    search = NumberSearch.objects.filter(line=line).first()
    span = dt.timedelta(minutes=rules.tries_minutes)
    if search is None or search.since + span <= now:
        return Tries(rules.tries, now + span)
    return Tries(max(rules.tries - search.tries, 0), search.since + span)


def categories(kind: str) -> list[NumberCategory]:
    """What is on sale for accounts of this kind, the cheapest first."""
    return list(NumberCategory.objects.filter(kind=kind, on_sale=True).order_by("fee", "code"))


def free_in(category: NumberCategory) -> int:
    """How many numbers of it are free at present."""
    return PoolNumber.objects.free(clock.now()).filter(category=category).count()


def offered(line: Subscriber) -> list[PoolNumber]:
    """What is reserved for this line at present."""
    found = PoolNumber.objects.reserved_for(line.pk, clock.now())
    return list(found.select_related("category").order_by("number"))


def offer(seat: Seat, line: Subscriber, category: NumberCategory, origin: Origin | None = None) -> list[PoolNumber]:
    """Reserve a fresh offer for `line`, and let go of the one before; empty where no number is free.

    An empty offer is no try, and the one before stays. A seat has one open offer: those for its other lines are let go.
    Raises NoTriesLeftError.
    """
    rules, now = current().pool, clock.now()
    with transaction.atomic():
        search = _search(line, now)
        if search.tries >= rules.tries:
            raise NoTriesLeftError
        found = _take(line, category, now + dt.timedelta(minutes=rules.offer_minutes), now)
        if not found:
            return []
        _let_go_offers(seat, line, {number.pk for number in found}, now)
        search.tries, search.seat = search.tries + 1, seat
        search.save(update_fields=["tries", "seat"])
        record(
            seat.actor(),
            "subscribers.offer",
            target=("subscriber", line.pk, line.number),
            client_id=seat.client_id,
            after={"category": category.code, "offered": [number.number for number in found], "try": search.tries},
            origin=origin,
        )
    return sorted(found, key=lambda number: number.number)


def _search(line: Subscriber, now: dt.datetime) -> NumberSearch:
    """The line's search, locked; begun anew where its time is over."""
    NumberSearch.objects.get_or_create(line=line)
    search = NumberSearch.objects.select_for_update().get(line=line)
    if search.since + dt.timedelta(minutes=current().pool.tries_minutes) <= now:
        search.tries, search.since = 0, now
        search.save(update_fields=["tries", "since"])
    return search


def _take(line: Subscriber, category: NumberCategory, until: dt.datetime, now: dt.datetime) -> list[PoolNumber]:
    """Reserve up to an offer of free numbers: those that follow a random point of the drum."""
    picked = free_ones(category, current().pool.offer_size, now)
    taken = PoolNumber.objects.filter(pk__in=[number.pk for number in picked], free_from__lte=now)
    taken.update(free_from=until, wanted_by=line)
    return picked


def _let_go_offers(seat: Seat, line: Subscriber, fresh: Collection[int], now: dt.datetime) -> None:
    """End the offer before, and the seat's open ones for other lines, so that nobody hoards numbers."""
    others = NumberSearch.objects.filter(seat=seat).exclude(line=line).values("line_id")
    offers = PoolNumber.objects.filter(Q(wanted_by=line) | Q(wanted_by_id__in=others), free_from__gt=now)
    _free(offers.exclude(pk__in=fresh).select_for_update(skip_locked=True).values_list("pk", flat=True), now)


def choose(line: Subscriber, number: str) -> bool:
    """Keep this one of the offer for as long again, let go of the others; False where it is not reserved any more."""
    now = clock.now()
    with transaction.atomic():
        search = _search(line, now)
        reserved = PoolNumber.objects.reserved_for(line.pk, now)
        until = now + dt.timedelta(minutes=current().pool.offer_minutes)
        if not reserved.filter(number=number).update(free_from=until):
            return False
        _free(reserved.exclude(number=number).values_list("pk", flat=True), now)
        search.seat = None
        search.save(update_fields=["seat"])
    return True


def keep(numbers: Mapping[int, str]) -> set[int]:
    """Keep these numbers (by the line's id) until their orders end; the lines that got theirs.

    One whose reservation has run out is still got where nobody else took it.
    """
    now = clock.now()
    with transaction.atomic():
        found = _locked(numbers.values())
        got = {pk: found[number] for pk, number in sorted(numbers.items()) if _is_for(found.get(number), pk, now)}
        # Of two lines with one wish, the first.
        first = {number.pk: pk for pk, number in reversed(got.items())}
        # What is ordered for its line already is left as it is.
        fresh = {number.pk for number in got.values() if number.free_from is not None}
        update_each(PoolNumber, ["free_from", "wanted_by"], {key: (None, first[key]) for key in fresh})
    return set(first.values())


def let_go(numbers: Mapping[int, str], *, ordered: bool = True) -> None:
    """What these lines do not want after all is free; what somebody else wants stays theirs.

    Without `ordered` only what is merely reserved: an order that was placed may have the same number.
    """
    with transaction.atomic():
        found = _locked(numbers.values())
        wanted = ((pk, found.get(number)) for pk, number in numbers.items())
        own = [number for pk, number in wanted if number is not None and number.wanted_by_id == pk]
        _free([number.pk for number in own if ordered or number.free_from is not None], clock.now())


class _Locked(NamedTuple):
    """What there is to know of a number of the pool; a model object of each takes several times as long."""

    pk: int
    number: str
    wanted_by_id: int | None
    free_from: dt.datetime | None


def _locked(numbers: Iterable[str]) -> dict[str, _Locked]:
    rows = PoolNumber.objects.filter(number__in=among(set(numbers))).order_by("pk").select_for_update()
    return {row[1]: _Locked(*row) for row in rows.values_list(*_Locked._fields)}


def _is_for(number: _Locked | None, line_id: int, now: dt.datetime) -> bool:
    """Whether it is free, reserved for this line, or ordered for it."""
    if number is None:
        return False
    return number.wanted_by_id == line_id or (number.free_from is not None and number.free_from <= now)


def give(numbers: Collection[str]) -> None:
    """These are held by a subscriber from now on."""
    PoolNumber.objects.filter(number__in=among(numbers)).update(free_from=None, wanted_by=None)


def rest(numbers: Collection[str], at: dt.datetime) -> None:
    """Nobody holds these any more from `at` on: they rest, as long as the profile says."""
    until = at + dt.timedelta(days=current().pool.rest_days)
    PoolNumber.objects.filter(number__in=among(numbers)).update(free_from=until, wanted_by=None)


def load(category: NumberCategory, numbers: Iterable[str]) -> int:
    """Put numbers (digits) into the pool; how many are new. One that is known changes its category and nothing else.

    What somebody holds, or held not long ago, is not free.
    """
    wanted, added = sorted(set(numbers)), 0
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        with transaction.atomic():
            known = PoolNumber.objects.filter(number__in=chunk)
            known.exclude(category=category).update(category=category)
            fresh = sorted(set(chunk) - set(known.values_list("number", flat=True)))
            since = free_since(fresh)
            PoolNumber.objects.bulk_create(
                PoolNumber(number=number, category=category, free_from=since[number]) for number in fresh
            )
        added += len(fresh)
    return added


def free_since(numbers: Collection[str]) -> dict[str, dt.datetime | None]:
    """From when each of these is free by what is known of it: None for one that somebody holds."""
    holdings = NumberHolding.objects.filter(number__in=numbers)
    held = set(holdings.filter(end__isnull=True).values_list("number", flat=True))
    ended = dict(holdings.order_by().values_list("number").annotate(last=Max("end")))
    now, rests = clock.now(), dt.timedelta(days=current().pool.rest_days)
    since: dict[str, dt.datetime | None] = {
        number: max(now, ended[number] + rests) if ended.get(number) else now for number in numbers
    }
    return {**since, **dict.fromkeys(held, None)}


def _free(keys: Iterable[int], now: dt.datetime) -> None:
    PoolNumber.objects.filter(pk__in=among(keys)).update(free_from=now, wanted_by=None)
