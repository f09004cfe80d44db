"""What holds when many go after few, on a database that really commits (S13, S14)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from abonent.access.models import Person, Role, Seat
from abonent.access.rights import BuiltIn
from abonent.subscribers import pool, renumbering, reserving
from abonent.subscribers.models import PoolNumber, SimCard, Subscriber
from tests.cast import Cast
from tests.subscribers.drum import category, fill

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PEOPLE, NUMBERS, AT_ONCE = 200, 50, 20


def at_once(work: Callable[[int], object], count: int, threads: int = AT_ONCE) -> list[object]:
    """Do it for each of `count`, in threads that begin together, each with a connection of its own."""
    barrier = Barrier(threads)

    def some(place: int) -> list[object]:
        barrier.wait()
        try:
            return [work(one) for one in range(place, count, threads)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as workers:
        return [one for done in workers.map(some, range(threads)) for one in done]


def lines(cast: Cast, count: int) -> list[Subscriber]:
    Subscriber.objects.bulk_create(
        Subscriber(account=cast.first, tariff=cast.catalog.tariff, number=f"37533{place:07}", status="active")
        for place in range(count)
    )
    return list(Subscriber.objects.filter(number__startswith="37533").order_by("pk"))


def seats(cast: Cast, count: int) -> list[Seat]:
    role = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    people = Person.objects.bulk_create(Person(name=f"Person {place}") for place in range(count))
    return Seat.objects.bulk_create(
        Seat(person=person, role=role, client=cast.company, reach=Seat.Reach.CLIENT) for person in people
    )


def test_S13_200_people_after_50_numbers_end_with_50_winners_and_no_number_twice(cast: Cast) -> None:
    gold = category()
    numbers = fill(gold, NUMBERS)
    people, who = lines(cast, PEOPLE), seats(cast, PEOPLE)

    def go_after(place: int) -> str:
        line, seat = people[place], who[place]
        while PoolNumber.objects.filter(free_from__isnull=False).exists():
            for offered in pool.offer(seat, line, gold):
                if pool.choose(line, offered.number) and pool.keep({line.pk: offered.number}):
                    return offered.number
        return ""

    won = [str(number) for number in at_once(go_after, PEOPLE) if number]
    assert len(won) == NUMBERS
    assert sorted(won) == numbers
    held = PoolNumber.objects.filter(free_from__isnull=True).values_list("wanted_by_id", flat=True)
    assert len(set(held)) == NUMBERS


def test_S13_lists_of_200_rows_after_50_numbers_get_50_of_them_and_none_twice(cast: Cast) -> None:
    gold = category()
    numbers = fill(gold, NUMBERS)
    people = lines(cast, PEOPLE)
    each = PEOPLE // AT_ONCE

    def go_after(place: int) -> dict[int, str]:
        mine = {line.pk: "" for line in people[place * each : (place + 1) * each]}
        got = {pk: number.number for pk, number in reserving.reserve(mine, gold).numbers.items()}
        return {pk: number for pk, number in got.items() if pk in pool.keep(got)}

    won = [got for got in at_once(go_after, AT_ONCE) if isinstance(got, dict)]
    assert sorted(number for got in won for number in got.values()) == numbers
    held = PoolNumber.objects.filter(free_from__isnull=True).values_list("wanted_by_id", "number")
    assert dict(held) == {pk: number for got in won for pk, number in got.items()}


def test_S13_a_number_that_was_typed_by_all_goes_to_one(cast: Cast) -> None:
    (number,) = fill(category(), 1)
    people = lines(cast, AT_ONCE)
    won = at_once(lambda place: pool.keep({people[place].pk: number}), AT_ONCE)
    assert sum(len(got) for got in won if isinstance(got, set)) == 1


def test_S14_one_sim_for_many_lines_goes_to_one(cast: Cast) -> None:
    SimCard.objects.create(iccid="8937501000", client=cast.company)
    people = lines(cast, AT_ONCE)
    won = at_once(lambda place: renumbering.keep_sims({people[place].pk: "8937501000"}), AT_ONCE)
    assert sum(len(got) for got in won if isinstance(got, set)) == 1
    assert SimCard.objects.get().line_id in {line.pk for line in people}
    assert connection.vendor in {"sqlite", "postgresql"}
