"""What a person can order: services and tariffs, for the kinds of lines that a seat sees."""

from collections.abc import Collection

from django.db.models import QuerySet

from abonent.access.models import Seat
from abonent.catalog.models import NumberCategory, Service, Tariff
from abonent.orders.selection import offered


def services(seat: Seat, *, on_sale: bool) -> list[Service]:
    """The services that fit some line of the seat, by category and name; `on_sale`: without those no longer offered."""
    kinds = _kinds(seat)
    known = Service.objects.select_related("category").filter(**({"on_sale": True} if on_sale else {}))
    fitting = [service for service in known if any(service.fits(kind) for kind in kinds)]
    return sorted(fitting, key=lambda service: (service.category.name, service.name))


def tariffs(seat: Seat, kinds: Collection[str] | None = None) -> list[Tariff]:
    """The tariffs on sale for some line of the seat (or for accounts of `kinds`), by category and name; with sets."""
    fitting = Tariff.objects.filter(on_sale=True, kind__in=_kinds(seat) if kinds is None else kinds)
    return _in_order(fitting)


def tariffs_held(seat: Seat) -> list[Tariff]:
    """The tariffs with option sets that lines of the seat have, also those no longer on sale."""
    held = set(offered(seat).order_by().values_list("tariff_id", flat=True).distinct())
    return [tariff for tariff in _in_order(Tariff.objects.filter(pk__in=held)) if tariff.option_sets.all()]


def number_categories(seat: Seat, kinds: Collection[str] | None = None) -> list[NumberCategory]:
    """The categories of numbers on sale for some line of the seat (or for accounts of `kinds`), the cheapest first."""
    fitting = NumberCategory.objects.filter(on_sale=True, kind__in=_kinds(seat) if kinds is None else kinds)
    return list(fitting.order_by("fee", "code"))


def _in_order(found: QuerySet[Tariff]) -> list[Tariff]:
    known = found.select_related("category").prefetch_related("option_sets")
    return sorted(known, key=lambda tariff: (tariff.category.name, tariff.name))


def _kinds(seat: Seat) -> set[str]:
    return set(offered(seat).order_by().values_list("account__kind", flat=True).distinct())
