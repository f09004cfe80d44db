"""The adapter of TMF640 against a server over a socket: done once, whatever happens on the way."""

import socket
import threading
from collections.abc import Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from abonent.network.errors import NetworkError, UnreachableError
from abonent.network.gateway import Gateway, gateway
from abonent.network.models import ToldCommand
from abonent.network.rest.mapping import LINE_CHANGES
from abonent.network.values import Command, NetworkLine, Outcome
from tests.network.tmf640 import TOKEN, Network, serving

pytestmark = [pytest.mark.django_db]

NUMBER, OTHER = "375291110001", "375291110002"
DONE = Outcome(done=True)


@pytest.fixture
def network() -> Iterator[tuple[Network, Gateway]]:
    """A network with one line, and the way to it: a second for an answer."""
    with serving() as (there, url), override_settings(NETWORK_URL=f"{url}?timeout=3&wait=1", NETWORK_TOKEN=TOKEN):
        there.line(NUMBER, tariff="business", optionSet="business-300", iccid="89375")
        yield there, gateway()


def command(kind: str, key: str = "k1", number: str = NUMBER, **args: str | int) -> Command:
    return Command(key, kind, number, args)


def seen(way: Gateway, number: str = NUMBER) -> NetworkLine:
    return way.report([number])[number]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (command("block"), {"status": "blocked"}),
        (command("unblock"), {"status": "active"}),
        (command("activate"), {"status": "active"}),
        (command("terminate"), {"status": "terminated"}),
        (command("change_plan", tariff="master", option_set="m-15"), {"tariff": "master", "option_set": "m-15"}),
        (command("change_plan", tariff="plain", option_set=""), {"tariff": "plain", "option_set": ""}),
        (command("replace_sim", iccid="89999"), {"iccid": "89999"}),
        (command("connect_service", service="clip"), {"services": frozenset({"clip"})}),
        (command("forward", type="busy", target=OTHER), {"forwarding": {"busy": OTHER}}),
        (command("forward", type="no_answer", target=OTHER, seconds=20), {"forwarding": {"no_answer": f"{OTHER}/20"}}),
    ],
)
def test_each_command_changes_what_it_says_and_nothing_else(
    network: tuple[Network, Gateway], told: Command, expected: dict[str, object]
) -> None:
    there, way = network
    before = seen(way)
    assert way.apply([told]) == {"k1": DONE}
    after = seen(way)
    assert {name: getattr(after, name) for name in expected} == expected
    others = set(NetworkLine.__dataclass_fields__) - set(expected)
    assert all(getattr(before, name) == getattr(after, name) for name in others)
    assert there.effects == {"k1": 1}


def test_a_service_goes_and_a_forwarding_ends(network: tuple[Network, Gateway]) -> None:
    there, way = network
    there.connected(NUMBER, "clip")
    way.apply([command("forward", "k1", type="busy", target=OTHER), command("forward_off", "k2", type="busy")])
    way.apply([command("disconnect_service", "k3", service="clip")])
    assert (seen(way).services, seen(way).forwarding) == (frozenset(), {})


def test_a_number_goes_with_all_that_the_line_has(network: tuple[Network, Gateway]) -> None:
    there, way = network
    there.connected(NUMBER, "clip")
    way.apply([Command("k1", "change_number", NUMBER, {"number": OTHER})])
    assert NUMBER not in way.report([NUMBER, OTHER])
    assert seen(way, OTHER).services == {"clip"}


def test_what_is_so_already_is_done_without_being_asked_for(network: tuple[Network, Gateway]) -> None:
    there, way = network
    there.connected(NUMBER, "clip")
    told = [command("connect_service", "k1", service="clip"), command("disconnect_service", "k2", service="night")]
    assert way.apply(told) == {"k1": DONE, "k2": DONE}
    assert not there.effects


def test_every_command_of_ours_has_its_place_in_the_table() -> None:
    known = set(LINE_CHANGES) | {"connect_service", "disconnect_service"}
    assert known >= {
        "activate", "block", "unblock", "terminate", "change_plan", "change_number", "replace_sim", "forward",
        "forward_off",
    }  # fmt: skip


