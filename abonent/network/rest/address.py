"""Where a network with TM Forum's API stands, and how long it may take: read from `ABONENT_NETWORK_URL`."""

import ipaddress
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote

from django.core.exceptions import ImproperlyConfigured

BOUNDS = {"timeout": (1, 120), "wait": (1, 600), "pool": (1, 64)}


@dataclass(frozen=True, slots=True)
class Address:
    """`https://host/tmf-api/ServiceActivationAndConfiguration/v4?timeout=10&wait=30&pool=8`.

    `timeout` is the seconds for one answer, `wait` those for work that the network does meanwhile (a monitor), `pool`
    how many questions are asked at once.
    """

    secure: bool
    host: str
    port: int | None
    path: str
    token: str = ""
    timeout: int = 10
    wait: int = 30
    pool: int = 8

    @classmethod
    def read(cls, url: SplitResult, token: str) -> Self:
        """The token may stand in the address too, before an @. What makes no sense is `ImproperlyConfigured`."""
        found = token or unquote(url.username or "")
        secure = url.scheme == "https"
        try:
            port = url.port
        except ValueError:
            raise _wrong("its port is no port") from None
        if not url.hostname or url.password is not None or url.fragment:
            raise _wrong("write https://host/path, and the token in ABONENT_NETWORK_TOKEN")
        if found and not (found.isascii() and found.isprintable()):
            raise _wrong("the token has characters that no token has")
        if found and not secure and not _is_here(url.hostname):
            raise _wrong("a token goes over https:// alone")
        return cls(secure, url.hostname, port, url.path.rstrip("/"), found, **_numbers(url.query))


def _numbers(query: str) -> dict[str, int]:
    given = dict(parse_qsl(query, keep_blank_values=True))
    for name, value in given.items():
        if name not in BOUNDS:
            raise _wrong(f"there is no {name}; there are {', '.join(BOUNDS)}")
        least, most = BOUNDS[name]
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise _wrong(f"{name} is a number from {least} to {most}")
    return {name: int(value) for name, value in given.items()}


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wrong(why: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"ABONENT_NETWORK_URL: {why}")
