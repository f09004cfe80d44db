"""Terminating: never all numbers of an account, nothing before the order is placed, no log-in afterwards (S15.5)."""

import datetime as dt

import pytest
from django.test import Client

from abonent.access.models import Identifier, Role
from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.orders import intake
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.whole_accounts import last_ones
from abonent.orders.models import Order
from abonent.orders.selection import Source
from abonent.subscribers import connecting
from abonent.subscribers.models import StatusHolding, Subscriber
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON
from tests.orders.world import draft, placed, results, verdicts, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

DAY = dt.timedelta(days=1)


def of_first(cast: Cast) -> list[int]:
    """Anna's five lines."""
    return [line.pk for line in cast.subscribers[:5]]


def terminating(cast: Cast, ids: list[int]) -> Order:
    return draft(cast.anna, ids, "terminate")


def test_S15_5_all_numbers_of_an_account_are_refused_as_a_whole(cast: Cast) -> None:
    order = terminating(cast, of_first(cast))
    assert {verdict for _row, verdict, _reason in verdicts(order)} == {"fine"}
    bar = order.bar()
    assert bar is not None
    assert (bar.code, bar.args) == ("whole_account", {"accounts": cast.first.number})
    assert not order.confirm(cast.anna.actor())
    assert (order.state, order.number) == (Order.State.DRAFT, None)
    work(order)
    assert Subscriber.objects.filter(status="active", account=cast.first).count() == 5


def test_S15_5_all_but_one_may_go(cast: Cast) -> None:
    order = work(placed(cast.anna, of_first(cast)[:4], "terminate"))
    assert (order.state, order.done) == (Order.State.DONE, 4)


def test_S15_5_the_other_account_of_an_order_does_not_make_up_for_it(cast: Cast) -> None:
    """Sergei's order leaves four lines of the first account, and none of the second."""
    order = draft(cast.sergei, [cast.subscribers[0].pk, cast.subscribers[5].pk], "terminate")
    bar = order.bar()
    assert bar is not None
    assert bar.args == {"accounts": cast.second.number}


@pytest.mark.parametrize("other", ["accepted", "scheduled", "awaiting"])
def test_S15_5_two_orders_of_half_an_account_do_not_do_it_together(cast: Cast, other: str) -> None:
    ids = of_first(cast)
    second = terminating(cast, ids[3:])
    assert second.bar() is None
    if other == "awaiting":
        Role.objects.filter(pk=cast.anna.role_id).update(max_rows=0)
    due = NOON + DAY if other == "scheduled" else None
    first = intake.place(
        cast.anna, "terminate", {}, Source(ids=tuple(ids[:3])), key=second.key.__class__(int=7), due=due
    )
    assert first.confirm(cast.anna.actor())
    assert first.state == other
    assert second.bar() is not None
    assert not second.confirm(cast.anna.actor())
    # What is given up with gives the others their chance.
    assert first.withdraw(cast.anna.actor()) or first.cancel(cast.anna.actor())
    work(first)
    assert second.confirm(cast.anna.actor())


def test_S15_5_rows_taken_out_and_lines_terminated_before_are_counted_rightly(cast: Cast) -> None:
    ids = of_first(cast)
    work(placed(cast.anna, ids[:2], "terminate"))
    assert terminating(cast, ids[2:]).bar() is not None
    assert terminating(cast, ids[2:4]).bar() is None
    # A blocked number stays, and is a number.
    Subscriber.objects.filter(pk=ids[4]).update(status="blocked")
    order = terminating(cast, ids[2:])
    assert [reason for _row, _verdict, reason in verdicts(order)] == ["", "", "blocked"]
    assert order.bar() is None


def test_S15_5_the_last_one_stays_where_the_others_left_meanwhile(cast: Cast) -> None:
    ids = of_first(cast)
    orders = [placed(cast.anna, ids[:2], "terminate"), placed(cast.anna, ids[2:4], "terminate")]
    # The line that would have stayed is moved by the operator.
    Subscriber.objects.filter(pk=ids[4]).update(account=cast.second)
    lines = list(Subscriber.objects.filter(pk__in=ids[:4]))
    assert last_ones(lines) == {ids[3]}
    assert last_ones(lines[:2]) == set()
    for order in orders:
        work(order)
    assert results(orders[0]) == [(1, "done", ""), (2, "done", "")]
    assert results(orders[1]) == [(1, "done", ""), (2, "refused", "last_of_account")]
    assert Subscriber.objects.get(pk=ids[3]).status == "active"


def test_S15_5_the_status_changes_only_once_the_order_is_recorded(cast: Cast) -> None:
    line = cast.subscribers[1]
    order = work(terminating(cast, [line.pk]))
    line.refresh_from_db()
    assert (order.state, line.status) == (Order.State.DRAFT, "active")
    assert order.confirm(cast.anna.actor())
    with clock.stopped(NOON + dt.timedelta(minutes=1)):
        work(order)
    line.refresh_from_db()
    assert line.status == "terminated"
    ended = StatusHolding.objects.get(subscriber=line, end=None)
    assert NOON < ended.start < NOON + DAY


def test_S15_5_the_holder_of_a_number_is_out_at_once_and_the_journal_says_so(cast: Cast) -> None:
    elena, browser = cast.subscribers[0], Client()
    way_in = {"value": elena.number, "password": PASSWORD}
    assert browser.post("/login/password/", way_in).status_code == 302
    assert browser.get("/seats/").status_code == 200
    work(placed(cast.anna, [elena.pk], "terminate"))
    assert browser.get("/seats/")["Location"].startswith("/login/")
    assert Client().post("/login/password/", way_in).status_code == 422
    assert set(cast.elena.person.identifiers.values_list("kind", flat=True)) == {Identifier.Kind.EMAIL}
    entry = Entry.objects.get(action="access.release")
    assert entry.client_id == cast.company.pk
    assert entry.beside.before == {"phone": [elena.number]}


def test_S15_5_a_check_asks_as_often_for_many_lines_as_for_a_few(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    lines = list(Subscriber.objects.filter(account=cast.first).select_related("account"))
    with django_assert_max_num_queries(3):  # type: ignore[operator]  # a fixture without a type
        ACTIONS["terminate"].read({}).check(lines, {})


def test_S15_5_the_fees_that_end_are_told_for_each_and_for_all(cast: Cast, anna_client: Client) -> None:
    one, two = cast.subscribers[:2]
    plan = one.tariff.fee + (one.option_set.fee if one.option_set else 0)
    connecting.connect(cast.catalog.service, {one.pk: "test"}, clock.now())
    order = draft(cast.anna, [one.pk, two.pk], "terminate")
    assert [item.monthly for item in order.items.order_by("row")] == [-plan - cast.catalog.service.fee, -plan]
    assert order.totals.begin == 0
    shown = " ".join(
        anna_client.get(f"/orders/{order.pk}/", headers={"accept-language": "en"}).content.decode().split()
    )
    assert "Paid no more each month for all, without VAT" in shown
    assert "A month, without VAT" in shown
    assert "Price of connecting" not in shown
