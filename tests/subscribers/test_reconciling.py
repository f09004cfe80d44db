"""What the network has is held against what we hold (`abonent reconcile-network`)."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from abonent.lib import clock
from abonent.network.embedded import EmbeddedNetwork
from abonent.network.gateway import gateway
from abonent.network.models import NetworkCommand
from abonent.network.values import Command, NetworkLine
from abonent.orders.models import Order
from abonent.subscribers import forwarding, reconciling
from abonent.subscribers.forwarding import Divert
from abonent.subscribers.models import ConnectedService, Forwarding, NumberHolding, Subscriber
from abonent.subscribers.reconciling import Difference, compare
from tests.cast import BEGAN, Cast, account, subscriber
from tests.network.tmf640 import TOKEN, serving
from tests.orders.world import placed, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def told(*arguments: str) -> tuple[str, int]:
    """What the command says, and its exit code."""
    said = io.StringIO()
    try:
        call_command("reconcile-network", *arguments, stdout=said)
    except SystemExit as left:
        return said.getvalue(), int(str(left.code))
    return said.getvalue(), 0


def differences() -> list[Difference]:
    lines = Subscriber.objects.as_system()
    return [one for compared in compare(lines, gateway().report) for one in compared.differences]


def test_a_number_that_the_network_was_never_told_of_is_unknown_until_it_takes_it_over(cast: Cast) -> None:
    count = Subscriber.objects.count()
    said, code = told()
    assert code == 1
    assert f"{cast.subscribers[0].number}: the network does not know it (active)" in said
    assert f"{count} numbers compared; {count} of them differ" in said
    said, code = told("--take-over")
    assert (f"{count} numbers were taken over." in said, code) == (True, 0)
    assert told("--take-over")[0].startswith("0 numbers were taken over.")
    assert NetworkCommand.objects.count() == count


@pytest.mark.postgres
def test_after_every_order_both_hold_the_same(cast: Cast) -> None:
    told("--take-over")
    first, second, third, fourth = [line.pk for line in cast.subscribers[:4]]
    sold = cast.catalog
    orders = [
        ([first, second], "connect_service", {"service": sold.service.pk}),
        ([second], "disconnect_service", {"service": sold.service.pk}),
        ([first], "forwarding", {"kind": "no_answer", "on": True, "target": "375296660000", "seconds": 10}),
        ([second], "forwarding", {"kind": "busy", "on": True, "target": "375296660000"}),
        ([second], "forwarding", {"kind": "busy", "on": False}),
        ([third], "block", {}),
        ([fourth], "terminate", {}),
    ]
    for lines, action, params in orders:
        order = work(placed(cast.anna, lines, action, **params))  # type: ignore[arg-type]  # whatever an action takes
        assert order.state == Order.State.DONE
    assert differences() == []
    assert work(placed(cast.anna, [third], "unblock")).state == Order.State.DONE
    assert differences() == []


def test_each_thing_that_differs_is_told_with_both_sides(cast: Cast, tmp_path: Path) -> None:
    told("--take-over")
    line = cast.subscribers[0]
    network = EmbeddedNetwork()
    changes: list[tuple[str, dict[str, str | int]]] = [
        ("block", {}),
        ("change_plan", {"tariff": "other", "option_set": ""}),
        ("replace_sim", {"iccid": "1"}),
        ("connect_service", {"service": "clip"}),
        ("forward", {"type": "busy", "target": "375296660000"}),
    ]
    network.apply([Command(kind, kind, line.number, args) for kind, args in changes])
    assert differences() == [
        Difference(line.number, "status", "active", "blocked"),
        Difference(line.number, "tariff", "business", "other"),
        Difference(line.number, "option_set", "business-300", ""),
        Difference(line.number, "iccid", line.iccid, "1"),
        Difference(line.number, "services", "", "clip"),
        Difference(line.number, "forwarding", "", "busy 375296660000"),
    ]
    said, code = told("--csv", str(tmp_path / "found.csv"))
    assert (code, f"{line.number}: status: ours “active”, theirs “blocked”" in said) == (1, True)
    rows = list(csv.reader((tmp_path / "found.csv").read_text(encoding="utf-8").splitlines()))
    assert (rows[0], len(rows)) == (["number", "what", "ours", "theirs"], 7)


def test_a_number_that_was_changed_keeps_what_the_line_had(cast: Cast) -> None:
    told("--take-over")
    first, second = cast.subscribers[:2]
    network = EmbeddedNetwork()
    network.apply([Command("a", "connect_service", first.number, {"service": "clip"})])
    network.apply([Command("b", "change_number", first.number, {"number": "375291119998"})])
    network.apply([Command("c", "change_number", "375291119998", {"number": "375291119999"})])
    network.apply([Command("d", "change_number", second.number, {"number": first.number})])
    found = network.report([first.number, second.number, "375291119998", "375291119999"])
    assert set(found) == {first.number, "375291119999"}
    assert (found["375291119999"].services, found["375291119999"].iccid) == (frozenset({"clip"}), first.iccid)
    assert found[first.number].iccid == second.iccid


def test_what_the_network_refused_has_changed_nothing(cast: Cast) -> None:
    told("--take-over")
    with override_settings(NETWORK_URL="trying://?refuse_share=1"):
        gateway().apply([Command("a", "block", cast.subscribers[0].number)])
    assert differences() == []


def test_a_terminated_line_differs_only_where_the_network_serves_it(cast: Cast) -> None:
    told("--take-over")
    line, other = cast.subscribers[:2]
    Subscriber.objects.filter(pk=line.pk).update(status="terminated")
    assert differences() == [Difference(line.number, "status", "terminated", "active")]
    NumberHolding.objects.filter(subscriber=line).update(end=clock.now())
    again = subscriber(cast.first, line.number, "Again", cast.catalog)
    Subscriber.objects.filter(pk=again.pk).update(iccid=line.iccid)
    assert differences() == []
    Subscriber.objects.filter(pk=other.pk).update(status="terminated")
    gateway().apply([Command("a", "terminate", other.number)])
    assert differences() == []


def test_only_the_numbers_of_a_client_where_one_is_named(cast: Cast) -> None:
    said, code = told("--client", cast.stranger.tax_id)
    assert ("1 numbers compared" in said, cast.subscribers[0].number in said, code) == (True, False, 1)
    with pytest.raises(CommandError, match="no numbers of a client"):
        told("--client", "x")


def test_what_an_order_changes_meanwhile_is_no_difference(cast: Cast) -> None:
    told("--take-over")
    line = cast.subscribers[0]
    looks: list[int] = []

    def late(numbers: Sequence[str]) -> Mapping[str, NetworkLine]:
        found = gateway().report(numbers)
        if not looks:
            gateway().apply([Command("a", "block", line.number)])
            found = gateway().report(numbers)
            Subscriber.objects.filter(pk=line.pk).update(status="blocked")
        looks.append(len(numbers))
        return found

    compared = list(compare(Subscriber.objects.as_system(), late))
    assert [one.differences for one in compared] == [[]]
    assert looks == [Subscriber.objects.count(), 1]


def test_memory_and_questions_do_not_grow_with_the_count(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    big = account(cast.stranger, "00020888888")
    for place in range(20):
        subscriber(big, f"3752977700{place:02}", "Many", cast.catalog)
    told("--take-over")
    monkeypatch.setattr(reconciling, "CHUNK", 10)
    lines = Subscriber.objects.filter(account=big)
    with django_assert_max_num_queries(2 * 6 + 1):
        assert [one.numbers for one in compare(lines, gateway().report)] == [10, 10]


def test_another_network_is_compared_over_its_api_and_takes_nothing_over(cast: Cast) -> None:
    line = cast.subscribers[5]
    forwarding.forward([line.pk], Forwarding.Kind.NO_ANSWER, Divert("375296660000", 20), BEGAN)
    sold = cast.catalog.service
    ConnectedService.objects.create(
        subscriber=line, service=sold, start=BEGAN, fee=sold.fee, connect_fee=sold.connect_fee, source="x"
    )
    with serving() as (there, url), override_settings(NETWORK_URL=url, NETWORK_TOKEN=TOKEN):
        made = there.line(line.number, tariff="business", optionSet="business-300", iccid=line.iccid)
        made["serviceCharacteristic"].append(
            {"name": "forwarding.no_answer", "value": {"target": "375296660000", "seconds": 20}}
        )
        there.connected(line.number, "clip")
        only = Subscriber.objects.filter(pk=line.pk)
        assert [one.differences for one in compare(only, gateway().report)] == [[]]
        there.services["s/2"]["state"] = "terminated"
        found = [one for compared in compare(only, gateway().report) for one in compared.differences]
        assert found == [Difference(line.number, "services", "clip", "")]
        with pytest.raises(CommandError, match="Only the embedded network"):
            told("--take-over")
        there.status = 500
        with pytest.raises(CommandError, match="trouble of its own"):
            told()
        with pytest.raises(CommandError, match="trouble of its own"):
            call_command("check-network")


def test_the_embedded_network_says_that_it_is_there() -> None:
    said = io.StringIO()
    call_command("check-network", stdout=said)
    assert "embedded" in said.getvalue()
