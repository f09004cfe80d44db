"""The one protocol through which anything is changed in the operator's network."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from abonent.network.embedded import EmbeddedNetwork
from abonent.network.values import Command, Outcome


class Gateway(Protocol):
    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        """Do each command once, and return its outcome by key; a key that was seen before gets its first outcome.

        A command that the network refuses has an outcome that says so. An exception (no answer, a broken line) means
        that nothing is known of these commands: apply them again with the same keys.
        """
        ...


GATEWAYS: dict[str, type[Gateway]] = {
    "embedded": EmbeddedNetwork,
}


def gateway() -> Gateway:
    """The network that `ABONENT_NETWORK_URL` names; an unknown kind is a configuration error."""
    kind = urlsplit(settings.NETWORK_URL).scheme
    if kind not in GATEWAYS:
        raise ImproperlyConfigured(f"ABONENT_NETWORK_URL: no network “{kind}”; there are {', '.join(GATEWAYS)}")
    return GATEWAYS[kind]()
