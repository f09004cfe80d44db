"""A second person's word above a limit (S17): who needs it, who may give it, and what becomes of the order."""

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from abonent.access.models import Person, Role, Seat
from abonent.access.rights import BuiltIn, Right
from abonent.audit.models import Entry
from abonent.orders import approval, limits
from abonent.orders.actions.action import Price
from abonent.orders.approval import Bar
from abonent.orders.models import Order, OrderQuerySet
from abonent.orders.pricing import stored, totals
from abonent.subscribers.models import ConnectedService, Subscriber
from tests.cast import Cast
from tests.conftest import logged_in
from tests.orders.world import adds_up, draft, placed, results, service, work

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

BUYER = [Right.SEE_SUBSCRIBERS, Right.CHANGE_SERVICES, Right.SEE_HISTORY]


def seated(
    cast: Cast,
    name: str,
    *,
    approves: bool = False,
    max_rows: int | None = None,
    max_cost: Decimal | None = None,
    **bounds: list[int],
) -> Seat:
    """Somebody new in an own role: a buyer, who may approve too where said; over ids of one kind where named."""
    rights = [*BUYER, Right.APPROVE_ORDERS] if approves else BUYER
    role = Role.objects.create(
        client=cast.company, key=name, own_name=name, own_rights=rights, max_rows=max_rows, max_cost=max_cost
    )
    return Seat.objects.give(Person.objects.create_person(name), role, cast.company, **bounds)


def of_two(cast: Cast, seat: Seat, **values: object) -> Order:
    """An order for two numbers, confirmed."""
    return placed(seat, [line.pk for line in cast.subscribers[:2]], service=service(cast, "x", **values).pk)


def test_S17_an_order_within_the_limits_is_accepted(cast: Cast) -> None:
    order = of_two(cast, seated(cast, "Petr", max_rows=2, max_cost=Decimal("7.50")))
    assert (order.state, order.passed, order.cost) == (Order.State.ACCEPTED, (), Decimal("7.50"))


@pytest.mark.parametrize(
    ("rows", "cost", "passed"),
    [(1, None, ("rows", "2", "1")), (2, Decimal("7.49"), ("cost", "7.50", "7.49"))],
)
def test_S17_above_a_limit_it_waits_and_nothing_happens(
    cast: Cast, rows: int, cost: Decimal | None, passed: tuple[str, str, str]
) -> None:
    order = work(of_two(cast, seated(cast, "Petr", max_rows=rows, max_cost=cost)))
    assert order.state == Order.State.AWAITING
    assert [(one.of, one.asked, one.limit) for one in order.passed] == [passed]
    assert list(Order.objects.awaiting()) == [order]
    assert not ConnectedService.objects.exists()
    assert Entry.objects.filter(action="orders.ask_approval").count() == 1


def test_S17_the_cost_is_connecting_and_the_first_month_with_vat() -> None:
    dearer, cheaper = Price(Decimal(3), Decimal(1)), Price(Decimal(-3))
    assert limits.cost(totals(stored({dearer: 2, cheaper: 1000})).begin) == Decimal("10.00")
    assert totals(stored({dearer: 2, cheaper: 1000})).monthly == Decimal(-2994)
    assert limits.cost(totals(stored({cheaper: 1000})).begin) == 0


def test_S17_a_second_person_approves_and_both_names_are_in_the_journal(cast: Cast) -> None:
    order = of_two(cast, seated(cast, "Petr", max_rows=1))
    assert approval.approve(order, cast.anna) is None
    assert (order.state, order.decided_by) == (Order.State.ACCEPTED, "Anna")
    entry = Entry.objects.select_related("beside").get(action="orders.approve")
    assert (entry.beside.after["placed_by"], entry.beside.after["approved_by"]) == ("Petr", "Anna")
    assert entry.beside.after["limits_passed"] == order.excess
    assert work(order).state == Order.State.DONE
    assert ConnectedService.objects.count() == 2


def test_S17_the_one_who_placed_it_does_not_approve_it_from_another_seat_either(cast: Cast) -> None:
    petr = seated(cast, "Petr", max_rows=1)
    order = of_two(cast, petr)
    other = Seat.objects.give(petr.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)
    assert approval.approve(order, other) == Bar.OWN
    assert order not in approvable(other)
    assert order.state == Order.State.AWAITING


