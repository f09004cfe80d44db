"""What a person can order: actions on services, for the kinds of lines that a seat sees."""

from abonent.access.models import Seat
from abonent.catalog.models import Service
from abonent.orders.selection import offered


def services(seat: Seat, *, on_sale: bool) -> list[Service]:
    """The services that fit some line of the seat, by category and name; `on_sale`: without those no longer offered."""
    kinds = set(offered(seat).order_by().values_list("account__kind", flat=True).distinct())
    known = Service.objects.select_related("category").filter(**({"on_sale": True} if on_sale else {}))
    fitting = [service for service in known if any(service.fits(kind) for kind in kinds)]
    return sorted(fitting, key=lambda service: (service.category.name, service.name))
