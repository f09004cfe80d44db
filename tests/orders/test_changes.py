"""What the other actions say of a line before, and leave behind: plans, names, statuses (S9–S11, S15.2–S15.5, S17)."""

import datetime as dt
from decimal import Decimal

import pytest

from abonent.access.models import Identifier
from abonent.catalog.models import OptionSet, Tariff
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.action import Problem
from abonent.orders.models import Order
from abonent.orders.selection import Source
from abonent.profile import current
from abonent.profile.calendar import may_rename
from abonent.subscribers.models import NameHolding, PlanHolding, StatusHolding, Subscriber
from tests.cast import Cast
from tests.orders.world import draft, placed, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def master(cast: Cast) -> OptionSet:
    """Another tariff with a set: 7 dearer than what the cast has."""
    tariff = Tariff.objects.create(
        code="master", names={"en": "Master"}, category=cast.catalog.tariff.category, kind="mobile", fee=Decimal(12)
    )
    return OptionSet.objects.create(code="master-15", names={"en": "15 GB"}, tariff=tariff, fee=Decimal(10))


def verdict(order: Order) -> tuple[str, str]:
    item = order.items.get()
    return item.verdict, item.reason


def test_S15_2_a_tariff_changes_with_its_set_and_says_the_difference_before(cast: Cast, master: OptionSet) -> None:
    line = cast.subscribers[0]
    order = draft(cast.anna, [line.pk], "change_plan", tariff=master.tariff_id, option_set=master.pk)
    assert (order.totals.monthly, order.totals.once) == (Decimal(7), Decimal(0))
    assert order.confirm(cast.anna.actor())
    work(order)
    line.refresh_from_db()
    assert (line.tariff, line.option_set) == (master.tariff, master)
    held = PlanHolding.objects.filter(subscriber=line).order_by("start")
    assert [(row.tariff_id, row.end is None) for row in held] == [
        (cast.catalog.tariff.pk, False),
        (master.tariff_id, True),
    ]
    assert held[0].end == held[1].start


def test_S15_2_the_same_plan_is_nothing_to_do_and_what_is_not_sold_is_refused(cast: Cast, master: OptionSet) -> None:
    line, sold = cast.subscribers[0], cast.catalog
    same = {"tariff": sold.tariff.pk, "option_set": sold.option_set.pk}
    assert verdict(draft(cast.anna, [line.pk], "change_plan", **same)) == ("nothing", "same_plan")
    wanted = {"tariff": master.tariff_id, "option_set": master.pk}
    other = draft(cast.anna, [line.pk], "change_option_set", **wanted)
    assert verdict(other) == ("refused", "another_tariff")
    Tariff.objects.filter(pk=master.tariff_id).update(on_sale=False)
    assert verdict(draft(cast.anna, [line.pk], "change_plan", **wanted)) == ("refused", "tariff_not_on_sale")
    Tariff.objects.filter(pk=master.tariff_id).update(on_sale=True, kind="sip")
    assert verdict(draft(cast.anna, [line.pk], "change_plan", **wanted)) == ("refused", "tariff_wrong_kind")


def test_S15_2_a_set_belongs_to_its_tariff(cast: Cast, master: OptionSet) -> None:
    for params in ({"tariff": cast.catalog.tariff.pk, "option_set": master.pk}, {"tariff": 0}, {"tariff": "x"}):
        with pytest.raises(ValueError, match="no such"):
            ACTIONS["change_plan"].read(params)


def test_S15_3_only_what_was_confirmed_changes_and_the_old_name_stays_known(cast: Cast) -> None:
    line = cast.subscribers[0]
    source = Source(ids=(line.pk,), data={line.pk: {"first_name": "Анна"}})
    order = work(placed(cast.anna, source, "rename"))
    assert order.state == Order.State.DONE
    line.refresh_from_db()
    assert line.name == "Ермолаева Анна"
    assert Subscriber.objects.within(cast.anna).matching("анна").get() == line
    names = NameHolding.objects.filter(subscriber=line).order_by("start").values_list("last_name", "first_name")
    assert list(names) == [("Ермолаева", ""), ("Ермолаева", "Анна")]


