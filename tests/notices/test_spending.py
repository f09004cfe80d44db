"""Limits that are passed and unusual spend: whose, of what, once a month (V1, issue 3: notices)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.billing.current import charges_so_far, preliminary
from abonent.lib import clock
from abonent.notices.kinds import Kind, may_be_told
from abonent.notices.models import Notice
from abonent.notices.spending import watch_spend
from abonent.notices.words import text_of
from abonent.outbox.models import Letter
from abonent.subscribers.models import ConnectedService, FolderStay, Subscriber
from tests.cast import BEGAN, Cast
from tests.conftest import NOON
from tests.notices.world import MAIL, PAGE, choose, invoice, month_now, told

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("english", "noon")]


def dear(cast: Cast, line: Subscriber, connect_fee: str = "100") -> None:
    """Something was connected to the number this month, for a price."""
    ConnectedService.objects.create(
        subscriber=line,
        service=cast.catalog.service,
        fee=Decimal(0),
        connect_fee=Decimal(connect_fee),
        start=NOON - dt.timedelta(days=1),
        source=f"test:{line.pk}:{connect_fee}",
    )


def spent(cast: Cast) -> Mapping[int, Decimal]:
    """By line of the first account."""
    sums: dict[int, Decimal] = {}
    for charge in preliminary(cast.first)[0]:
        sums[charge.subscriber_id] = sums.get(charge.subscriber_id, Decimal(0)) + charge.amount.gross
    return sums


def test_without_a_figure_nobody_is_told(cast: Cast) -> None:
    dear(cast, cast.subscribers[0])
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, MAIL)
    assert watch_spend() == 0


def test_a_limit_of_all_is_that_of_what_the_seat_sees(cast: Cast) -> None:
    first = charges_so_far([cast.first.pk])[cast.first.pk].gross
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, whole=str(first))
    choose(cast.sergei, Kind.LIMIT_PASSED, PAGE, whole=str(first))
    watch_spend()
    # Anna's account has cost just her limit, and Sergei sees a second one.
    assert (told(cast.anna), told(cast.sergei)) == ([], [("limit_passed", 0)])
    whole = sum(one.gross for one in charges_so_far([cast.first.pk, cast.second.pk]).values())
    assert f"{whole} BYN so far" in text_of(Notice.objects.get()).replace("\u00a0", " ")


def test_a_limit_of_one_number_names_it_once_a_month(cast: Cast) -> None:
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, MAIL, each="50")
    dear(cast, cast.subscribers[0])
    assert [watch_spend(), watch_spend()] == [1, 0]
    dear(cast, cast.subscribers[1], "200")
    dear(cast, cast.subscribers[2], "300")
    assert watch_spend() == 1
    assert told(cast.anna) == [("limit_passed", cast.subscribers[0].pk), ("limit_passed", 0)]
    second = Notice.objects.latest("pk")
    assert second.lines == [cast.subscribers[2].pk, cast.subscribers[1].pk]
    assert [row[2] for row in second.args["numbers"]] == [str(spent(cast)[pk]) for pk in second.lines]
    assert Letter.objects.filter(purpose="notice").count() == 2


def test_the_next_month_is_told_anew(cast: Cast) -> None:
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, each="1", whole="2")
    assert watch_spend() == 2
    with clock.stopped(NOON + dt.timedelta(days=30)):
        assert [watch_spend(), watch_spend()] == [2, 0]


def test_another_limit_is_another_question(cast: Cast) -> None:
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, whole="2")
    assert watch_spend() == 1
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, whole="3")
    assert watch_spend() == 1
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, whole="3000")
    assert watch_spend() == 0


def test_a_narrow_seat_is_told_of_its_own_numbers_alone(cast: Cast) -> None:
    """Pavel's folder has the last two of Anna's five numbers, and a folder below it has the first."""
    folder = cast.subscribers[3].folder
    assert folder is not None
    below = folder.children.create(client=cast.company, name="Below")
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(folder=below)
    FolderStay.objects.create(subscriber=cast.subscribers[0], folder=below, start=BEGAN)
    for line in (*cast.subscribers, cast.stranger_subscriber):
        dear(cast, line)
    choose(cast.pavel, Kind.LIMIT_PASSED, PAGE, each="50", whole="200")
    watch_spend()
    whole, each = Notice.objects.filter(seat=cast.pavel).order_by("pk")
    mine = {cast.subscribers[place].pk for place in (0, 3, 4)}
    assert set(each.lines) == mine
    assert Decimal(whole.args["spent"]) == sum(spent(cast)[pk] for pk in mine)


def test_a_seat_over_single_numbers_is_told_of_them(cast: Cast) -> None:
    role = Role.objects.create(client=cast.company, key="x", own_name="x", own_rights=[Right.SEE_FINANCE])
    lines = [cast.subscribers[1].pk, cast.stranger_subscriber.pk]
    seat = Seat.objects.give(cast.elena.person, role, cast.company, subscribers=lines)
    for line in (*cast.subscribers, cast.stranger_subscriber):
        dear(cast, line)
    choose(seat, Kind.LIMIT_PASSED, PAGE, each="50")
    watch_spend()
    assert told(seat) == [("limit_passed", cast.subscribers[1].pk)]


def test_a_number_that_went_elsewhere_is_not_named(cast: Cast) -> None:
    dear(cast, cast.subscribers[0])
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(account=cast.second)
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, each="50")
    assert watch_spend() == 0


def test_without_the_right_to_see_money_nothing_is_told(cast: Cast) -> None:
    assert not may_be_told(cast.elena, Kind.LIMIT_PASSED)
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, whole="2")
    Seat.objects.filter(pk=cast.anna.pk).update(role=cast.kolya.role)
    assert watch_spend() == 0


def test_unusual_is_so_many_times_the_mean_of_the_last_invoices(cast: Cast) -> None:
    usual, dearer = cast.subscribers[0], cast.subscribers[1]
    for back in (1, 2, 3):
        means = {f"line_{usual.pk}": "66.00", f"line_{dearer.pk}": "60.00"}
        invoice(cast.first, month_now().plus(-back), "1000.00", **means)
    for line in (usual, dearer, cast.subscribers[2]):
        dear(cast, line)
    choose(cast.anna, Kind.UNUSUAL_SPEND, PAGE, factor="2", least="20")
    assert [watch_spend(), watch_spend()] == [1, 0]
    # Above twice 60, not above twice 66; the third number has no invoices to compare with.
    assert Decimal(120) < spent(cast)[usual.pk] == spent(cast)[dearer.pk] < Decimal(132)
    assert told(cast.anna) == [("unusual_spend", dearer.pk)]


def test_unusual_spend_of_all(cast: Cast) -> None:
    for back in (1, 2, 3, 4):
        invoice(cast.first, month_now().plus(-back), "10.00" if back < 4 else "9000.00")
    choose(cast.anna, Kind.UNUSUAL_SPEND, PAGE, factor="2", least="30")
    # Five numbers at 5.25 are above twice 10, and below 30.
    assert watch_spend() == 0
    choose(cast.anna, Kind.UNUSUAL_SPEND, PAGE, factor="2", least="26")
    assert watch_spend() == 1
    assert "the mean of a month is 10.00" in text_of(Notice.objects.get())


def test_unusual_spend_is_looked_for_where_somebody_asked(cast: Cast) -> None:
    invoice(cast.first, month_now().plus(-1), "1.00")
    with CaptureQueriesContext(connection) as queries:
        assert watch_spend() == 0
    assert len(queries) <= 4


def test_the_queries_do_not_grow_with_the_seats_that_ask(cast: Cast) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            watch_spend()
        return sum(query["sql"].startswith("SELECT") for query in queries)

    role = Role.objects.create(client=cast.company, key="x", own_name="x", own_rights=[Right.SEE_FINANCE])
    folder = cast.subscribers[3].folder_id
    assert folder is not None

    def watched(count: int) -> None:
        for place in range(count):
            bound = {"folders": [folder]} if place % 2 else {"accounts": [cast.first.pk]}
            seat = Seat.objects.give(cast.elena.person, role, cast.company, **bound)
            choose(seat, Kind.LIMIT_PASSED, PAGE, each="1000", whole="1")

    watched(4)
    few = asked()
    watched(12)
    assert asked() == few
