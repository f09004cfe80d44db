"""Another number for each line of a list: a category, or a file that names them (S13)."""

import datetime as dt
import io
import uuid
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from abonent.catalog.models import NumberCategory
from abonent.files.keeping import store
from abonent.lib import clock
from abonent.orders import keeping
from abonent.orders.actions.action import Action, Problem
from abonent.orders.dropping import drop
from abonent.orders.models import Order
from abonent.orders.renewing import renew
from abonent.orders.selection import Source
from abonent.profile import current
from abonent.subscribers import pool
from abonent.subscribers.models import NumberHolding, PoolNumber, Subscriber
from tests.cast import Cast
from tests.conftest import NOON
from tests.orders.world import adds_up, draft, placed, results, verdicts, work, workbook
from tests.subscribers.drum import category, fill

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("noon", "english")]

State = PoolNumber.State
KEPT = dt.timedelta(minutes=10)


@pytest.fixture
def gold() -> NumberCategory:
    return category()


def ids(cast: Cast, count: int = 3) -> list[int]:
    return [line.pk for line in cast.subscribers[:count]]


def given(order: Order) -> dict[int, str]:
    """The new numbers of a draft, by row."""
    return {item.row: item.data["number"] for item in order.items.filter(verdict="fine").order_by("row")}


def states(numbers: list[str]) -> list[State]:
    rows = PoolNumber.objects.filter(number__in=numbers).order_by("number")
    return [row.state_at(clock.now()) for row in rows]


def test_S13_each_line_gets_a_number_of_the_category_that_is_kept_while_the_draft_is_read(
    cast: Cast, gold: NumberCategory
) -> None:
    numbers = fill(gold, 5)
    order = draft(cast.anna, ids(cast), "change_numbers", category=gold.pk)
    assert (order.left, order.totals.once, order.totals.monthly) == (3, Decimal(75), Decimal(0))
    kept = given(order)
    assert len(set(kept.values())) == 3
    assert set(kept.values()) <= set(numbers)
    assert states(list(kept.values())) == [State.RESERVED] * 3
    assert {row.free_from for row in PoolNumber.objects.filter(number__in=kept.values())} == {NOON + KEPT}
    assert order.confirm(cast.anna.actor())
    assert states(list(kept.values())) == [State.ORDERED] * 3
    work(order)
    assert order.state == Order.State.DONE
    held = dict(NumberHolding.objects.filter(end=None, fee=25).values_list("subscriber__number", "number"))
    assert set(held) == set(held.values()) == set(kept.values())


def test_S13_too_few_numbers_are_given_in_order_and_the_other_rows_say_why(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 2)
    order = draft(cast.anna, ids(cast), "change_numbers", category=gold.pk)
    assert (order.left, order.refused) == (2, 1)
    assert [row[1:] for row in verdicts(order)] == [("fine", ""), ("fine", ""), ("refused", "no_free_number")]
    assert adds_up(order)


def test_S13_what_cannot_have_another_number_takes_none(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 5)
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(status="blocked")
    order = draft(cast.anna, ids(cast, 2), "change_numbers", category=gold.pk)
    assert [row[1:] for row in verdicts(order)] == [("refused", "blocked"), ("fine", "")]
    assert PoolNumber.objects.filter(wanted_by__isnull=False).count() == 1
    wrong = category("sip", kind="sip")
    fill(wrong, 5, "37545")
    order = draft(cast.anna, ids(cast, 2)[1:], "change_numbers", category=wrong.pk)
    assert verdicts(order) == [(1, "refused", "number_wrong_kind")]


def test_S13_a_line_twice_in_a_file_gets_one_number(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 5)
    number = cast.subscribers[0].number
    file = store(workbook([[number], [number]]), name="list.xlsx", mime="application/xlsx")
    order = draft(cast.anna, file, "change_numbers", category=gold.pk)
    assert [row[1] for row in verdicts(order)] == ["fine", "nothing"]
    assert PoolNumber.objects.filter(wanted_by__isnull=False).count() == 1


def test_S13_what_is_given_up_or_taken_out_is_free_at_once(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 5)
    order = draft(cast.anna, ids(cast), "change_numbers", category=gold.pk)
    first, second, third = (given(order)[row] for row in (1, 2, 3))
    assert drop(order, [order.items.get(row=1).pk], cast.anna.actor()) == 1
    assert states([first]) == [State.FREE]
    assert states([second, third]) == [State.RESERVED] * 2
    assert order.cancel(cast.anna.actor())
    assert set(states([first, second, third])) == {State.FREE}