def test_S17_who_may_not_order_it_alone_may_not_approve_it(cast: Cast) -> None:
    order = of_two(cast, seated(cast, "Petr", max_rows=1))
    limited = seated(cast, "Limited", approves=True, max_rows=1)
    poor = seated(cast, "Poor", approves=True, max_cost=Decimal("7.49"))
    narrow = seated(cast, "Narrow", approves=True, subscribers=[cast.subscribers[0].pk])
    elsewhere = seated(cast, "Elsewhere", approves=True, accounts=[cast.second.pk])
    buyer = seated(cast, "Buyer")
    bars = {limited: Bar.LIMIT, poor: Bar.LIMIT, narrow: Bar.SCOPE, elsewhere: Bar.SCOPE, buyer: Bar.RIGHT}
    assert {seat: approval.approve(order, seat) for seat in [*bars, cast.stas]} == {**bars, cast.stas: Bar.RIGHT}
    assert {seat: approval.reject(order, seat, "no") for seat in bars} == bars
    assert [seat for seat in [*bars, cast.stas] if order in approvable(seat)] == []
    assert order.state == Order.State.AWAITING
    assert [seat.person.name for seat in approval.approvers(order)] == ["Anna", "Sergei"]


def test_S17_a_seat_over_numbers_sees_and_approves_what_lies_wholly_within(cast: Cast) -> None:
    order = of_two(cast, seated(cast, "Petr", max_rows=1))
    head = seated(cast, "Head", approves=True, subscribers=[line.pk for line in cast.subscribers[:2]])
    assert list(approvable(head)) == [order]
    assert approval.approve(order, head) is None
    assert order in Order.objects.within(head)


def test_S17_what_counts_is_the_moment_of_the_decision(cast: Cast) -> None:
    """The page was open; meanwhile the approver's limit was lowered, the right was taken, the seat was blocked."""
    order = of_two(cast, seated(cast, "Petr", max_rows=1))
    seat = seated(cast, "Vera", approves=True)
    Role.objects.filter(pk=seat.role_id).update(max_rows=1)
    assert approval.approve(order, seat) == Bar.LIMIT
    Role.objects.filter(pk=seat.role_id).update(max_rows=None, own_rights=BUYER)
    assert approval.approve(order, seat) == Bar.RIGHT
    Role.objects.filter(pk=seat.role_id).update(own_rights=[*BUYER, Right.APPROVE_ORDERS])
    Seat.objects.filter(pk=seat.pk).update(blocked=True)
    assert approval.approve(order, seat) == Bar.RIGHT
    Seat.objects.filter(pk=seat.pk).update(blocked=False)
    assert approval.approve(order, seat) is None


def test_S17_a_limit_lowered_after_the_check_counts_on_confirming(cast: Cast) -> None:
    petr = seated(cast, "Petr")
    order = draft(petr, [line.pk for line in cast.subscribers[:2]], service=service(cast, "x").pk)
    Role.objects.filter(pk=petr.role_id).update(max_rows=1)
    assert order.confirm(petr.actor())
    assert order.state == Order.State.AWAITING


def test_S17_a_rejected_order_says_by_whom_and_why_and_does_nothing(cast: Cast) -> None:
    order = of_two(cast, seated(cast, "Petr", max_rows=1))
    assert approval.reject(order, cast.anna, "Too dear") is None
    work(order)
    assert (order.state, order.decided_by, order.rejection) == (Order.State.REJECTED, "Anna", "Too dear")
    assert results(order) == [(1, "cancelled", "order_rejected"), (2, "cancelled", "order_rejected")]
    assert adds_up(order)
    assert not ConnectedService.objects.exists()
    entry = Entry.objects.select_related("beside").get(action="orders.reject")
    assert (entry.beside.after["placed_by"], entry.beside.after["rejected_by"]) == ("Petr", "Anna")
    assert approval.approve(order, cast.sergei) == Bar.OVER


def test_S17_its_placer_withdraws_it_and_nobody_else(cast: Cast) -> None:
    petr = seated(cast, "Petr", max_rows=1)
    order = of_two(cast, petr)
    assert not order.withdraw(cast.anna.actor())
    assert not order.cancel(cast.anna.actor())
    assert order.withdraw(petr.actor())
    assert work(order).state == Order.State.CANCELLED
    assert approval.approve(order, cast.anna) == Bar.OVER
    assert not order.withdraw(petr.actor())


def test_a_draft_is_confirmed_by_whoever_made_it_and_only_with_the_right(cast: Cast) -> None:
    petr = seated(cast, "Petr", max_rows=1)
    order = draft(cast.sergei, [line.pk for line in cast.subscribers[:2]], service=service(cast, "x").pk)
    assert not order.confirm(petr.actor())
    Seat.objects.filter(pk=cast.sergei.pk).update(blocked=True)
    assert not order.confirm(cast.sergei.actor())
    assert order.state == Order.State.DRAFT


