"""Reading what an order's parameters name."""

from collections.abc import Mapping

from abonent.catalog.models import Service


def service_in(params: Mapping[str, object]) -> Service:
    """The service that the parameters name by its id; a ValueError where there is none."""
    named = str(params.get("service") or "")
    service = Service.objects.filter(pk=named).first() if named.isdecimal() else None
    if service is None:
        raise ValueError("no such service")
    return service