def test_a_key_that_was_seen_gets_its_first_outcome_and_nothing_is_asked(network: tuple[Network, Gateway]) -> None:
    there, way = network
    there.refused.add("k2")
    told = [command("block", "k1"), command("replace_sim", "k2", iccid="1")]
    first = way.apply(told)
    assert first == {"k1": DONE, "k2": Outcome(done=False, reason="422 noResources")}
    there.refused.clear()
    there.asked.clear()
    assert way.apply(told) == first
    assert there.asked == []


def test_a_number_that_it_does_not_know_or_knows_twice_is_refused(network: tuple[Network, Gateway]) -> None:
    there, way = network
    there.line(OTHER)
    there.line(OTHER)
    told = [command("block", "k1", "375000000000"), command("block", "k2", OTHER)]
    refused = {"k1": Outcome(done=False, reason="unknown_number"), "k2": Outcome(done=False, reason="several_lines")}
    assert way.apply(told) == refused


def test_after_a_silence_the_effect_is_found_by_its_key_and_not_repeated(network: tuple[Network, Gateway]) -> None:
    there, way = network
    there.line(OTHER)
    there.silent |= {"k1", "k2"}
    moved = Command("k2", "change_number", OTHER, {"number": "375291119999"})
    told = [command("connect_service", "k1", service="clip"), moved]
    with pytest.raises(NetworkError, match="did not answer within 3 s"):
        way.apply(told)
    assert ToldCommand.objects.filter(done=None).count() == 2
    assert way.apply(told) == {"k1": DONE, "k2": DONE}
    assert there.effects == {"k1": 1, "k2": 1}


def test_of_a_batch_only_what_got_no_answer_is_left_open(network: tuple[Network, Gateway]) -> None:
    there, way = network
    numbers = [f"3752922200{place:02}" for place in range(20)]
    for number in numbers:
        there.line(number)
    there.silent.add("k7")
    told = [command("block", f"k{place}", number) for place, number in enumerate(numbers)]
    assert set(way.apply(told)) == {one.key for one in told} - {"k7"}
    assert set(way.apply(told)) == {one.key for one in told}
    assert set(there.effects.values()) == {1}


def test_what_takes_longer_is_waited_for_by_its_monitor_and_no_address_is_followed(
    network: tuple[Network, Gateway],
) -> None:
    there, way = network
    there.late.add("k1")
    there.broken.add("k2")
    told = [command("block", "k1"), command("replace_sim", "k2", iccid="1")]
    assert way.apply(told) == {"k1": DONE, "k2": Outcome(done=False, reason="noSwitch")}
    assert there.asked.count("GET /monitor/m-k1") == 2


def test_a_monitor_that_is_not_ready_in_time_is_looked_at_again_later(network: tuple[Network, Gateway]) -> None:
    there, way = network
    there.late.add("k1")
    there.looks = 1000
    with pytest.raises(NetworkError, match="not ready within 1 s"):
        way.apply([command("block")])
    there.monitors["m-k1"]["looks"] = 1
    there.asked.clear()
    assert way.apply([command("block")]) == {"k1": DONE}
    assert there.asked == ["GET /monitor/m-k1"]
    assert there.effects == {"k1": 1}


def test_a_worker_that_was_killed_after_the_effect_repeats_nothing(network: tuple[Network, Gateway]) -> None:
    there, way = network
    way.apply([command("connect_service", service="clip")])
    ToldCommand.objects.update(done=None, reason="")
    there.services["s/2"]["state"] = "terminated"
    assert way.apply([command("connect_service", service="clip")]) == {"k1": DONE}
    assert there.effects == {"k1": 1}


