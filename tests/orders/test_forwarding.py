"""«Переадресация вызовов»: what may be forwarded where, and what is left behind (S12)."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from abonent.catalog.models import Service, Zone, ZonePrefix
from abonent.lib import clock
from abonent.network.models import NetworkCommand
from abonent.orders.actions import ACTIONS
from abonent.orders.models import Order
from abonent.subscribers import forwarding
from abonent.subscribers.forwarding import Divert
from abonent.subscribers.models import Forwarding, ForwardingWish, Subscriber
from tests.cast import BEGAN, Cast
from tests.orders.world import draft, file_of, placed, results, verdicts, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

Kind = Forwarding.Kind
OUTSIDE = "375296660000"


def asked(target: str = OUTSIDE, kind: str = "busy", **more: object) -> dict[str, object]:
    return {"kind": kind, "on": True, "target": target, **more}


def off(kind: str = "busy") -> dict[str, object]:
    return {"kind": kind, "on": False}


def forwards(line: Subscriber, to: Subscriber | str, kind: Kind = Kind.BUSY) -> None:
    """What is in force since the beginning."""
    target = to if isinstance(to, str) else to.number
    forwarding.forward([line.pk], kind, Divert(target, 20 if kind == Kind.NO_ANSWER else None), BEGAN)


def verdict(cast: Cast, line: Subscriber, params: dict[str, object]) -> tuple[str, str]:
    item = draft(cast.anna, [line.pk], "forwarding", **params).items.get()
    return item.verdict, item.reason


def held(line: Subscriber) -> Sequence[tuple[str, str, int | None]]:
    rows = Forwarding.objects.filter(subscriber=line, end=None).order_by("kind")
    return list(rows.values_list("kind", "target", "seconds"))


def abroad(code: str, prefix: str, *, takes: bool) -> Zone:
    zone = Zone.objects.create(code=code, names={"en": code}, kind=Zone.Kind.DESTINATION, takes_forwarded=takes)
    ZonePrefix.objects.create(zone=zone, prefix=prefix)
    return zone


def test_S12_each_kind_is_set_on_its_own_and_switched_off_on_its_own(cast: Cast) -> None:
    line = cast.subscribers[0]
    for kind in ("unconditional", "busy", "unreachable"):
        assert work(placed(cast.anna, [line.pk], "forwarding", **asked(kind=kind))).state == Order.State.DONE
    work(placed(cast.anna, [line.pk], "forwarding", **asked(kind="no_answer", seconds=15)))
    assert held(line) == [
        ("busy", OUTSIDE, None), ("no_answer", OUTSIDE, 15), ("unconditional", OUTSIDE, None),
        ("unreachable", OUTSIDE, None),
    ]  # fmt: skip
    work(placed(cast.anna, [line.pk], "forwarding", **off()))
    assert [kind for kind, _target, _seconds in held(line)] == ["no_answer", "unconditional", "unreachable"]
    commands = list(NetworkCommand.objects.order_by("pk").values_list("kind", "args"))
    assert commands[-2:] == [
        ("forward", {"type": "no_answer", "target": OUTSIDE, "seconds": 15}),
        ("forward_off", {"type": "busy"}),
    ]


def test_S12_a_new_target_ends_the_old_one_and_both_stay_known(cast: Cast) -> None:
    line = cast.subscribers[0]
    forwards(line, "375296661111")
    work(placed(cast.anna, [line.pk], "forwarding", **asked()))
    rows = list(Forwarding.objects.filter(subscriber=line).order_by("start"))
    assert [row.target for row in rows] == ["375296661111", OUTSIDE]
    assert (rows[0].end, rows[1].end) == (rows[1].start, None)


def test_S12_what_is_so_already_is_nothing_to_do(cast: Cast) -> None:
    line = cast.subscribers[0]
    forwards(line, OUTSIDE)
    assert verdict(cast, line, asked()) == ("nothing", "same_forwarding")
    assert verdict(cast, line, off("unreachable")) == ("nothing", "no_forwarding")


@pytest.mark.parametrize("seconds", [5, 10, 30])
def test_S12_seconds_are_steps_of_the_profile(seconds: int) -> None:
    action = ACTIONS["forwarding"].read(asked(kind="no_answer", seconds=str(seconds)))
    assert getattr(action, "to", None) == Divert(OUTSIDE, seconds)


@pytest.mark.parametrize(
    "params",
    [
        asked(kind="no_answer"),
        asked(kind="no_answer", seconds=0),
        asked(kind="no_answer", seconds=35),
        asked(kind="no_answer", seconds=7),
        asked(kind="no_answer", seconds="x"),
        asked(kind="sometimes"),
        asked(target=""),
        asked(target="103"),
        asked(target="37529123456"),
        asked(target="+375"),
        asked(target="4930901820"),
        asked(target="+49"),
        asked(target="=375291234567"),
        {},
    ],
)
@pytest.mark.django_db
def test_S12_what_is_no_kind_number_or_seconds_is_refused_at_the_door(params: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        ACTIONS["forwarding"].read(params)


def test_S12_seconds_are_asked_for_no_answer_alone() -> None:
    action = ACTIONS["forwarding"].read(asked(seconds=15))
    assert getattr(action, "to", None) == Divert(OUTSIDE)


def test_S12_abroad_is_allowed_where_the_zone_of_the_longest_prefix_takes_it(cast: Cast) -> None:
    line = cast.subscribers[0]
    berlin, toll = "+49 30 901820", "+49 900 1234567"
    assert verdict(cast, line, asked(berlin)) == ("refused", "forwarding_zone")
    abroad("germany", "49", takes=True)
    abroad("premium", "49900", takes=False)
    assert verdict(cast, line, asked(berlin)) == ("fine", "")
    assert verdict(cast, line, asked("00 49 30 901820")) == ("fine", "")
    assert verdict(cast, line, asked(toll)) == ("refused", "forwarding_zone")


def test_S12_not_to_itself(cast: Cast) -> None:
    line = cast.subscribers[0]
    assert verdict(cast, line, asked(line.number)) == ("refused", "forwarding_itself")


def test_S12_calls_never_come_back_however_long_the_way_and_whatever_the_kinds(cast: Cast) -> None:
    first, second, third, fourth = cast.subscribers[:4]
    forwards(second, first, Kind.NO_ANSWER)
    assert verdict(cast, first, asked(second.number)) == ("refused", "forwarding_loop")
    forwards(third, second)
    forwards(fourth, third, Kind.UNREACHABLE)
    assert verdict(cast, first, asked(fourth.number, "unconditional")) == ("refused", "forwarding_loop")
    assert verdict(cast, third, asked(first.number, "unconditional")) == ("fine", "")
    forwarding.stop([third.pk], Kind.BUSY, clock.now())
    assert verdict(cast, first, asked(fourth.number)) == ("fine", "")


def test_S12_a_loop_that_others_made_stops_nobody_else(cast: Cast) -> None:
    first, second, third = cast.subscribers[:3]
    forwards(first, second)
    forwards(second, first)
    assert verdict(cast, third, asked(first.number)) == ("fine", "")


def test_S12_a_line_that_is_no_more_leads_nowhere(cast: Cast) -> None:
    first, second = cast.subscribers[:2]
    forwards(second, first)
    Subscriber.objects.filter(pk=second.pk).update(status="terminated")
    assert verdict(cast, first, asked(second.number)) == ("fine", "")


def test_S12_what_another_company_forwards_is_not_told(cast: Cast) -> None:
    line = cast.subscribers[0]
    forwards(cast.stranger_subscriber, line)
    assert verdict(cast, line, asked(cast.stranger_subscriber.number)) == ("fine", "")


def test_S12_the_target_of_an_order_may_stand_in_it_and_forward_on(cast: Cast) -> None:
    first, second, third, target = cast.subscribers[:4]
    forwards(target, second)
    lines = [first.pk, second.pk, third.pk, target.pk]
    order = draft(cast.anna, lines, "forwarding", **asked(target.number))
    assert [(found, reason) for _row, found, reason in verdicts(order)] == [
        ("fine", ""), ("refused", "forwarding_loop"), ("fine", ""), ("refused", "forwarding_itself")
    ]  # fmt: skip


def test_S12_of_two_orders_that_would_make_a_loop_the_second_is_refused(cast: Cast) -> None:
    first, second = cast.subscribers[:2]
    there = placed(cast.anna, [first.pk], "forwarding", **asked(second.number))
    back = placed(cast.anna, [second.pk], "forwarding", **asked(first.number))
    work(there)
    assert (results(there), results(work(back))) == ([(1, "done", "")], [(1, "refused", "forwarding_loop")])


def test_S12_what_an_order_is_about_to_set_counts_as_set_until_its_row_ends(cast: Cast) -> None:
    first, second, third = cast.subscribers[:3]
    forwards(second, third)
    assert forwarding.wish({third.pk: first.number}, Kind.UNCONDITIONAL) == {third.pk}
    assert verdict(cast, first, asked(second.number)) == ("refused", "forwarding_loop")
    forwarding.unwish([third.pk], Kind.UNCONDITIONAL, OUTSIDE)
    assert ForwardingWish.objects.exists(), "that was another wish"
    forwarding.unwish([third.pk], Kind.UNCONDITIONAL, first.number)
    assert verdict(cast, first, asked(second.number)) == ("fine", "")


@pytest.mark.parametrize(
    ("status", "on", "switched_off"),
    [
        ("active", ("fine", ""), ("fine", "")),
        ("blocked", ("refused", "blocked"), ("fine", "")),
        ("pending", ("refused", "pending"), ("refused", "pending")),
        ("terminated", ("refused", "terminated"), ("refused", "terminated")),
    ],
)
def test_S12_the_status_decides(cast: Cast, status: str, on: tuple[str, str], switched_off: tuple[str, str]) -> None:
    line = cast.subscribers[0]
    forwards(line, "375296661111")
    Subscriber.objects.filter(pk=line.pk).update(status=status)
    assert verdict(cast, line, asked()) == on
    assert verdict(cast, line, off()) == switched_off


def test_S12_where_the_catalog_has_a_service_for_it_the_line_needs_it(cast: Cast) -> None:
    line = cast.subscribers[0]
    service = Service.objects.create(
        code="call-forwarding", names={"en": "Forwarding"}, category=cast.catalog.service.category, fee=Decimal(1)
    )
    assert verdict(cast, line, asked()) == ("refused", "requires")
    work(placed(cast.anna, [line.pk], service=service.pk))
    assert verdict(cast, line, asked()) == ("fine", "")
    work(placed(cast.anna, [line.pk], "forwarding", **asked()))
    disconnecting = draft(cast.anna, [line.pk], "disconnect_service", service=service.pk)
    assert verdicts(disconnecting) == [(1, "refused", "forwarding_set")]
    work(placed(cast.anna, [line.pk], "forwarding", **off()))
    assert verdicts(draft(cast.anna, [line.pk], "disconnect_service", service=service.pk)) == [(1, "fine", "")]


def test_S12_it_sleeps_while_a_line_is_blocked_and_ends_with_it(cast: Cast) -> None:
    line = cast.subscribers[0]
    forwards(line, OUTSIDE)
    work(placed(cast.anna, [line.pk], "block"))
    work(placed(cast.anna, [line.pk], "unblock"))
    assert held(line) == [("busy", OUTSIDE, None)]
    work(placed(cast.anna, [line.pk], "terminate"))
    assert held(line) == []


def test_S12_a_file_of_many_is_judged_with_as_many_questions_as_one(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    action = ACTIONS["forwarding"].read(asked())
    lines = list(Subscriber.objects.filter(account=cast.first).select_related("account"))
    with django_assert_max_num_queries(4):
        assert action.check(lines, {}) == {}
    numbers = [line.number for line in lines]
    order = work(placed(cast.anna, file_of(*numbers), "forwarding", **asked()))
    assert (order.state, Forwarding.objects.filter(end=None).count()) == (Order.State.DONE, len(numbers))


@pytest.mark.postgres
def test_S12_one_of_a_kind_is_in_force(cast: Cast) -> None:
    line = cast.subscribers[0]
    row = {"subscriber": line, "kind": "busy", "target": OUTSIDE, "start": BEGAN}
    Forwarding.objects.create(**row)
    for wrong in (row, {**row, "kind": "no_answer"}, {**row, "kind": "unreachable", "seconds": 5}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Forwarding.objects.create(**wrong)


@pytest.mark.postgres
def test_S12_the_way_of_a_call_is_followed_on_both_databases(cast: Cast) -> None:
    first, second, third = cast.subscribers[:3]
    forwards(first, second)
    forwards(second, third, Kind.NO_ANSWER)
    forwards(third, first)
    forwards(third, OUTSIDE, Kind.UNREACHABLE)
    expected = {first.number, second.number, third.number, OUTSIDE}
    assert forwarding.reached_from(first.number, [cast.first.pk]) == expected
    assert forwarding.reached_from(first.number, []) == {first.number}
