"""Another number and another SIM for a line, from the draft to the records of calls and the bill (S13, S14)."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings

from abonent.access.models import Identifier
from abonent.billing.charges import Catalog, Fees
from abonent.billing.pricing import Pricing
from abonent.catalog.models import NumberCategory
from abonent.files.keeping import store
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.network.models import NetworkCommand
from abonent.orders.models import Order
from abonent.orders.reasons import WORDS
from abonent.orders.selection import Source
from abonent.profile import current
from abonent.subscribers import pool
from abonent.subscribers.models import NumberHolding, NumberSearch, PoolNumber, SimCard, SimHolding, Subscriber
from abonent.usage import intake as usage
from abonent.usage.layout import HEADER
from tests.cast import Cast
from tests.conftest import NOON
from tests.orders.world import draft, placed, results, verdicts, work, workbook
from tests.subscribers.drum import category, fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

State = PoolNumber.State
MINUTE = dt.timedelta(minutes=1)
SPARE = ("8937501000000000017", "8937501000000000025", "8937501000000000033")


@pytest.fixture
def gold() -> NumberCategory:
    made = category()
    fill(made, 20)
    return made


@pytest.fixture
def sims(cast: Cast) -> list[SimCard]:
    return [SimCard.objects.create(iccid=iccid, client=cast.company) for iccid in SPARE]


def chosen(cast: Cast, line: Subscriber, of: NumberCategory) -> str:
    """A number out of an offer for the line."""
    number = pool.offer(cast.anna, line, of)[0].number
    assert pool.choose(line, number)
    return number


def state(number: str) -> State:
    return PoolNumber.objects.get(number=number).state_at(clock.now())


def test_S13_the_line_has_the_new_number_and_the_old_one_rests(cast: Cast, gold: NumberCategory) -> None:
    line, old = cast.subscribers[0], cast.subscribers[0].number
    pool.load(gold, [old])
    number = chosen(cast, line, gold)
    order = draft(cast.anna, [line.pk], "change_number", number=number)
    assert (order.totals.monthly, order.totals.once) == (Decimal(0), Decimal(25))
    assert order.planned.is_final
    assert order.confirm(cast.anna.actor())
    assert state(number) == State.ORDERED
    work(order)
    assert order.state == Order.State.DONE
    line.refresh_from_db()
    assert line.number == number
    assert line.search_key == f"{number} {line.iccid} ермолаева"
    held = NumberHolding.objects.filter(subscriber=line).order_by("start").values_list("number", "start", "end", "fee")
    assert [row[2] for row in held] == [NOON, None]
    assert list(held)[1] == (number, NOON, None, Decimal(25))
    assert state(number) == State.HELD
    assert PoolNumber.objects.get(number=old).free_from == NOON + dt.timedelta(days=current().pool.rest_days)
    assert not NumberSearch.objects.exists(), "the next order begins with all tries"
    command = NetworkCommand.objects.get()
    assert (command.kind, command.number, command.args) == ("change_number", old, {"number": number})


def test_S13_whoever_logs_in_by_the_old_number_does_so_no_more(cast: Cast, gold: NumberCategory) -> None:
    line = cast.subscribers[0]
    phones = Identifier.objects.filter(kind=Identifier.Kind.PHONE, person=cast.elena.person)
    assert phones.get().value == line.number
    work(placed(cast.anna, [line.pk], "change_number", number=chosen(cast, line, gold)))
    assert not phones.exists()
    assert cast.elena.person.identifiers.exists(), "the e-mail address is still theirs"


def test_S13_calls_before_and_after_belong_to_the_right_number(
    cast: Cast, gold: NumberCategory, tmp_path: Path
) -> None:
    line, old = cast.subscribers[0], cast.subscribers[0].number
    number = chosen(cast, line, gold)
    work(placed(cast.anna, [line.pk], "change_number", number=number))
    before, after = "2026-11-09T11:59:59+03:00", "2026-11-09T12:00:00+03:00"
    rows = [(old, before), (old, after), (number, before), (number, after)]
    path = tmp_path / "usage.csv"
    text = "\n".join([HEADER, *(f"{of};voice;out;{at};60;375171111111;" for of, at in rows)])
    path.write_text(text + "\n", encoding="utf-8")
    with override_settings(USAGE_URL=f"file://{tmp_path}/store"), clock.stopped(NOON + 60 * MINUTE):
        (tmp_path / "store").mkdir()
        result = usage.load(path)
    rejected = list(result.file.rejected_lines.values_list("line_number", "reason"))
    assert result.records == 2
    assert rejected == [(3, "unknown_number"), (4, "unknown_number")]


def test_S13_the_number_is_charged_once_at_the_price_that_was_agreed(cast: Cast, gold: NumberCategory) -> None:
    line = cast.subscribers[0]
    work(placed(cast.anna, [line.pk], "change_number", number=chosen(cast, line, gold)))
    NumberCategory.objects.update(fee=Decimal(99))
    charged = []
    for month in (Month(2026, 11), Month(2026, 12)):
        pricing = Pricing(current(), month)
        fees = Fees.of_account(cast.first.pk, pricing.window, pricing, Catalog.read())
        charged.append(
            [(one.subscriber_id, one.subject, one.amount.net) for one in fees.all() if one.kind == "number_fee"]
        )
    assert charged == [[(line.pk, "number_category:gold", Decimal("25.00"))], []]


def test_S13_a_number_that_is_somebody_elses_is_refused_at_the_check(cast: Cast, gold: NumberCategory) -> None:
    line, other = cast.subscribers[0], cast.stranger_subscriber
    theirs = pool.offer(cast.stas, other, gold)[0].number
    assert verdicts(draft(cast.anna, [line.pk], "change_number", number=theirs)) == [(1, "refused", "number_taken")]
    assert verdicts(draft(cast.anna, [line.pk], "change_number", number="375440009999"))[0][2] == "number_taken"
    held = draft(cast.anna, [line.pk], "change_number", number=cast.subscribers[1].number)
    assert verdicts(held)[0][2] == "number_taken"
    same = draft(cast.anna, [line.pk], "change_number", number=line.number)
    assert verdicts(same) == [(1, "nothing", "same_number")]


def test_S13_only_active_lines_of_the_right_kind_get_what_is_on_sale(cast: Cast, gold: NumberCategory) -> None:
    line = cast.subscribers[0]
    number = chosen(cast, line, gold)
    for change, reason in (({"on_sale": False}, "number_not_on_sale"), ({"kind": "sip"}, "number_wrong_kind")):
        NumberCategory.objects.update(**change)
        assert verdicts(draft(cast.anna, [line.pk], "change_number", number=number)) == [(1, "refused", reason)]
    Subscriber.objects.filter(pk=line.pk).update(status="blocked")
    assert verdicts(draft(cast.anna, [line.pk], "change_number", number=number)) == [(1, "refused", "blocked")]


def test_S13_two_lines_never_get_one_number_by_one_order(cast: Cast, gold: NumberCategory) -> None:
    first, second = cast.subscribers[:2]
    order = draft(cast.anna, [first.pk, second.pk], "change_number", number=chosen(cast, first, gold))
    assert verdicts(order) == [(1, "fine", ""), (2, "refused", "one_number")]


def test_S13_a_reservation_that_ran_out_before_the_confirmation_is_lost_to_who_came_first(
    cast: Cast, gold: NumberCategory
) -> None:
    line, other = cast.subscribers[0], cast.stranger_subscriber
    number = chosen(cast, line, gold)
    order = draft(cast.anna, [line.pk], "change_number", number=number)
    with clock.stopped(NOON + 11 * MINUTE):
        assert pool.keep({other.pk: number}) == {other.pk}
        assert order.confirm(cast.anna.actor())
        work(order)
    assert results(order) == [(1, "refused", "number_taken")]
    assert not NetworkCommand.objects.exists(), "the network was not told"
    assert PoolNumber.objects.get(number=number).wanted_by == other
    line.refresh_from_db()
    assert line.number == order.items.get().number


def test_S13_a_reservation_that_ran_out_is_no_harm_where_nobody_else_came(cast: Cast, gold: NumberCategory) -> None:
    line = cast.subscribers[0]
    number = chosen(cast, line, gold)
    order = draft(cast.anna, [line.pk], "change_number", number=number)
    with clock.stopped(NOON + 11 * MINUTE):
        assert order.confirm(cast.anna.actor())
        work(order)
    assert results(order) == [(1, "done", "")]


def test_S13_a_draft_that_is_given_up_and_an_order_that_is_cancelled_free_the_number(
    cast: Cast, gold: NumberCategory
) -> None:
    line = cast.subscribers[0]
    number = chosen(cast, line, gold)
    order = draft(cast.anna, [line.pk], "change_number", number=number)
    assert order.cancel(cast.anna.actor())
    assert state(number) == State.FREE
    number = chosen(cast, line, gold)
    order = placed(cast.anna, [line.pk], "change_number", number=number)
    assert state(number) == State.ORDERED
    assert order.cancel(cast.anna.actor())
    work(order)
    assert results(order) == [(1, "cancelled", "order_cancelled")]
    assert state(number) == State.FREE


def test_S13_of_two_orders_for_one_line_the_second_sees_what_the_first_did(cast: Cast, gold: NumberCategory) -> None:
    line = cast.subscribers[0]
    first, second = (number.number for number in pool.offer(cast.anna, line, gold)[:2])
    orders = [placed(cast.anna, [line.pk], "change_number", number=number) for number in (first, second)]
    for order in orders:
        work(order)
    assert results(orders[0]) == [(1, "done", "")]
    assert results(orders[1]) == [(1, "refused", "changed")]
    assert state(second) == State.FREE


def test_S13_the_number_of_a_line_that_was_terminated_rests_too_and_its_sim_is_used_up(
    cast: Cast, gold: NumberCategory
) -> None:
    line = cast.subscribers[0]
    pool.load(gold, [line.number])
    SimCard.objects.create(iccid=line.iccid, client=cast.company)
    work(placed(cast.anna, [line.pk], "terminate"))
    assert state(line.number) == State.RESTING
    assert not SimCard.objects.within(cast.anna).free().exists()


def asked(line: Subscriber, iccid: str) -> Source:
    return Source(ids=(line.pk,), data={line.pk: {"iccid": iccid}})


@pytest.mark.usefixtures("sims")
def test_S14_the_line_has_the_new_sim_and_the_old_one_is_used_up(cast: Cast) -> None:
    line, old = cast.subscribers[0], cast.subscribers[0].iccid
    SimCard.objects.create(iccid=old, client=cast.company)
    order = work(placed(cast.anna, asked(line, SPARE[0]), "replace_sim"))
    assert results(order) == [(1, "done", "")]
    line.refresh_from_db()
    assert line.iccid == SPARE[0]
    assert Subscriber.objects.within(cast.anna).matching(SPARE[0]).get() == line
    held = SimHolding.objects.filter(subscriber=line).order_by("start").values_list("iccid", "end")
    assert list(held) == [(old, NOON), (SPARE[0], None)]
    assert NetworkCommand.objects.get().args == {"iccid": SPARE[0]}
    assert [sim.iccid for sim in SimCard.objects.within(cast.anna).free()] == list(SPARE[1:])
    for iccid in (old, SPARE[0]):
        again = draft(cast.anna, asked(cast.subscribers[1], iccid), "replace_sim")
        assert verdicts(again) == [(1, "refused", "sim_not_free")]


@pytest.mark.usefixtures("sims")
def test_S14_a_sim_of_somebody_else_or_of_nobody_is_refused_alike(cast: Cast) -> None:
    line = cast.subscribers[0]
    SimCard.objects.create(iccid="8937509000000000001", client=cast.stranger)
    for iccid in ("8937509000000000001", "8937509000000000002"):
        assert verdicts(draft(cast.anna, asked(line, iccid), "replace_sim")) == [(1, "refused", "sim_not_free")]
    assert verdicts(draft(cast.anna, asked(line, line.iccid), "replace_sim")) == [(1, "nothing", "same_sim")]
    assert verdicts(draft(cast.anna, [line.pk], "replace_sim")) == [(1, "refused", "no_sim")]


@pytest.mark.usefixtures("sims")
def test_S14_where_the_tariff_does_not_allow_it_the_operator_does_it(cast: Cast) -> None:
    line = cast.subscribers[0]
    type(line.tariff).objects.filter(pk=line.tariff_id).update(sim_by_client=False)
    assert verdicts(draft(cast.anna, asked(line, SPARE[0]), "replace_sim")) == [(1, "refused", "sim_by_operator")]


@pytest.mark.usefixtures("sims")
def test_S14_two_orders_for_one_sim_end_with_one_winner(cast: Cast) -> None:
    first, second = cast.subscribers[:2]
    drafts = [draft(cast.anna, asked(line, SPARE[0]), "replace_sim") for line in (first, second)]
    assert [verdicts(order) for order in drafts] == [[(1, "fine", "")]] * 2
    assert all(order.confirm(cast.anna.actor()) for order in drafts)
    for order in reversed(drafts):
        work(order)
    assert results(drafts[0]) == [(1, "done", "")]
    assert results(drafts[1]) == [(1, "refused", "sim_not_free")]
    assert NetworkCommand.objects.count() == 1
    second.refresh_from_db()
    assert second.iccid != SPARE[0]


@pytest.mark.usefixtures("sims")
def test_S14_an_order_that_is_cancelled_gives_the_sim_back(cast: Cast) -> None:
    line, other = cast.subscribers[:2]
    order = placed(cast.anna, asked(line, SPARE[0]), "replace_sim")
    assert verdicts(draft(cast.anna, asked(other, SPARE[0]), "replace_sim")) == [(1, "refused", "sim_not_free")]
    assert order.cancel(cast.anna.actor())
    work(order)
    assert SimCard.objects.within(cast.anna).free().filter(iccid=SPARE[0]).exists()


@pytest.mark.usefixtures("sims", "english")
def test_S14_a_sim_that_excel_has_rounded_is_refused_with_what_to_do(cast: Cast) -> None:
    lines = cast.subscribers
    typed = (int(SPARE[0]), 893750100000001, "89375X")
    rows = [[line.number, sim] for line, sim in zip(lines, typed, strict=False)]
    order = draft(cast.anna, store(workbook(rows), name="sims.xlsx", mime="application/xlsx"), "replace_sim")
    assert [row[2] for row in verdicts(order)] == ["rounded", "not_a_sim", "not_a_sim"]
    assert "the format Text" in str(WORDS["rounded"])


@pytest.mark.usefixtures("sims")
def test_S10_a_sim_as_a_number_is_said_to_be_rounded_where_lines_are_named_by_it(cast: Cast) -> None:
    listed = store(workbook([[int(SPARE[0])]]), name="sims.xlsx", mime="application/xlsx")
    assert verdicts(draft(cast.anna, listed, "activate")) == [(1, "refused", "rounded")]


@pytest.mark.usefixtures("sims")
def test_S14_a_file_brings_the_sim_in_the_column_after_the_number(cast: Cast) -> None:
    lines = cast.subscribers
    rows = [
        [lines[0].number, SPARE[0]],
        [lines[1].number, f"{SPARE[1][:7]} {SPARE[1][7:]}"],
        [lines[2].number, SPARE[2]],
        [lines[3].number, SPARE[2]],
        [lines[4].number, ""],
    ]
    listed = store(workbook(rows), name="sims.xlsx", mime="application/xlsx")
    order = draft(cast.anna, Source(file=listed), "replace_sim")
    assert [(verdict, reason) for _row, verdict, reason in verdicts(order)] == [
        ("fine", ""),
        ("fine", ""),
        ("refused", "sim_twice"),
        ("refused", "sim_twice"),
        ("refused", "no_sim"),
    ]
    assert order.confirm(cast.anna.actor())
    assert [result for _row, result, _reason in results(work(order))] == [
        "done",
        "done",
        "refused",
        "refused",
        "refused",
    ]
    assert Subscriber.objects.get(pk=lines[1].pk).iccid == SPARE[1]
