"""Choosing a number from the pool: offers, reservations, rest (S13)."""

import datetime as dt

import pytest

from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.profile import current
from abonent.subscribers import pool
from abonent.subscribers.models import NumberHolding, NumberSearch, PoolNumber
from tests.cast import Cast
from tests.conftest import NOON
from tests.subscribers.drum import category, fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

State = PoolNumber.State
RULES = current().pool
MINUTE = dt.timedelta(minutes=1)


def state(number: str) -> State:
    return PoolNumber.objects.get(number=number).state_at(clock.now())


def states() -> list[str]:
    return sorted(row.state_at(clock.now()) for row in PoolNumber.objects.all())


def test_S13_an_offer_is_of_free_numbers_of_its_category_and_reserved_for_ten_minutes(cast: Cast) -> None:
    gold, plain = category("gold"), category("plain", "0")
    fill(gold, 40)
    fill(plain, 40, "37533")
    line = cast.subscribers[0]
    offer = pool.offer(cast.anna, line, gold)
    assert len(offer) == RULES.offer_size
    assert {number.category_id for number in offer} == {gold.pk}
    assert {number.pk for number in pool.offered(line)} == {number.pk for number in offer}
    assert {row.free_from for row in pool.offered(line)} == {NOON + 10 * MINUTE}
    entry = Entry.objects.filter(action="subscribers.offer").select_related("beside").get()
    assert entry.client_id == cast.company.pk
    assert entry.beside.after["try"] == 1


def test_S13_an_offer_is_drawn_from_the_whole_drum_and_not_always_from_one_end(cast: Cast) -> None:
    gold = category()
    numbers = fill(gold, 200)
    line = cast.subscribers[0]
    seen: set[str] = set()
    for _ in range(30):
        seen.update(number.number for number in pool.offer(cast.anna, line, gold))
        NumberSearch.objects.update(tries=0)
    assert len(seen) > 60
    assert min(seen) < numbers[100] < max(seen)


def test_S13_two_people_are_never_offered_the_same_number(cast: Cast) -> None:
    gold = category()
    fill(gold, RULES.offer_size + 2)
    first, second = cast.subscribers[0], cast.stranger_subscriber
    one = {number.number for number in pool.offer(cast.anna, first, gold)}
    two = {number.number for number in pool.offer(cast.stas, second, gold)}
    assert len(one) == RULES.offer_size
    assert len(two) == 2
    assert not one & two
    assert not pool.choose(second, min(one))
    assert pool.keep({second.pk: min(one)}) == set()
    assert pool.offer(cast.sergei, cast.subscribers[5], gold) == []


def test_S13_another_offer_lets_go_of_the_one_before_and_so_does_time(cast: Cast) -> None:
    gold = category()
    fill(gold, 40)
    line = cast.subscribers[0]
    pool.offer(cast.anna, line, gold)
    pool.offer(cast.anna, line, gold)
    assert states().count(State.RESERVED) == RULES.offer_size
    with clock.stopped(NOON + 10 * MINUTE):
        assert pool.offered(line) == []
        assert states() == [State.FREE] * 40


def test_S13_there_are_five_tries_for_a_line_and_again_after_an_hour(cast: Cast) -> None:
    gold = category()
    fill(gold, 40)
    line = cast.subscribers[0]
    for left in (4, 3, 2, 1, 0):
        assert pool.offer(cast.anna, line, gold)
        assert pool.tries(line) == pool.Tries(left, NOON + 60 * MINUTE)
    before = pool.offered(line)
    with pytest.raises(pool.NoTriesLeftError):
        pool.offer(cast.sergei, line, gold)
    assert pool.offered(line) == before
    assert pool.offer(cast.anna, cast.subscribers[1], gold)
    with clock.stopped(NOON + 60 * MINUTE):
        assert pool.tries(line).left == RULES.tries
        assert pool.offer(cast.anna, line, gold)


def test_S13_where_none_is_free_it_is_no_try_and_the_offer_before_stays(cast: Cast) -> None:
    gold, none = category(), category("none")
    fill(gold, 4)
    line = cast.subscribers[0]
    offer = pool.offer(cast.anna, line, gold)
    assert len(offer) == 4
    assert pool.offer(cast.anna, line, gold) == []
    assert pool.offer(cast.anna, line, none) == []
    assert len(pool.offered(line)) == 4
    assert pool.tries(line).left == RULES.tries - 1


