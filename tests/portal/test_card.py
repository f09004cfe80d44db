"""The card of one subscriber: what it shows, to whom, and what can be begun from it (S7, S8, L9, S0.4)."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.test import override_settings
from django.test.utils import ContextList
from django.urls import reverse

from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.catalog.models import OptionSet, Rate
from abonent.clients.models import Folder
from abonent.hierarchy.placing import move_numbers
from abonent.lib.periods import Month
from abonent.orders.models import Order
from abonent.profile import current
from abonent.subscribers import connecting
from abonent.subscribers.models import FolderStay, Subscriber
from abonent.usage import intake
from abonent.usage.layout import HEADER
from abonent.usage.rating import rate
from tests.cast import BEGAN, Cast
from tests.conftest import NOON, logged_in
from tests.orders.world import placed, work
from tests.portal.billed import bill

pytestmark = pytest.mark.usefixtures("noon", "english")

PEER = "375447654321"
MONTH = Month.at(NOON, current().zone)


@pytest.fixture
def used(cast: Cast, tmp_path: Path) -> Iterator[Subscriber]:
    """The first number, which made calls this month on a set with packages."""
    line = cast.subscribers[0]
    OptionSet.objects.filter(pk=cast.catalog.option_set.pk).update(minutes=300, messages=50, megabytes=0)
    Rate.objects.create(
        tariff=line.tariff,
        traffic="voice",
        direction="out",
        price=Decimal("0.50"),
        step=60,
        in_package=True,
        start=BEGAN,
    )
    Rate.objects.create(tariff=line.tariff, traffic="voice", direction="in", price=0, step=60, start=BEGAN)
    rows = [f"{line.number};voice;in;2026-11-0{day}T10:00:00+03:00;61;{PEER};" for day in (1, 2, 3)]
    rows.append(f"{line.number};voice;out;2026-11-04T10:00:00+03:00;7200;{PEER};")
    rows.append(f"{cast.subscribers[1].number};voice;out;2026-11-04T10:00:00+03:00;60;375445555555;")
    file = tmp_path / "usage.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    (tmp_path / "store").mkdir()
    with override_settings(USAGE_URL=f"file://{tmp_path}/store"):
        intake.load(file)
        rate(MONTH)
        yield line


def address(line: Subscriber) -> str:
    return reverse("subscriber", args=[line.pk])


def card(seat: Seat, line: Subscriber) -> ContextList:
    shown = logged_in(seat).get(address(line)).context
    assert isinstance(shown, ContextList)
    return shown


def body(seat: Seat, line: Subscriber) -> str:
    return logged_in(seat).get(address(line)).content.decode()


def labels(shown: ContextList) -> list[str]:
    return [str(deed.label) for deed in shown["deeds"]]


def clerk(cast: Cast, *rights: Right) -> Seat:
    role = Role.objects.create(client=cast.company, key="clerk", own_name="Clerk", own_rights=list(rights))
    return Seat.objects.give(cast.kolya.person, role, cast.company, accounts=[cast.first.pk])


def test_S7_the_card_says_what_is_left_of_each_package(cast: Cast, used: Subscriber) -> None:
    packages = card(cast.anna, used)["packages"]
    assert [(str(one.label), one.left, one.size) for one in packages] == [
        ("Minutes", "180 min", "300 min"),
        ("Messages", "50", "50"),
    ]
    assert '<progress value="10800" max="18000"' in body(cast.anna, used)


def test_S7_the_card_says_what_the_number_costs_this_month_and_the_one_before(cast: Cast, used: Subscriber) -> None:
    bill(cast.first, {used: "17.35"})
    spent = card(cast.anna, used)["spent"]
    # 15.00 a month for 8.5 days of 30, with VAT; the calls were paid by the package.
    assert spent.before == Decimal("17.35")
    assert Decimal(5) < spent.so_far < Decimal(6)
    assert card(cast.anna, cast.subscribers[1])["spent"].before is None


def test_S7_the_last_calls_of_this_number_alone_stand_on_the_card_newest_first(cast: Cast, used: Subscriber) -> None:
    calls = card(cast.anna, used)["calls"]
    assert [(call.started.day, call.direction, call.volume) for call in calls] == [
        (4, "outgoing", "2:00:00"), (3, "incoming", "0:01:01"), (2, "incoming", "0:01:01"), (1, "incoming", "0:01:01"),
    ]  # fmt: skip
    shown = body(cast.anna, used)
    assert "375445555555" not in shown
    assert f"?number={used.number}&amp;account={cast.first.pk}" in shown
    form = logged_in(cast.anna).get(reverse("call_details"), {"number": used.number, "account": str(cast.first.pk)})
    assert (form.context["form"]["source"].value(), form.context["form"]["typed"].value()) == ("typed", used.number)


def test_V8_without_the_right_to_see_peers_calls_or_costs_none_of_them_stands_there(
    cast: Cast, used: Subscriber
) -> None:
    bill(cast.first, {used: "17.35"})
    seat = clerk(cast, Right.SEE_SUBSCRIBERS, Right.SEE_CALLS)
    masked = body(seat, used)
    assert PEER[3:] not in masked
    assert "37544*******" in masked
    assert card(seat, used)["spent"] is None
    assert "17.35" not in masked
    assert all(call.amount is None for call in card(seat, used)["calls"])
    seat.role.own_rights = [Right.SEE_SUBSCRIBERS]
    seat.role.save()
    bare = card(seat, used)
    assert bare["calls"] == bare["orders"] == bare["history"] == bare["deeds"] == []
    assert "Last calls" not in body(seat, used)


def test_V3_a_head_sees_of_the_month_before_the_days_that_the_number_was_theirs(cast: Cast) -> None:
    line = cast.subscribers[4]
    bill(cast.first, {line: "31.00"})
    assert card(cast.pavel, line)["spent"].before == Decimal(31)
    other = Folder.objects.create(client=cast.company, name="Elsewhere")
    FolderStay.objects.filter(subscriber=line).update(folder=other)
    assert card(cast.pavel, line)["spent"].before == 0
    assert card(cast.anna, line)["spent"].before == Decimal(31)


def test_S7_orders_and_history_of_the_number_stand_on_its_card_and_on_no_other(cast: Cast) -> None:
    line, other = cast.subscribers[:2]
    order = work(placed(cast.anna, [line.pk], service=cast.catalog.service.pk))
    move_numbers(cast.anna, Subscriber.objects.filter(pk=line.pk), cast.subscribers[3].folder_id)
    shown = card(cast.anna, line)
    assert [one.order for one in shown["orders"]] == [order]
    assert len(shown["history"]) >= 2
    assert {str(one.entry.target_id) for one in shown["history"]} == {str(line.pk), str(order.pk)}
    empty = card(cast.anna, other)
    assert empty["orders"] == empty["history"] == []
    # A head of another department sees neither the number nor its orders.
    assert logged_in(cast.stas).get(address(line)).status_code == 404


def test_S7_an_order_of_another_seat_is_not_shown_to_an_employee(cast: Cast) -> None:
    line = cast.subscribers[0]
    placed(cast.anna, [line.pk], service=cast.catalog.service.pk)
    assert card(cast.elena, line)["orders"] == []
    own = placed(cast.elena, [line.pk], service=cast.catalog.service.pk)
    assert [one.order for one in card(cast.elena, line)["orders"]] == [own]


@pytest.mark.parametrize(
    ("status", "there", "absent"),
    [
        ("active", {"Change the tariff", "Block", "Terminate service", "Rename"}, {"Activate", "Unblock"}),
        ("pending", {"Activate"}, {"Block", "Terminate service", "Unblock"}),
        ("blocked", {"Unblock"}, {"Block", "Activate"}),
    ],
)
def test_S8_what_can_be_done_follows_from_the_status_and_is_about_this_number(
    cast: Cast, status: str, there: set[str], absent: set[str]
) -> None:
    line = cast.subscribers[0]
    Subscriber.objects.filter(pk=line.pk).update(status=status)
    shown = card(cast.anna, line)
    assert there <= set(labels(shown))
    assert not absent & set(labels(shown))
    browser = logged_in(cast.anna)
    for deed in shown["deeds"]:
        assert f"for={line.pk}" in deed.url
        answer = browser.get(deed.url)
        assert answer.status_code == 200, deed.url
        assert line.last_name in answer.content.decode(), deed.url


def test_S8_nothing_is_offered_for_a_terminated_number(cast: Cast) -> None:
    line = cast.subscribers[0]
    Subscriber.objects.filter(pk=line.pk).update(status="terminated")
    shown = card(cast.anna, line)
    assert shown["deeds"] == []
    assert not shown["may_change"]
    assert shown["forwarding_url"] == shown["number_url"] == shown["sim_url"] == ""


def test_S8_a_service_is_connected_from_the_card_by_an_order_of_one_line(cast: Cast) -> None:
    line, browser = cast.subscribers[0], logged_in(cast.anna)
    service = cast.catalog.service.pk
    key = str(uuid.uuid4())
    form = {"action": "connect_service", "service": service, "by": "one", "for": line.pk, "key": key}
    assert f'name="for" value="{line.pk}"' in body(cast.anna, line)
    draft = browser.post(reverse("order_new", args=["services"]), form)
    # A double click is one order.
    assert browser.post(reverse("order_new", args=["services"]), form).headers["Location"] == draft.headers["Location"]
    browser.post(f"{draft.headers['Location']}confirmation/")
    work(Order.objects.as_system().get())
    assert [held.service_id for held in card(cast.anna, line)["connected"]] == [service]


def test_L9_another_subscriber_is_chosen_without_going_back(cast: Cast) -> None:
    browser, choice = logged_in(cast.anna), reverse("subscriber_choice")
    assert "choice-search" in body(cast.anna, cast.subscribers[0])
    assert browser.get(choice, {"q": "ковалев"}).headers["Location"] == address(cast.subscribers[1])
    fragment = browser.get(choice, {"q": "КОВАЛЕВ"}, headers={"HX-Request": "true"}).content.decode()
    assert address(cast.subscribers[1]) in fragment
    assert "<html" not in fragment
    many = browser.get(choice, {"q": "375"})
    assert [row.subscriber for row in many.context["rows"]] == cast.subscribers[:5]
    assert browser.get(choice, {"q": cast.stranger_subscriber.number}).context["rows"] == []
    assert browser.get(choice, {"q": cast.subscribers[5].number}).context["rows"] == []


def test_P1_a_sip_subscriber_is_chosen_by_its_id(cast: Cast) -> None:
    cast.subscribers[0].number = "sales@belaya-rus"
    cast.subscribers[0].save()
    found = logged_in(cast.anna).get(reverse("subscriber_choice"), {"q": "SALES@"})
    assert found.headers["Location"] == address(cast.subscribers[0])


def test_S0_4_an_employee_has_the_own_card_as_home_and_nothing_else(cast: Cast, used: Subscriber) -> None:
    bill(cast.first, {used: "17.35", cast.subscribers[1]: "99.99"})
    elena = logged_in(cast.elena)
    assert elena.get("/").headers["Location"] == address(used)
    shown = elena.get(address(used))
    home = next(section for section in shown.context["sections"] if str(section.label) == "Home")
    assert home.url == "/"
    assert shown.context["spent"].before == Decimal("17.35")
    assert "choice-search" not in shown.content.decode()
    assert len(shown.context["calls"]) == 4
    for other in [*cast.subscribers[1:], cast.stranger_subscriber]:
        assert elena.get(address(other)).status_code == 404
        assert other.number not in shown.content.decode()
        assert elena.get(reverse("subscriber_choice"), {"q": other.number}).context["rows"] == []
        assert elena.get(reverse("order_new", args=["services"]), {"for": other.pk}).status_code == 404
    assert elena.get(reverse("home")).status_code == 403


def test_S0_4_an_employee_with_two_numbers_begins_with_their_list(cast: Cast) -> None:
    two = [line.pk for line in cast.subscribers[:2]]
    seat = Seat.objects.give(cast.elena.person, cast.elena.role, cast.company, subscribers=two)
    assert logged_in(seat).get("/").headers["Location"] == reverse("subscribers")
    assert "choice-search" in body(seat, cast.subscribers[1])


def test_the_card_asks_no_more_often_the_more_there_is(
    cast: Cast, used: Subscriber, django_assert_max_num_queries: Callable[..., object]
) -> None:
    bill(cast.first, {used: "17.35"})
    for action in ("connect_service", "disconnect_service") * 3:
        work(placed(cast.anna, [used.pk], action, service=cast.catalog.service.pk))
    connecting.connect(cast.catalog.service, {cast.subscribers[1].pk: "made"}, NOON - dt.timedelta(days=3))
    browser: Browser = logged_in(cast.anna)
    with django_assert_max_num_queries(40):  # type: ignore[attr-defined]  # pytest-django's context manager
        shown = browser.get(address(used))
    assert len(shown.context["orders"]) == len(shown.context["history"]) == 5
