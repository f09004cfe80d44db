"""From where a request comes, for bounds and for the journal."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

from abonent.access.models import Seat
from abonent.audit.journal import Origin

DEVICE_LENGTH = 200


def address_of(request: HttpRequest) -> str:
    """The network address of the person: past the balancers that the settings trust, and no further."""
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    address = request.META.get("REMOTE_ADDR") or ""
    while hops and is_trusted(address):
        address = hops.pop()
    return address


def is_trusted(address: str) -> bool:
    """Whether `address` is one of our balancers (single addresses or networks); what is no address is not."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in ipaddress.ip_network(proxy) for proxy in settings.TRUSTED_PROXIES)


def origin_of(request: HttpRequest) -> Origin:
    """Address, device and seat of a request, for `record(…, origin=…)`."""
    seat: Seat | None = getattr(request, "seat", None)
    device = request.headers.get("User-Agent", "")[:DEVICE_LENGTH]
    return Origin(address_of(request), device, seat.label if seat else "")
