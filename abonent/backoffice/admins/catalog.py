"""The catalog: what is sold and for how much."""

from django.db.models import Model
from django.http import HttpRequest

from abonent.access.rights import Right
from abonent.backoffice.admins.base import OperatorAdmin, OperatorInline
from abonent.catalog.models import (
    InstalmentOffer,
    NumberCategory,
    OptionSet,
    Rate,
    Service,
    ServiceCategory,
    Tariff,
    TariffCategory,
    Zone,
    ZonePrefix,
)


class CatalogAdmin(OperatorAdmin):
    right = Right.OPERATOR_CATALOG
    may_add = may_change = may_delete = True
    list_display: tuple[str, ...] = ("name", "code")
    search_fields = ("code",)


class TariffAdmin(CatalogAdmin):
    list_display = ("name", "code", "category", "kind", "fee", "on_sale")
    list_filter = ("kind", "on_sale")
    list_select_related = ("category",)


class NumberCategoryAdmin(CatalogAdmin):
    list_display = ("name", "code", "kind", "fee", "on_sale")
    list_filter = ("kind", "on_sale")


class OptionSetAdmin(CatalogAdmin):
    list_display = ("name", "code", "tariff", "fee", "minutes", "messages", "megabytes")
    list_select_related = ("tariff",)


class ServiceAdmin(CatalogAdmin):
    list_display = ("name", "code", "category", "fee", "connect_fee", "on_sale")
    list_filter = ("on_sale",)
    list_select_related = ("category",)


class InstalmentOfferAdmin(CatalogAdmin):
    list_display = ("name", "code", "price", "months", "on_sale")
    list_filter = ("on_sale",)


class PrefixInline(OperatorInline):
    right = Right.OPERATOR_CATALOG
    may_add = may_change = may_delete = True
    model = ZonePrefix


class ZoneAdmin(CatalogAdmin):
    list_display = ("name", "code", "kind")
    list_filter = ("kind",)
    inlines = (PrefixInline,)


class RateAdmin(CatalogAdmin):
    """A price is a fact with a period: it is ended and another one added, so that what was rated can be rated again."""

    may_delete = False
    list_display = ("tariff", "traffic", "direction", "destination", "roaming", "price", "step", "start", "end")
    list_filter = ("traffic", "direction", "tariff")
    list_select_related = ("tariff", "destination", "roaming")
    search_fields = ("tariff__code",)

    def get_readonly_fields(self, request: HttpRequest, obj: Rate | None = None) -> list[str]:  # noqa: ARG002  # Django's signature
        names = [field.name for field in Rate._meta.fields if field.name not in {"id", "end"}]  # noqa: SLF001  # Django's documented name
        return names if obj is not None else []


ADMINS: dict[type[Model], type[OperatorAdmin]] = {
    TariffCategory: CatalogAdmin,
    Tariff: TariffAdmin,
    OptionSet: OptionSetAdmin,
    NumberCategory: NumberCategoryAdmin,
    ServiceCategory: CatalogAdmin,
    Service: ServiceAdmin,
    InstalmentOffer: InstalmentOfferAdmin,
    Zone: ZoneAdmin,
    Rate: RateAdmin,
}
