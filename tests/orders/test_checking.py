import uuid
import zipfile
from io import BytesIO

import pytest
from django.urls import reverse

from abonent.access.models import Seat
from abonent.files.keeping import store
from abonent.orders import intake
from abonent.orders.dropping import drop
from abonent.orders.models import Order, OrderCheck, OrderItem
from abonent.orders.queues import CHECKS
from abonent.orders.selection import Filter, Source
from abonent.subscribers.models import ConnectedService, Subscriber
from tests.cast import Cast, subscriber
from tests.conftest import NOON, logged_in
from tests.orders.world import adds_up, draft, file_of, verdicts, workbook

pytestmark = pytest.mark.django_db


def ids(cast: Cast) -> list[int]:
    return [line.pk for line in cast.subscribers]


def test_S15_1_every_row_gets_a_verdict(cast: Cast) -> None:
    one, two = cast.subscribers[:2]
    order = draft(
        cast.anna, file_of("Номер", one.number, "abc1", None, two.number, one.number), service=cast.catalog.service.pk
    )
    assert verdicts(order) == [
        (1, "nothing", "header"),
        (2, "fine", ""),
        (3, "refused", "not_a_number"),
        (4, "nothing", "blank"),
        (5, "fine", ""),
        (6, "nothing", "duplicate"),
    ]
    assert order.state == Order.State.DRAFT
    assert (order.total, order.refused, order.nothing, order.left) == (6, 1, 3, 2)
    assert order.items.get(row=6).args == {"row": 2}
    assert adds_up(order)


@pytest.mark.parametrize(
    "typed",
    ["+375 29 111-00-01", " 375291110001 ", 375291110001, 375291110001.0, "291110001", "375291110001.0"],
)
def test_S15_1_a_number_is_understood_as_it_is_typed(cast: Cast, typed: object) -> None:
    order = draft(cast.anna, file_of(typed), service=cast.catalog.service.pk)
    item = order.items.get()
    assert (item.number, item.verdict, item.subscriber) == ("375291110001", "fine", cast.subscribers[0])
    assert item.note == ("" if item.typed == item.number else "tidied")


def test_S15_1_a_number_of_somebody_else_is_refused_like_one_that_nobody_has(cast: Cast) -> None:
    other, second = cast.stranger_subscriber.number, cast.subscribers[5].number
    order = draft(cast.anna, file_of(other, "375299999999", second), service=cast.catalog.service.pk)
    assert {(item.verdict, item.reason, str(item.args), item.subscriber) for item in order.items.all()} == {
        ("refused", "not_yours", "{}", None)
    }


def test_S15_1_a_number_that_was_given_again_belongs_to_who_holds_it_now(cast: Cast) -> None:
    old = cast.subscribers[0]
    Subscriber.objects.filter(pk=old.pk).update(status="terminated", iccid="")
    old.number_holdings.update(end=NOON)
    new = subscriber(cast.first, old.number, "New", cast.catalog)
    order = draft(cast.anna, file_of(old.number), service=cast.catalog.service.pk)
    assert order.items.get().subscriber == new


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (workbook([["375291110001", "x"]]), "two_columns", 1),
        (workbook([["375291110001"], [None, "375291110002"]]), "two_columns", 2),
        (workbook([]), "empty", None),
        (b"375291110001\n", "not_a_workbook", None),
        (b"PK\x03\x04 torn", "broken", None),
        (b"", "not_a_workbook", None),
    ],
)
def test_S15_1_a_file_that_is_not_one_column_is_refused_whole(
    cast: Cast, content: bytes, code: str, row: int | None
) -> None:
    order = draft(cast.anna, store(content, name="x.xlsx", mime="x"), service=cast.catalog.service.pk)
    assert (order.state, order.refusal["code"], order.refusal["row"]) == (Order.State.UNREADABLE, code, row)
    assert (order.total, order.items.count()) == (0, 0)
    assert not order.confirm(cast.anna.actor())


def test_S15_1_a_zip_bomb_leaves_nothing_half_done(cast: Cast) -> None:
    stream = BytesIO(workbook([["375291110001"]]))
    with zipfile.ZipFile(stream) as good:
        parts = {name: good.read(name) for name in good.namelist()}
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content + b" " * 150_000_000 if "sheet1" in name else content)
    order = draft(cast.anna, store(bomb.getvalue(), name="x.xlsx", mime="x"), service=cast.catalog.service.pk)
    assert order.state == Order.State.UNREADABLE
    assert order.items.count() == 0


