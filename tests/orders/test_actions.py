import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from abonent.clients.models import Account
from abonent.orders.actions import ACTIONS
from abonent.orders.intake import titles
from abonent.orders.reasons import WORDS, Wording
from abonent.subscribers import connecting
from abonent.subscribers.models import ConnectedService, Subscriber
from tests.cast import Cast
from tests.orders.world import draft, placed, service, work

pytestmark = pytest.mark.django_db


def said(cast: Cast, action: str, service_id: int) -> tuple[str, str, dict[str, object]]:
    item = draft(cast.anna, [cast.subscribers[0].pk], action, service=service_id).items.get()
    return item.verdict, item.reason, item.args


@pytest.mark.parametrize(
    ("status", "connecting_is", "disconnecting_is"),
    [
        ("active", ("fine", ""), ("nothing", "not_connected")),
        ("pending", ("refused", "pending"), ("refused", "pending")),
        ("blocked", ("refused", "blocked"), ("nothing", "not_connected")),
        ("terminated", ("refused", "terminated"), ("refused", "terminated")),
    ],
)
def test_S15_1_the_status_of_a_line_decides(
    cast: Cast, status: str, connecting_is: tuple[str, str], disconnecting_is: tuple[str, str]
) -> None:
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(status=status)
    assert said(cast, "connect_service", cast.catalog.service.pk)[:2] == connecting_is
    assert said(cast, "disconnect_service", cast.catalog.service.pk)[:2] == disconnecting_is


def test_S15_1_a_closed_account_takes_no_orders(cast: Cast) -> None:
    Account.objects.filter(pk=cast.first.pk).update(status="closed")
    assert said(cast, "connect_service", cast.catalog.service.pk)[:2] == ("refused", "account_closed")


def test_S15_1_a_service_is_for_kinds_of_accounts_and_while_it_is_on_sale(cast: Cast) -> None:
    assert said(cast, "connect_service", service(cast, "desk", kinds="fixed,sip").pk)[1] == "wrong_kind"
    assert said(cast, "connect_service", service(cast, "old", on_sale=False).pk)[1] == "not_on_sale"


def test_S15_1_a_service_that_is_there_is_nothing_to_connect(cast: Cast) -> None:
    work(placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk))
    assert said(cast, "connect_service", cast.catalog.service.pk) == ("nothing", "already", {})
    assert said(cast, "disconnect_service", cast.catalog.service.pk) == ("fine", "", {})


def test_S15_1_what_excludes_and_what_requires(cast: Cast) -> None:
    rival, base, extra = service(cast, "rival"), service(cast, "base"), service(cast, "extra")
    rival.excludes.add(base)
    extra.requires.add(base)
    assert said(cast, "connect_service", extra.pk) == ("refused", "requires", {"service": "base"})
    work(placed(cast.anna, [cast.subscribers[0].pk], service=base.pk))
    assert said(cast, "connect_service", rival.pk) == ("refused", "excluded", {"service": "base"})
    work(placed(cast.anna, [cast.subscribers[0].pk], service=extra.pk))
    assert said(cast, "disconnect_service", base.pk) == ("refused", "needed", {"service": "extra"})


def test_S15_1_the_check_asks_the_database_a_fixed_number_of_times(cast: Cast) -> None:
    action = ACTIONS["connect_service"].read({"service": cast.catalog.service.pk})
    lines = list(Subscriber.objects.select_related("account"))
    with CaptureQueriesContext(connection) as asked:
        action.check(lines, {})
    assert len(asked) == 1


def test_S7_a_connection_keeps_the_prices_of_its_moment(cast: Cast, noon: dt.datetime) -> None:
    order = work(placed(cast.anna, [cast.subscribers[0].pk], service=service(cast, "paid", connect_fee=7).pk))
    row = ConnectedService.objects.get()
    assert (row.fee, row.connect_fee) == (Decimal(3), Decimal(7))
    assert (row.start, row.end) == (noon, None)
    assert row.source == order.items.get().source


def test_S7_a_disconnection_ends_the_period(cast: Cast, noon: dt.datetime) -> None:
    line = cast.subscribers[0]
    connecting.connect(cast.catalog.service, {line.pk: "by hand"}, noon - dt.timedelta(days=1))
    work(placed(cast.anna, [line.pk], "disconnect_service", service=cast.catalog.service.pk))
    assert ConnectedService.objects.get().end == noon


def test_a_service_ended_at_the_moment_of_its_beginning_has_no_empty_period(cast: Cast, noon: dt.datetime) -> None:
    line = cast.subscribers[0]
    connecting.connect(cast.catalog.service, {line.pk: "by hand"}, noon)
    assert connecting.disconnect(cast.catalog.service, [line.pk], noon) == 1
    assert ConnectedService.objects.get().period.end == noon + dt.timedelta(microseconds=1)


def test_S15_6_an_order_is_named_in_every_language(cast: Cast) -> None:
    named = titles(ACTIONS["connect_service"].read({"service": cast.catalog.service.pk}))
    assert set(named) == {"ru", "en", "be"}
    assert named["en"] == "Connection of Caller ID"


def test_every_reason_is_said_in_words(cast: Cast) -> None:
    code_of_a_service = cast.catalog.service.code
    wording = Wording()
    args = {"service": code_of_a_service, "row": 3, "length": 12, "longest": 60, "least": 18, "most": 22}
    for code in WORDS:
        assert "%" not in wording.reason(code, args)
    with translation.override("ru"):
        assert "Определитель" in Wording().reason("excluded", {"service": "clip"})
    assert wording.remark("", {}, "tidied")
    assert wording.remark("", {}, "") == ""
