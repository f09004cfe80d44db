import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from abonent.network.gateway import gateway
from abonent.network.models import NetworkCommand
from abonent.network.values import Command, Outcome

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def command(key: str, service: str = "clip") -> Command:
    return Command(key, "connect_service", "375291110001", {"service": service})


def test_a_command_is_done_once_however_often_it_is_told() -> None:
    first = gateway().apply([command("a"), command("b")])
    again = gateway().apply([command("b", "other"), command("c"), command("c")])
    assert first == {"a": Outcome(done=True), "b": Outcome(done=True)}
    assert again == {"b": Outcome(done=True), "c": Outcome(done=True)}
    assert sorted(NetworkCommand.objects.values_list("key", "args__service")) == [
        ("a", "clip"),
        ("b", "clip"),
        ("c", "clip"),
    ]


def test_the_first_outcome_stays() -> None:
    NetworkCommand.objects.create(key="a", kind="connect_service", number="1", done=False, reason="no such line")
    assert gateway().apply([command("a")]) == {"a": Outcome(done=False, reason="no such line")}


def test_an_unknown_network_is_an_error_of_the_settings() -> None:
    with (
        override_settings(NETWORK_URL="pigeon://x"),
        pytest.raises(ImproperlyConfigured, match="pigeon"),
    ):
        gateway()
