"""Moving numbers between folders (V3): where each was, at each moment."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from abonent.audit.models import Entry
from abonent.billing.models import LedgerEntry
from abonent.hierarchy.placing import move_numbers
from abonent.hierarchy.refusal import FolderRefused
from abonent.lib import clock
from abonent.subscribers.models import AccountHolding, FolderStay, PlanHolding, Subscriber, SubscriberQuerySet
from tests.cast import Cast
from tests.hierarchy.world import chains, folder_of, keeper, put, tree, whole

# What is written with SQL of our own must hold on both databases.
pytestmark = pytest.mark.postgres

NINE = dt.datetime(2026, 11, 9, 9, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def everybody(cast: Cast, *lines: Subscriber) -> SubscriberQuerySet:
    return Subscriber.objects.as_system().filter(pk__in=[line.pk for line in lines or cast.subscribers])


def stays(line: Subscriber) -> list[tuple[int, dt.datetime, dt.datetime | None]]:
    return list(FolderStay.objects.filter(subscriber=line).order_by("start").values_list("folder_id", "start", "end"))


def test_V3_a_number_is_in_one_folder_and_where_it_was_is_known(cast: Cast) -> None:
    seat, line = whole(cast), cast.subscribers[0]
    made = tree(seat, "a", "b")
    a, b = made["a"].pk, made["b"].pk
    for at, place in enumerate([a, b, None, a]):
        with clock.stopped(NINE + at * HOUR):
            assert move_numbers(seat, everybody(cast, line), place) == 1
    assert stays(line) == [(a, NINE, NINE + HOUR), (b, NINE + HOUR, NINE + 2 * HOUR), (a, NINE + 3 * HOUR, None)]
    assert folder_of(line) == a
    assert chains(line)


def test_V3_twice_in_one_moment_leaves_no_empty_stay(cast: Cast) -> None:
    seat, line = whole(cast), cast.subscribers[0]
    made = tree(seat, "a", "b")
    with clock.stopped(NINE):
        for place in (made["a"].pk, made["b"].pk, None, made["a"].pk):
            move_numbers(seat, everybody(cast, line), place)
    assert stays(line) == [(made["a"].pk, NINE, None)]
    with clock.stopped(NINE + HOUR):
        move_numbers(seat, everybody(cast, line), made["b"].pk)
        move_numbers(seat, everybody(cast, line), None)
    assert stays(line) == [(made["a"].pk, NINE, NINE + HOUR)]
    assert chains(line)


def test_V3_a_clock_that_is_set_back_makes_no_overlap(cast: Cast) -> None:
    seat, line = whole(cast), cast.subscribers[0]
    made = tree(seat, "a", "b")
    for hours, place in ((0, made["a"].pk), (2, None), (1, made["b"].pk), (0, made["a"].pk)):
        with clock.stopped(NINE + hours * HOUR):
            move_numbers(seat, everybody(cast, line), place)
    assert chains(line)
    assert folder_of(line) == made["a"].pk


def test_V3_what_is_there_already_is_not_moved(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "a")
    assert move_numbers(seat, everybody(cast), made["a"].pk) == 6
    entries = Entry.objects.count()
    assert move_numbers(seat, everybody(cast), made["a"].pk) == 0
    assert Entry.objects.count() == entries


def test_V3_billing_is_not_touched(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "a")
    kept = (AccountHolding, PlanHolding, LedgerEntry)
    before = [list(model.objects.order_by("pk").values()) for model in kept]
    accounts = list(Subscriber.objects.order_by("pk").values_list("account_id", "tariff_id", "status"))
    move_numbers(seat, everybody(cast), made["a"].pk)
    assert [
        list(model.objects.order_by("pk").values()) for model in (AccountHolding, PlanHolding, LedgerEntry)
    ] == before
    assert list(Subscriber.objects.order_by("pk").values_list("account_id", "tariff_id", "status")) == accounts


def test_V8_only_what_the_seat_sees_is_moved_and_only_to_where_it_sees(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales", "Brest")
    put(cast.subscribers[0], made["Minsk"])
    put(cast.subscribers[1], made["Brest"])
    bound = keeper(cast, made["Minsk"])
    assert move_numbers(bound, everybody(cast), made["Minsk/Sales"].pk) == 1
    assert folder_of(cast.subscribers[1]) == made["Brest"].pk
    for place in (None, made["Brest"].pk):
        with pytest.raises(FolderRefused):
            move_numbers(bound, everybody(cast), place)
    # Anna sees the first account alone; a stranger nothing.
    assert move_numbers(cast.anna, everybody(cast), made["Brest"].pk) == 4
    assert folder_of(cast.subscribers[-1]) is None
    with pytest.raises(FolderRefused):
        move_numbers(cast.stas, everybody(cast), made["Brest"].pk)
    assert move_numbers(cast.stas, everybody(cast), None) == 0


def test_V6_the_journal_says_from_where_to_where(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "Minsk", "Minsk/Sales")
    move_numbers(seat, everybody(cast), None)
    move_numbers(seat, everybody(cast, cast.subscribers[0]), made["Minsk/Sales"].pk)
    one = Entry.objects.select_related("beside").latest("pk")
    assert (one.action, one.target_kind, one.target_id) == (
        "hierarchy.move_numbers",
        "subscriber",
        str(cast.subscribers[0].pk),
    )
    assert one.beside.before == {"folders": {"": 1}}
    assert one.beside.after == {"folder": "Minsk / Sales", "numbers": 1, "first": [cast.subscribers[0].number]}
    move_numbers(seat, everybody(cast), made["Minsk"].pk)
    many = Entry.objects.select_related("beside").latest("pk")
    assert (many.target_kind, many.target_id, len(many.digest)) == ("folder", str(made["Minsk"].pk), 64)
    assert many.beside.before == {"folders": {"": 5, "Minsk / Sales": 1}}


def test_V3_many_numbers_are_moved_in_a_handful_of_statements(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    seat = whole(cast)
    made = tree(seat, "a", "b")
    sold = cast.catalog.tariff
    Subscriber.objects.bulk_create(
        Subscriber(account=cast.first, number=f"37533{place:07}", tariff=sold, status="active")
        for place in range(11_000)
    )
    lines = Subscriber.objects.as_system().filter(number__startswith="37533")
    move_numbers(seat, lines, made["a"].pk)
    with django_assert_max_num_queries(30):
        assert move_numbers(seat, lines, made["b"].pk) == 11_000
    assert FolderStay.objects.filter(folder=made["b"], end=None).count() == 11_000