def test_S15_1_a_short_selection_is_judged_at_once_and_a_long_one_by_the_worker(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = {"service": cast.catalog.service.pk}
    short = intake.place(cast.anna, "connect_service", params, Source(ids=tuple(ids(cast))), key=uuid.uuid4())
    assert (short.state, short.total) == (Order.State.DRAFT, 5)
    monkeypatch.setattr(intake, "AT_ONCE", 1)
    long = intake.place(cast.anna, "connect_service", params, Source(ids=tuple(ids(cast))), key=uuid.uuid4())
    assert (long.state, OrderCheck.objects.filter(order=long).count()) == (Order.State.CHECKING, 1)
    CHECKS.turn({})
    assert verdicts(long) == verdicts(short)


def test_S15_1_all_that_match_a_filter_are_chosen_within_the_seat(cast: Cast) -> None:
    everything = draft(cast.sergei, Source(matching=Filter()), service=cast.catalog.service.pk)
    assert [item.number for item in everything.items.order_by("row")] == [line.number for line in cast.subscribers]
    some = draft(cast.anna, Source(matching=Filter(text="коВал")), service=cast.catalog.service.pk)
    assert [item.number for item in some.items.all()] == [cast.subscribers[1].number]
    none = draft(cast.anna, Source(matching=Filter(status="blocked")), service=cast.catalog.service.pk)
    assert (none.state, none.total) == (Order.State.DRAFT, 0)


def test_S15_1_lines_out_of_scope_cannot_be_chosen_by_id(cast: Cast) -> None:
    order = draft(cast.elena, ids(cast), service=cast.catalog.service.pk)
    assert [item.subscriber for item in order.items.all()] == [cast.subscribers[0]]
    assert draft(cast.stas, ids(cast), service=cast.catalog.service.pk).total == 0


def test_S15_1_a_check_that_was_cut_off_begins_anew(cast: Cast) -> None:
    order = intake.place(
        cast.anna,
        "connect_service",
        {"service": cast.catalog.service.pk},
        Source(file=file_of(*[line.number for line in cast.subscribers])),
        key=uuid.uuid4(),
    )
    OrderItem.objects.create(order=order, row=1, typed="left by a killed worker", verdict="fine")
    CHECKS.turn({})
    order.refresh_from_db()
    assert order.total == 6
    assert adds_up(order)
    assert not order.items.filter(typed__startswith="left").exists()


def test_S15_1_the_same_key_is_the_same_draft(cast: Cast) -> None:
    key = uuid.uuid4()
    params = {"service": cast.catalog.service.pk}
    first = intake.place(cast.anna, "connect_service", params, Source(ids=(1,)), key=key)
    again = intake.place(cast.anna, "connect_service", params, Source(ids=(1,)), key=key)
    assert first == again
    # A key is the client's own: another company's stays apart.
    assert intake.place(cast.stas, "connect_service", params, Source(ids=(1,)), key=key) != first


def test_S15_1_rows_can_be_taken_out_before_the_order(cast: Cast) -> None:
    order = draft(cast.anna, ids(cast), service=cast.catalog.service.pk)
    first = order.items.get(row=1)
    assert drop(order, [first.pk, first.pk], cast.anna.actor()) == 1
    assert drop(order, [first.pk], cast.anna.actor()) == 0
    assert (order.left, order.cancelled) == (4, 1)
    assert adds_up(order)
    assert order.confirm(cast.anna.actor())
    assert drop(order, [order.items.get(row=2).pk], cast.anna.actor()) == 0


def test_S15_1_only_who_made_a_draft_takes_rows_out_of_it_or_gives_it_up(cast: Cast) -> None:
    order = draft(cast.anna, ids(cast), service=cast.catalog.service.pk)
    assert drop(order, [order.items.get(row=1).pk], cast.sergei.actor()) == 0
    assert not order.cancel(cast.sergei.actor())
    assert (order.state, order.cancelled) == (Order.State.DRAFT, 0)
    page = reverse("order", args=[order.pk])
    give_up = reverse("order_cancellation", args=[order.pk])
    assert give_up in logged_in(cast.anna).get(page).content.decode()
    assert give_up not in logged_in(cast.sergei).get(page).content.decode()
    assert order.cancel(cast.anna.actor())


def test_nothing_happens_to_a_line_before_the_order_is_placed(cast: Cast) -> None:
    draft(cast.anna, ids(cast), service=cast.catalog.service.pk)
    assert not ConnectedService.objects.exists()


@pytest.mark.parametrize(
    ("action", "service"),
    [("connect_service", 0), ("connect_service", "x"), ("no_such", None), ("connect_service", "")],
)
def test_what_cannot_be_ordered_is_an_error(cast: Cast, action: str, service: object) -> None:
    params = {"service": cast.catalog.service.pk if service is None else service}
    with pytest.raises(ValueError, match=r"nothing can|no such"):
        intake.place(cast.anna, action, params, Source(ids=(1,)), key=uuid.uuid4())


def test_the_operators_staff_have_no_lines_to_order_for(cast: Cast) -> None:
    with pytest.raises(ValueError, match="ordered"):
        intake.place(cast.olga, "connect_service", {"service": 1}, Source(ids=(1,)), key=uuid.uuid4())


def seen(seat: Seat) -> set[Order]:
    return set(Order.objects.within(seat))


def test_an_order_is_seen_by_whoever_sees_all_its_accounts(cast: Cast) -> None:
    service = cast.catalog.service.pk
    of_first = draft(cast.sergei, ids(cast)[:2], service=service)
    of_both = draft(cast.sergei, ids(cast), service=service)
    own = draft(cast.elena, ids(cast), service=service)
    assert seen(cast.sergei) == {of_first, of_both, own}
    assert seen(cast.anna) == {of_first, own}
    assert seen(cast.elena) == {own}
    assert seen(cast.stas) == set()
    assert seen(cast.olga) == set()