def test_V8_a_number_that_left_the_placer_s_reach_is_not_changed(cast: Cast) -> None:
    petr = seated(cast, "Petr", accounts=[cast.first.pk])
    order = of_two(cast, petr)
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(account=cast.second)
    assert results(work(order)) == [(1, "refused", "not_yours"), (2, "done", "")]


@pytest.mark.django_db(transaction=True)
def test_S17_two_people_decide_at_once_and_one_is_first(cast: Cast) -> None:
    order = of_two(cast, seated(cast, "Petr", max_rows=1))
    start, bars = threading.Barrier(2), []

    def decide(seat: Seat, *, yes: bool) -> None:
        try:
            same = Order.objects.get(pk=order.pk)
            start.wait(timeout=10)
            bars.append(approval.approve(same, seat) if yes else approval.reject(same, seat, "no"))
        finally:
            connection.close()

    people = [
        threading.Thread(target=decide, args=(cast.anna,), kwargs={"yes": True}),
        threading.Thread(target=decide, args=(cast.sergei,), kwargs={"yes": False}),
    ]
    for one in people:
        one.start()
    for one in people:
        one.join(timeout=30)
    assert sorted(bars, key=str) == sorted([None, Bar.OVER], key=str)
    decisions = Entry.objects.filter(action__in=["orders.approve", "orders.reject"])
    order.refresh_from_db()
    assert decisions.count() == 1
    assert decisions.get().actor_id == order.decided_by_id


def test_S17_the_draft_says_beforehand_that_it_needs_approval_and_why(cast: Cast) -> None:
    petr = seated(cast, "Petr", max_rows=1)
    order = draft(petr, [line.pk for line in cast.subscribers[:2]], service=service(cast, "x").pk)
    page = body(logged_in(petr), order)
    assert "2 numbers; the limit is 1" in page
    assert "Send for approval" in page
    assert "Anna, Sergei" in page
    # Somebody else sees the draft, and cannot go on with it.
    assert "confirmation" not in body(logged_in(cast.sergei), order)


def test_S17_the_pages_lead_the_approver_to_it_and_say_what_became_of_it(cast: Cast) -> None:
    petr, anna = seated(cast, "Petr", max_rows=1), logged_in(cast.anna)
    order = of_two(cast, petr)
    assert f'href="/orders/{order.pk}/"' in anna.get("/home/").content.decode()
    assert f'href="/orders/{order.pk}/"' in anna.get("/orders/?tab=waiting").content.decode()
    assert "wait for your approval" in anna.get("/orders/running/").content.decode()
    assert "wait for your approval" not in logged_in(petr).get("/orders/running/").content.decode()
    assert "approval/" not in body(logged_in(petr), order)
    assert 'Approve for <span class="n">2</span> numbers' in body(anna, order)
    assert "In progress" not in body(anna, order).partition("<main")[2]
    assert anna.post(f"/orders/{order.pk}/approval/").status_code == 302
    page = body(anna, order)
    assert ("Approved by" in page, "The order is approved" in page) == (True, True)
    logged_in(cast.sergei).post(f"/orders/{order.pk}/approval/")
    assert work(order).done == 2


def test_S17_a_rejection_needs_a_reason_and_the_placer_reads_it(cast: Cast) -> None:
    petr, anna = seated(cast, "Petr", max_rows=1), logged_in(cast.anna)
    order = of_two(cast, petr)
    refused = anna.post(f"/orders/{order.pk}/rejection/", {"reason": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    anna.post(f"/orders/{order.pk}/rejection/", {"reason": "<b>Too dear</b>"})
    page = body(logged_in(petr), order)
    assert "&lt;b&gt;Too dear" in page
    late = logged_in(cast.sergei)
    late.post(f"/orders/{order.pk}/approval/")
    assert "Anna has rejected this order already." in body(late, order)


def test_S17_the_page_withdraws(cast: Cast) -> None:
    petr = seated(cast, "Petr", max_rows=1)
    order, browser = of_two(cast, petr), logged_in(petr)
    assert "Withdraw the order" in body(browser, order)
    browser.post(f"/orders/{order.pk}/withdrawal/")
    assert work(order).state == Order.State.CANCELLED


def approvable(seat: Seat) -> OrderQuerySet:
    return Order.objects.within(seat).approvable(seat)


def body(browser: Client, order: Order) -> str:
    response = browser.get(f"/orders/{order.pk}/", headers={"accept-language": "en"})
    assert response.status_code == 200
    return response.content.decode()
