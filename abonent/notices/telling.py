"""Telling: the notice, its letter and its message are one transaction, so that no kill and no repeat doubles one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from abonent.access.models import Identifier, Person
from abonent.jobs.pause import breathe
from abonent.notices.choosing import Wanted, by_default, wanted
from abonent.notices.fact import Told
from abonent.notices.kinds import Channel, Kind
from abonent.notices.letters import send_letter, send_text
from abonent.notices.models import Notice
from abonent.profile import current

# On SQLite so many notices with their letters hold the one lock for well under 50 ms.
CHUNK = 40

Choices = Mapping[Kind, Mapping[int, Wanted]]
Addresses = Mapping[tuple[int, Identifier.Kind], str]
LETTER, PHONE = Identifier.Kind.EMAIL, Identifier.Kind.PHONE


@dataclass(slots=True)
class _Post:
    """What one person is told of one client by letter or message now: however many, it is one."""

    person: Person
    notices: list[Notice] = field(default_factory=list)


def tell(told: Sequence[Told]) -> int:
    """Write what was not told yet, as each seat chose; how many notices. A person with two seats gets one letter."""
    kinds = {one.fact.kind for one in told}
    choices = {kind: wanted({one.seat.pk for one in told if one.fact.kind == kind}, kind) for kind in kinds}
    heard = [one for one in told if choices[one.fact.kind][one.seat.pk].channels]
    addresses = _addresses({one.seat.person_id for one in heard})
    made = 0
    for chunk in _chunks(heard):
        with transaction.atomic():
            made += _write(chunk, choices, addresses)
        breathe()
    return made


def _chunks(told: Sequence[Told]) -> Iterator[list[Told]]:
    """Some people at a time, each with all that concerns them."""
    by_person: dict[int, list[Told]] = defaultdict(list)
    for one in told:
        by_person[one.seat.person_id].append(one)
    chunk: list[Told] = []
    for mine in by_person.values():
        if chunk and len(chunk) + len(mine) > CHUNK:
            yield chunk
            chunk = []
        chunk += mine
    if chunk:
        yield chunk


def _write(chunk: Sequence[Told], choices: Choices, addresses: Addresses) -> int:
    people = {one.seat.person_id for one in chunk}
    keys = {one.fact.key for one in chunk}
    # By person: whoever was told from one seat gets no second letter for another.
    rows = Notice.objects.filter(key__in=keys, seat__person__in=people).values_list("seat_id", "seat__person", "key")
    known = {(seat, key) for seat, _person, key in rows}
    written = {(person, key) for _seat, person, key in rows}
    fresh = [one for one in chunk if (one.seat.pk, one.fact.key) not in known]
    notices = Notice.objects.bulk_create([_notice(one, choices) for one in fresh])
    for channel, kind in ((Channel.MAIL, LETTER), (Channel.SMS, PHONE)):
        for post in _posts(channel, fresh, notices, choices, written):
            address = addresses.get((post.person.pk, kind))
            if address and channel == Channel.MAIL:
                send_letter(post.person, address, post.notices)
            elif address:
                send_text(post.person, address, post.notices)
    return len(notices)


def _notice(one: Told, choices: Choices) -> Notice:
    fact, seat = one.fact, one.seat
    return Notice(
        seat=seat,
        kind=fact.kind,
        key=fact.key,
        about=fact.about,
        at=fact.at,
        args=dict(fact.args),
        lines=list(fact.lines),
        on_page=Channel.PAGE in choices[fact.kind][seat.pk].channels,
    )


def _posts(
    channel: Channel,
    fresh: Sequence[Told],
    notices: Sequence[Notice],
    choices: Choices,
    written: Collection[tuple[int, str]],
) -> Iterator[_Post]:
    posts: dict[tuple[int, int | None], _Post] = {}
    done = set(written)
    for one, notice in zip(fresh, notices, strict=True):
        wish, person = choices[one.fact.kind][one.seat.pk], one.seat.person
        if channel in wish.channels and (person.pk, one.fact.key) not in done and _is_worth_it(one, wish):
            done.add((person.pk, one.fact.key))
            posts.setdefault((person.pk, one.seat.client_id), _Post(person)).notices.append(notice)
    yield from posts.values()


def _is_worth_it(one: Told, wish: Wanted) -> bool:
    """Whoever waits in front of the screen for three numbers needs no letter about them."""
    if one.fact.kind != Kind.ORDER_DONE:
        return True
    long = dt.timedelta(minutes=current().notices.long_order_minutes).total_seconds()
    rows = wish.figures.get("rows", by_default(Kind.ORDER_DONE).figures["rows"])
    return int(str(one.fact.args["rows"])) >= rows or int(str(one.fact.args["seconds"])) > long


def _addresses(people: Collection[int]) -> Addresses:
    """By person and kind, the first that is proven."""
    proven = Identifier.objects.filter(person__in=people, verified=True, kind__in=(LETTER, PHONE)).order_by("-pk")
    return {(row.person_id, Identifier.Kind(row.kind)): row.value for row in proven}