def test_S13_nobody_hoards_offers_by_going_from_line_to_line(cast: Cast) -> None:
    gold = category()
    fill(gold, 40)
    first, second = cast.subscribers[:2]
    pool.offer(cast.anna, first, gold)
    pool.offer(cast.anna, second, gold)
    assert pool.offered(first) == []
    chosen = pool.offered(second)[0].number
    assert pool.choose(second, chosen)
    pool.offer(cast.anna, first, gold)
    assert [number.number for number in pool.offered(second)] == [chosen]


def test_S13_who_chooses_keeps_that_one_for_ten_minutes_more_and_frees_the_others(cast: Cast) -> None:
    gold = category()
    fill(gold, 20)
    line = cast.subscribers[0]
    pool.offer(cast.anna, line, gold)
    with clock.stopped(NOON + 9 * MINUTE):
        chosen = pool.offered(line)[0].number
        assert pool.choose(line, chosen)
        assert pool.choose(line, chosen)
    with clock.stopped(NOON + 18 * MINUTE):
        assert [number.number for number in pool.offered(line)] == [chosen]
        assert states().count(State.FREE) == 19
    with clock.stopped(NOON + 19 * MINUTE):
        assert not pool.choose(line, chosen)


def test_S13_what_an_order_keeps_outlives_the_ten_minutes_until_it_is_given_back(cast: Cast) -> None:
    gold = category()
    numbers = fill(gold, 20)
    line, other = cast.subscribers[:2]
    assert pool.keep({line.pk: numbers[0]}) == {line.pk}
    with clock.stopped(NOON + dt.timedelta(days=30)):
        assert state(numbers[0]) == State.ORDERED
        assert pool.keep({other.pk: numbers[0]}) == set()
        pool.offer(cast.anna, line, gold)
        assert state(numbers[0]) == State.ORDERED
        pool.let_go({other.pk: numbers[0]})
        assert state(numbers[0]) == State.ORDERED
        pool.let_go({line.pk: numbers[0]})
        assert state(numbers[0]) == State.FREE


def test_S13_a_reservation_that_ran_out_still_holds_where_nobody_else_took_the_number(cast: Cast) -> None:
    gold = category()
    fill(gold, 1)
    line, other = cast.subscribers[0], cast.stranger_subscriber
    (number,) = pool.offer(cast.anna, line, gold)
    with clock.stopped(NOON + 11 * MINUTE):
        assert pool.offer(cast.stas, other, gold)
        assert pool.keep({line.pk: number.number}) == set()
    with clock.stopped(NOON + 22 * MINUTE):
        assert pool.keep({line.pk: number.number}) == {line.pk}


def test_S13_a_number_that_was_given_up_rests_as_long_as_the_profile_says(cast: Cast) -> None:
    gold = category()
    (number,) = fill(gold, 1)
    pool.give([number])
    assert state(number) == State.HELD
    pool.rest([number], NOON)
    rested = NOON + dt.timedelta(days=RULES.rest_days)
    with clock.stopped(rested - MINUTE):
        assert state(number) == State.RESTING
        assert pool.offer(cast.anna, cast.subscribers[0], gold) == []
        assert pool.keep({cast.subscribers[0].pk: number}) == set()
    with clock.stopped(rested):
        assert state(number) == State.FREE
        assert pool.offer(cast.anna, cast.subscribers[0], gold)


def test_S13_loading_gives_nobody_elses_number_away_and_lets_a_fresh_loss_rest(cast: Cast) -> None:
    held, left = cast.subscribers[0], cast.subscribers[1]
    ended = NOON - dt.timedelta(days=1)
    NumberHolding.objects.filter(subscriber=left).update(end=ended)
    assert pool.load(category(), [held.number, left.number, "375440000001", "375440000001"]) == 3
    assert state(held.number) == State.HELD
    assert PoolNumber.objects.get(number=left.number).free_from == ended + dt.timedelta(days=RULES.rest_days)
    assert state("375440000001") == State.FREE
    plain = category("plain")
    assert pool.load(plain, [held.number]) == 0
    assert PoolNumber.objects.get(number=held.number).category == plain
    assert state(held.number) == State.HELD