def test_S13_a_second_draft_keeps_the_numbers_and_looking_for_others_has_an_end(
    cast: Cast, gold: NumberCategory
) -> None:
    fill(gold, 30)
    first = draft(cast.anna, ids(cast, 1), "change_numbers", category=gold.pk)
    again = draft(cast.anna, ids(cast, 1), "change_numbers", category=gold.pk)
    assert given(first) == given(again)
    for _try in range(current().pool.tries - 1):
        again.cancel(cast.anna.actor())
        again = draft(cast.anna, ids(cast, 1), "change_numbers", category=gold.pk)
        assert again.left == 1
    again.cancel(cast.anna.actor())
    again = draft(cast.anna, ids(cast, 1), "change_numbers", category=gold.pk)
    assert verdicts(again) == [(1, "refused", "tired")]


def test_S13_what_lapsed_and_was_taken_is_replaced_before_anything_is_ordered(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 3)
    order = draft(cast.anna, ids(cast, 2), "change_numbers", category=gold.pk)
    before = given(order)
    with clock.stopped(NOON + KEPT):
        assert pool.keep({cast.subscribers[2].pk: before[1]})
        renewed = renew(order)
        assert (renewed.changed, renewed.lost) == (1, 0)
        after = given(order)
        assert after[2] == before[2]
        assert after[1] not in before.values()
        assert order.confirm(cast.anna.actor())
        assert work(order).state == Order.State.DONE


def test_S13_a_row_for_which_nothing_is_left_is_refused_and_the_sum_follows(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 2)
    order = draft(cast.anna, ids(cast, 2), "change_numbers", category=gold.pk)
    with clock.stopped(NOON + KEPT):
        assert pool.keep({cast.subscribers[2].pk: given(order)[1]})
        assert renew(order).lost == 1
        assert (order.left, order.refused, order.totals.once) == (1, 1, Decimal(25))
        assert verdicts(order)[0] == (1, "refused", "no_free_number")
        assert adds_up(order)


def test_S13_nothing_is_renewed_where_nothing_lapsed_and_no_try_is_lost(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 5)
    order = draft(cast.anna, ids(cast), "change_numbers", category=gold.pk)
    for _try in range(current().pool.tries + 1):
        assert not renew(order)
    assert order.left == 3


def test_S13_numbers_of_an_order_for_a_day_to_come_do_not_lapse_however_many(
    cast: Cast, gold: NumberCategory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    fill(gold, 3)
    order = draft(cast.anna, ids(cast), "change_numbers", category=gold.pk)
    assert order.plan(NOON + dt.timedelta(days=1), cast.anna.actor())
    assert order.confirm(cast.anna.actor())
    assert order.state == Order.State.SCHEDULED
    with clock.stopped(NOON + KEPT):
        assert states(list(given(order).values())) == [State.ORDERED] * 3


def test_S13_an_order_for_a_day_to_come_that_is_cancelled_while_it_is_placed_keeps_nothing_more(
    cast: Cast, gold: NumberCategory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 1)
    fill(gold, 3)
    order = draft(cast.anna, ids(cast), "change_numbers", category=gold.pk)
    wanted = list(given(order).values())
    assert order.plan(NOON + dt.timedelta(days=1), cast.anna.actor())
    keep = keeping.keep

    def keep_and_cancel(action: Action, rows: list[keeping.Row]) -> dict[int, Problem]:
        found = keep(action, rows)
        if states(wanted).count(State.ORDERED) == 2:
            assert Order.objects.get(pk=order.pk).cancel(cast.anna.actor())
        return found

    monkeypatch.setattr(keeping, "keep", keep_and_cancel)
    assert order.confirm(cast.anna.actor())
    assert states(wanted).count(State.ORDERED) <= 2
    monkeypatch.setattr(keeping, "keep", keep)
    work(order)
    assert State.ORDERED not in states(wanted)


def test_S13_a_file_names_the_number_of_each_line(cast: Cast, gold: NumberCategory) -> None:
    plain = category("plain", "0")
    dear, cheap = fill(gold, 1)[0], fill(plain, 1, "37545")[0]
    one, two, three, four = cast.subscribers[:4]
    rows = [
        ["Number", "New number"],
        [one.number, dear],
        [two.number, cheap],
        [three.number, dear],
        [four.number, four.number],
    ]
    file = store(workbook(rows), name="numbers.xlsx", mime="application/xlsx")
    order = draft(cast.anna, file, "give_numbers")
    found = [row[1:] for row in verdicts(order)]
    assert found == [
        ("nothing", "header"),
        ("fine", ""),
        ("fine", ""),
        ("refused", "number_not_free"),
        ("nothing", "same_number"),
    ]
    assert order.totals.once == Decimal(25)
    assert order.confirm(cast.anna.actor())
    work(order)
    numbers = Subscriber.objects.filter(pk__in=[one.pk, two.pk]).order_by("pk").values_list("number", flat=True)
    assert list(numbers) == [dear, cheap]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "no_number"), ("abc", "odd_number"), ("375449999999", "number_not_free")],
)
def test_S13_a_named_number_that_makes_no_sense_is_refused(cast: Cast, typed: str, reason: str) -> None:
    content = workbook([[cast.subscribers[0].number, typed], [cast.subscribers[1].number, "x"]])
    order = draft(cast.anna, store(content, name="numbers.xlsx", mime="application/xlsx"), "give_numbers")
    assert verdicts(order)[0] == (1, "refused", reason)


