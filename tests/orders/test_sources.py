"""Whence the numbers of an order come: a typed list, a text file, the same file once more, the rows that failed."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

import pytest

from abonent.files.keeping import store
from abonent.files.models import StoredFile
from abonent.lib import clock
from abonent.network.embedded import EmbeddedNetwork
from abonent.network.values import Command, Outcome
from abonent.orders import executing, intake, typed
from abonent.orders.likeness import first_like
from abonent.orders.models import Order, Result
from abonent.orders.selection import Source
from abonent.subscribers.models import ConnectedService, Subscriber
from tests.cast import Cast
from tests.conftest import NOON
from tests.orders.world import draft, file_of, placed, results, verdicts, work

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def clip(cast: Cast) -> int:
    return cast.catalog.service.pk


def text_file(content: bytes, mime: str = "text/csv") -> StoredFile:
    return store(content, name="list.csv", mime=mime)


@pytest.mark.parametrize("between", [";", ",", "\n", "\r\n", " ", "; ", ";\n", "\t"])
def test_S15_1_a_typed_list_is_read_however_it_is_parted(cast: Cast, between: str) -> None:
    numbers = [line.number for line in cast.subscribers[:3]]
    order = draft(cast.anna, Source(typed=between.join(numbers)), service=clip(cast))
    assert verdicts(order) == [(1, "fine", ""), (2, "fine", ""), (3, "fine", "")]


def test_S15_1_a_typed_number_may_have_its_plus_and_spaces(cast: Cast) -> None:
    first, second = (line.number for line in cast.subscribers[:2])
    written = f"+{first[:3]} {first[3:5]} {first[5:8]}-{first[8:10]}-{first[10:]}"
    order = draft(cast.anna, Source(typed=f"{written} +{second}"), service=clip(cast))
    assert [item.subscriber for item in order.items.order_by("row")] == cast.subscribers[:2]


def test_S15_1_a_typed_list_gets_the_verdicts_of_a_file(cast: Cast) -> None:
    known = cast.subscribers[0].number
    rows = ["Номер", known, "12", known, cast.stranger_subscriber.number]
    by_hand = draft(cast.anna, Source(typed=";".join(rows)), service=clip(cast))
    by_file = draft(cast.anna, file_of(*rows), service=clip(cast))
    assert verdicts(by_hand) == verdicts(by_file)
    assert [reason for _row, _verdict, reason in verdicts(by_hand)] == [
        "header", "", "not_a_number", "duplicate", "not_yours",
    ]  # fmt: skip


def test_S15_1_a_long_typed_list_is_checked_with_progress_and_an_empty_one_says_so(cast: Cast) -> None:
    many = ";".join(f"37529{place:07}" for place in range(intake.AT_ONCE + 1))
    order = intake.place(cast.anna, "connect_service", {"service": clip(cast)}, Source(typed=many), key=uuid.uuid4())
    assert order.state == Order.State.CHECKING
    empty = draft(cast.anna, Source(typed=" ;\n, "), service=clip(cast))
    assert (empty.state, empty.refusal["code"]) == (Order.State.UNREADABLE, "empty")


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    "content",
    [
        "375291110001;Сокол;Анна\r\n375291110002;Дым\r\n".encode(),
        "\ufeff375291110001,Сокол,Анна\n\n375291110002,Дым\n".encode(),
        "375291110001\tСокол\tАнна\n375291110002\tДым".encode("cp1251"),
        "375291110001;Сокол;Анна\n375291110002;Дым".encode("utf-16"),
    ],
)
def test_L11_a_text_file_has_columns_too(cast: Cast, content: bytes) -> None:
    assert cast.subscribers[0].number == "375291110001"
    work(placed(cast.anna, text_file(content), "rename"))
    lines = Subscriber.objects.order_by("number").filter(pk__in=[line.pk for line in cast.subscribers[:2]])
    assert [(line.last_name, line.first_name) for line in lines] == [("Сокол", "Анна"), ("Дым", "")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\0" * 10, "not_a_workbook"),
        (b"", "empty"),
        (b"375291110001;" + b"x" * 2000, "text_too_long"),
        (b"375291110001" + b";" * 300 + b"x", "too_many_columns"),
        (b"375291110001;a;b;c;d;e", "too_wide"),
        (b"375291110001;a\n" * 100_003, "too_many_rows"),
    ],
)
def test_S15_1_a_text_file_is_bounded(cast: Cast, content: bytes, code: str) -> None:
    order = draft(cast.anna, text_file(content), "rename")
    assert (order.state, order.refusal["code"]) == (Order.State.UNREADABLE, code)
    assert not order.items.exists()


def test_a_typed_list_of_any_length_is_parted_in_linear_time() -> None:
    assert typed.entries(" " * 200_000 + "+" * 200_000)


def test_the_same_file_ordered_twice_leads_to_the_first(cast: Cast) -> None:
    number = cast.subscribers[0].number
    first = placed(cast.anna, Source(typed=number), service=clip(cast))
    again = draft(cast.anna, Source(typed=number), service=clip(cast))
    assert first_like(again, cast.anna) == first
    other_action = draft(cast.anna, Source(typed=number), "disconnect_service", service=clip(cast))
    other_file = draft(cast.anna, Source(typed=f"{number};1"), service=clip(cast))
    chosen = draft(cast.anna, [cast.subscribers[0].pk], service=clip(cast))
    assert [first_like(order, cast.anna) for order in (other_action, other_file, chosen, first)] == [None] * 4


def test_the_same_file_is_forgotten_after_a_month_and_nobody_elses_is_told(cast: Cast) -> None:
    number = cast.subscribers[0].number
    with clock.stopped(NOON):
        placed(cast.anna, Source(typed=number), service=clip(cast))
        assert first_like(draft(cast.stas, Source(typed=number), service=clip(cast)), cast.stas) is None
    with clock.stopped(NOON + dt.timedelta(days=31, seconds=1)):
        assert first_like(draft(cast.anna, Source(typed=number), service=clip(cast)), cast.anna) is None


class Refusing(EmbeddedNetwork):
    """It refuses one number."""

    refused = "375291110002"

    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        outcomes = dict(super().apply(commands))
        refused = Outcome(done=False, reason="unknown")
        return outcomes | {command.key: refused for command in commands if command.number == self.refused}


def partly(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Order:
    """Of three rows one was taken out, one is done, and the network refused one."""
    with monkeypatch.context() as patch:
        patch.setattr(executing, "gateway", Refusing)
        order = work(placed(cast.anna, [line.pk for line in cast.subscribers[:2]], service=clip(cast)))
    assert results(order) == [(1, "done", ""), (2, "failed", "network_refused")]
    return order


def test_failed_rows_are_tried_again_as_a_new_order_linked_to_the_old(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = partly(cast, monkeypatch)
    key = uuid.uuid4()
    again = intake.retry(order, cast.anna, key=key)
    assert (again.retry_of, again.state, again.params) == (order, Order.State.DRAFT, order.params)
    assert [item.subscriber for item in again.items.all()] == [cast.subscribers[1]]
    assert intake.retry(order, cast.anna, key=key) == again
    assert again.confirm(cast.anna.actor())
    assert results(work(again)) == [(1, "done", "")]
    assert ConnectedService.objects.count() == 2
    assert list(order.retries.all()) == [again]


def test_rows_cancelled_are_tried_again_where_asked(cast: Cast) -> None:
    order = placed(cast.anna, [line.pk for line in cast.subscribers[:2]], service=clip(cast))
    assert order.cancel(cast.anna.actor())
    work(order)
    with pytest.raises(ValueError, match="nothing to try again"):
        intake.retry(order, cast.anna, key=uuid.uuid4())
    assert intake.retriable(order, Result.CANCELLED) == 2
    assert intake.retry(order, cast.anna, key=uuid.uuid4(), cancelled=True).total == 2


@pytest.mark.usefixtures("noon")
def test_a_row_is_tried_again_with_what_it_asked_for_and_by_its_present_number(cast: Cast) -> None:
    line = cast.subscribers[0]
    order = placed(cast.anna, Source(ids=(line.pk,), data={line.pk: {"last_name": "Сокол"}}), "rename")
    order.items.update(attempts=executing.MAX_ATTEMPTS)
    assert results(work(order)) == [(1, "failed", "stopped")]
    Subscriber.objects.filter(pk=line.pk).update(number="375291119999")
    again = intake.retry(order, cast.anna, key=uuid.uuid4())
    assert verdicts(again) == [(1, "fine", "")]
    assert again.confirm(cast.anna.actor())
    work(again)
    line.refresh_from_db()
    assert (line.number, line.last_name) == ("375291119999", "Сокол")


def test_only_what_has_ended_and_is_ones_own_is_tried_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    order = partly(cast, monkeypatch)
    with pytest.raises(ValueError, match="nothing to try again"):
        intake.retry(order, cast.stas, key=uuid.uuid4())
    running = placed(cast.anna, [cast.subscribers[2].pk], service=clip(cast))
    with pytest.raises(ValueError, match="nothing to try again"):
        intake.retry(running, cast.anna, key=uuid.uuid4())
    # What the person no longer reaches is not tried.
    Subscriber.objects.filter(pk=cast.subscribers[1].pk).update(account=cast.stranger_account)
    assert verdicts(intake.retry(order, cast.anna, key=uuid.uuid4())) == [(1, "refused", "not_yours")]
