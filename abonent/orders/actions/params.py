"""Reading what an order's parameters name."""

from collections.abc import Mapping

from abonent.catalog.models import NumberCategory, OptionSet, Service, Tariff


def service_in(params: Mapping[str, object]) -> Service:
    """The service that the parameters name by its id; a ValueError where there is none."""
    service = Service.objects.filter(pk=_key(params, "service")).first()
    if service is None:
        raise ValueError("no such service")
    return service


def number_category_in(params: Mapping[str, object]) -> NumberCategory:
    """The category of numbers that the parameters name by its id; a ValueError where there is none."""
    category = NumberCategory.objects.filter(pk=_key(params, "category")).first()
    if category is None:
        raise ValueError("no such category of numbers")
    return category


def tariff_in(params: Mapping[str, object]) -> Tariff:
    """The tariff that the parameters name by its id; a ValueError where there is none."""
    tariff = Tariff.objects.filter(pk=_key(params, "tariff")).first()
    if tariff is None:
        raise ValueError("no such tariff")
    return tariff


def option_set_in(params: Mapping[str, object], tariff: Tariff) -> OptionSet | None:
    """The option set within `tariff` that the parameters name; None where the tariff has no sets, else a ValueError."""
    sets = tariff.option_sets.all()
    found = sets.filter(pk=_key(params, "option_set")).first()
    if found is None and sets.exists():
        raise ValueError("no such option set of this tariff")
    return found


def _key(params: Mapping[str, object], name: str) -> int:
    """The id under `name`; 0, which nothing has, where it is none."""
    named = str(params.get(name) or "")
    return int(named) if named.isascii() and named.isdigit() and len(named) < 19 else 0  # noqa: PLR2004  # fits the database