@pytest.mark.parametrize(
    ("status", "raw", "words"),
    [
        (500, b"", "trouble of its own"),
        (503, b"", "trouble of its own"),
        (429, b"", "trouble of its own"),
        (403, b"", "refuses our token"),
        (302, b"", "redirects"),
        (200, b"<html>", "no JSON"),
        (200, b"[" * 100_000, "no JSON"),
        (200, b'{"a": 1}', "no list of services"),
        (200, b"[1]", "no list of services"),
        (404, b"[]", "no list of services"),
        (200, b'[{"id": "1", "name": "375291110001", "serviceSpecification": "line"}]', "does not look like TMF640"),
        (200, b"[" + b" " * 9_000_000 + b"]", "more than 8 MB"),
    ],
)
def test_whatever_else_it_answers_nothing_is_taken_for_done(
    network: tuple[Network, Gateway], status: int, raw: bytes, words: str
) -> None:
    there, way = network
    there.status, there.raw, there.headers = status, raw, {"Location": "http://192.0.2.1/"}
    for ask in (lambda: way.apply([command("block")]), lambda: way.report([NUMBER])):
        with pytest.raises(NetworkError, match=words) as told:
            ask()
        assert "127.0.0.1" not in str(told.value)
        assert TOKEN not in str(told.value)
    assert not there.effects
    assert ToldCommand.objects.get().done is None


def test_a_server_that_sends_a_byte_now_and_then_holds_nobody() -> None:
    over = threading.Event()

    def drip(listening: socket.socket) -> None:
        taken, _address = listening.accept()
        with taken:
            taken.recv(65_536)
            taken.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not over.wait(0.2):
                try:
                    taken.sendall(b" ")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}?timeout=1"
        with override_settings(NETWORK_URL=url), pytest.raises(NetworkError, match="did not answer within 1 s"):
            gateway().check()
        over.set()
        thread.join()


def test_once_nobody_answers_the_rest_is_not_asked(network: tuple[Network, Gateway]) -> None:
    there, _way = network
    told = [command("block", f"k{place}", f"37529222{place:04}") for place in range(100)]
    with override_settings(NETWORK_TOKEN="another"), pytest.raises(UnreachableError, match="refuses our token"):
        gateway().apply(told)
    assert len(there.asked) <= 8
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with override_settings(NETWORK_URL=f"http://127.0.0.1:{port}"), pytest.raises(UnreachableError, match="reached"):
        gateway().apply(told)


def test_a_report_asks_for_many_at_once_and_page_by_page(network: tuple[Network, Gateway]) -> None:
    there, way = network
    numbers = [f"37529222{place:04}" for place in range(120)]
    for number in numbers:
        there.line(number, "inactive")
        for place in range(25):
            there.connected(number, f"s{place}")
    there.asked.clear()
    found = way.report([*numbers, "375000000000"])
    assert list(found) == numbers
    assert {(line.status, len(line.services)) for line in found.values()} == {("blocked", 25)}
    assert len(there.asked) == 2 + 2 + 1


def test_a_number_that_was_terminated_and_given_again_is_the_present_line(network: tuple[Network, Gateway]) -> None:
    there, way = network
    there.line(OTHER, "terminated")
    there.line(OTHER, "reserved", tariff="new")
    there.line(OTHER, "terminated")
    assert (seen(way, OTHER).status, seen(way, OTHER).tariff) == ("pending", "new")


def test_it_says_who_answers(network: tuple[Network, Gateway]) -> None:
    assert "TMF640 answers at 127.0.0.1" in network[1].check()


@pytest.mark.parametrize(
    "url",
    [
        "https://", "https://host:port/", "https://user:secret@host/", "https://host/?timeout=0", "https://host/?pool=x",
        "https://host/?retries=3", "https://host/#x", "http://network.example/v4", "https://t%0d%0aok@host/",
    ],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_an_error_at_start(url: str) -> None:
    with override_settings(NETWORK_URL=url, NETWORK_TOKEN="" if "@" in url else TOKEN):
        with pytest.raises(ImproperlyConfigured, match="ABONENT_NETWORK_URL") as told:
            gateway()
        assert "secret" not in str(told.value)