def test_S15_3_a_name_that_is_empty_too_long_or_the_same_is_told(cast: Cast) -> None:
    line = cast.subscribers[0]
    wanted = {
        ("refused", "no_name"): {"last_name": "", "first_name": "", "middle_name": ""},
        ("refused", "long_name"): {"first_name": "а" * 61},
        ("nothing", "same_name"): {"last_name": "Ермолаева"},
    }
    for expected, data in wanted.items():
        assert verdict(draft(cast.anna, Source(ids=(line.pk,), data={line.pk: data}), "rename")) == expected


def test_L11_a_file_brings_the_name_in_the_columns_after_the_number() -> None:
    rename = ACTIONS["rename"].read({})
    assert rename.of_row(("Иванов", " Пётр  ", "")) == {
        "last_name": "Иванов",
        "first_name": "Пётр",
        "middle_name": "",
    }
    assert isinstance(rename.of_row(("", " ", "")), Problem)


@pytest.mark.parametrize(
    ("local", "allowed"),
    [
        ("2026-11-28T23:59:59", True),
        ("2026-11-29T00:00:00", False),
        ("2026-11-30T23:59:59", False),
        ("2026-12-01T00:00:00", True),
        ("2028-02-27T23:59:59", True),
        ("2028-02-28T00:00:00", False),
    ],
)
def test_L11_names_are_closed_on_the_last_two_days_of_a_month(local: str, allowed: bool) -> None:  # noqa: FBT001  # a table
    here = current()
    at = dt.datetime.fromisoformat(local).replace(tzinfo=here.zone)
    answer = may_rename(here, at)
    assert answer.allowed is allowed
    if not allowed:
        following = (at.replace(day=28) + dt.timedelta(days=4)).replace(day=1, hour=0, minute=0, second=0)
        assert answer.possible_from == following


@pytest.mark.parametrize(
    ("action", "before", "expected"),
    [
        ("activate", "pending", ("fine", "")),
        ("activate", "active", ("nothing", "is_active")),
        ("activate", "blocked", ("refused", "blocked")),
        ("block", "active", ("fine", "")),
        ("block", "blocked", ("nothing", "is_blocked")),
        ("block", "pending", ("refused", "pending")),
        ("unblock", "blocked", ("fine", "")),
        ("unblock", "active", ("nothing", "is_active")),
        ("unblock", "pending", ("refused", "pending")),
        ("terminate", "active", ("fine", "")),
        ("terminate", "blocked", ("refused", "blocked")),
        ("terminate", "pending", ("refused", "pending")),
        ("terminate", "terminated", ("nothing", "is_terminated")),
    ],
)
def test_S15_the_status_decides_what_may_be_done(
    cast: Cast, action: str, before: str, expected: tuple[str, str]
) -> None:
    line = cast.subscribers[1]
    Subscriber.objects.filter(pk=line.pk).update(status=before)
    assert verdict(draft(cast.anna, [line.pk], action)) == expected


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("activate", "pending", "active"),
        ("block", "active", "blocked"),
        ("unblock", "blocked", "active"),
        ("terminate", "active", "terminated"),
    ],
)
def test_S15_a_status_changes_once_the_order_is_done(cast: Cast, action: str, before: str, after: str) -> None:
    line = cast.subscribers[1]
    Subscriber.objects.filter(pk=line.pk).update(status=before)
    order = placed(cast.anna, [line.pk], action)
    line.refresh_from_db()
    assert line.status == before
    work(order)
    line.refresh_from_db()
    assert line.status == after
    assert StatusHolding.objects.get(subscriber=line, end=None).status == after


def test_S15_5_whoever_loses_a_number_loses_the_log_in_by_it_at_once(cast: Cast) -> None:
    elena = cast.subscribers[0]
    assert Identifier.objects.filter(kind="phone", value=elena.number).exists()
    work(placed(cast.anna, [elena.pk], "terminate"))
    assert not Identifier.objects.filter(kind="phone", value=elena.number).exists()
    assert not elena.number_holdings.filter(end=None).exists()
    assert not elena.sim_holdings.filter(end=None).exists()
