"""The one protocol through which anything is changed in the operator's network."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from abonent.network.embedded import EmbeddedNetwork
from abonent.network.rest.adapter import RestNetwork
from abonent.network.rest.address import Address
from abonent.network.trying import Temper, TryingNetwork
from abonent.network.values import Command, NetworkLine, Outcome


class Gateway(Protocol):
    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        """Do each command once, and return its outcome by key; a key that was seen before gets its first outcome.

        A command that the network refuses has an outcome that says so. Of a key without an outcome nothing is known (no
        answer, a broken line): apply it again, with the same key. Where nothing is known of any, it is an exception.
        """
        ...

    def report(self, numbers: Sequence[str]) -> Mapping[str, NetworkLine]:
        """What the network has, by number; a number that it does not know is absent. A silent one is an exception."""
        ...

    def check(self) -> str:
        """Say in words which network answers; where none does, a `NetworkError` that says why."""
        ...


def _rest(url: SplitResult) -> Gateway:
    return RestNetwork(Address.read(url, settings.NETWORK_TOKEN))


GATEWAYS: dict[str, Callable[[SplitResult], Gateway]] = {
    "embedded": lambda _url: EmbeddedNetwork(),
    "trying": lambda url: TryingNetwork(Temper.read(url)),
    "http": _rest,
    "https": _rest,
}


def gateway() -> Gateway:
    """The network that `ABONENT_NETWORK_URL` names; what it does not understand there is a configuration error."""
    url = urlsplit(settings.NETWORK_URL)
    if url.scheme not in GATEWAYS:
        raise ImproperlyConfigured(f"ABONENT_NETWORK_URL: no network “{url.scheme}”; there are {', '.join(GATEWAYS)}")
    return GATEWAYS[url.scheme](url)