def test_S13_a_failed_row_is_tried_again_with_the_number_that_it_asked_for(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 9)
    order = placed(cast.anna, ids(cast, 1), "change_numbers", category=gold.pk)
    wanted = order.items.get().data["number"]
    PoolNumber.objects.filter(number=wanted).update(free_from=None, wanted_by=cast.subscribers[5])
    assert results(work(order)) == [(1, "refused", "number_taken")]
    assert PoolNumber.objects.get(number=wanted).wanted_by == cast.subscribers[5]


def page(browser: Client, address: str) -> str:
    return " ".join(browser.get(address, headers={"accept-language": "en"}).content.decode().split())


def test_S13_in_the_browser_from_the_category_to_the_receipt(
    cast: Cast, gold: NumberCategory, anna_client: Client
) -> None:
    fill(gold, 3)
    choice = page(anna_client, f"/orders/new/numbers/?category={gold.pk}")
    assert "3 numbers are free now." in choice
    sent = {"category": gold.pk, "by": "list", "pick": ids(cast, 2), "key": str(uuid.uuid4())}
    there = anna_client.post("/orders/new/numbers/", sent).headers["Location"]
    order = Order.objects.get()
    shown = page(anna_client, there)
    assert "Change 2 numbers" in shown
    assert "Becomes" in shown
    assert all(f"+{number[:3]}" in shown for number in given(order).values())
    assert "are kept for these lines until" in shown
    with clock.stopped(NOON + KEPT):
        assert pool.keep({cast.subscribers[2].pk: given(order)[1]})
        assert anna_client.post(f"{there}confirmation/").headers["Location"] == there
        assert "1 number was given to somebody else meanwhile" in page(anna_client, there)
        order.refresh_from_db()
        assert order.state == Order.State.DRAFT
        assert anna_client.post(f"{there}confirmation/").headers["Location"] == f"{there}placed/"


def test_S13_in_the_browser_from_a_file(cast: Cast, gold: NumberCategory, anna_client: Client) -> None:
    number = fill(gold, 1)[0]
    assert anna_client.post("/orders/numbers/", {}).status_code == 422
    content = workbook([[cast.subscribers[0].number, number]])
    sent = {"key": str(uuid.uuid4()), "file": SimpleUploadedFile("numbers.xlsx", content)}
    there = anna_client.post("/orders/numbers/", sent).headers["Location"]
    work(Order.objects.get())
    assert "Change 1 number" in page(anna_client, there)
    sample = anna_client.get("/orders/numbers/sample/")
    content = b"".join(sample)
    sample.close()
    beside = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert (cast.subscribers[1].number, cast.subscribers[1].number) in beside


def test_S13_a_filter_and_a_selection_do_as_well(cast: Cast, gold: NumberCategory) -> None:
    fill(gold, 30)
    order = draft(cast.anna, Source(selected=tuple(ids(cast))), "change_numbers", category=gold.pk)
    assert order.left == 3
