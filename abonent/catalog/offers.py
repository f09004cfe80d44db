"""What can be had: tariffs and services by the kind of account, in the order of their names for the reader."""

from collections.abc import Collection

from abonent.catalog.models import Service, Tariff, Zone


def tariffs_for(kinds: Collection[str]) -> list[Tariff]:
    """Every tariff that subscribers of such accounts may have, also those no longer on sale."""
    return sorted(Tariff.objects.filter(kind__in=kinds), key=lambda tariff: tariff.name)


def services_for(kind: str) -> list[Service]:
    """The services on sale for accounts of this kind, by category, then by name."""
    on_sale = Service.objects.filter(on_sale=True).select_related("category")
    fitting = [service for service in on_sale if service.fits(kind)]
    return sorted(fitting, key=lambda service: (service.category.name, service.name))


def services_of(kinds: Collection[str]) -> list[Service]:
    """Every service that subscribers of such accounts may have, also those no longer on sale, by name."""
    known = [service for service in Service.objects.all() if any(service.fits(kind) for kind in kinds)]
    return sorted(known, key=lambda service: service.name)


def zone_names() -> dict[str, str]:
    """What each zone is called for the reader, by its code."""
    return {zone.code: zone.name for zone in Zone.objects.all()}
