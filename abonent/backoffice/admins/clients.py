"""Clients, their contracts, accounts and deliveries; their folders are theirs, so they are only read."""

from typing import Any

from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest

from abonent.backoffice.admins.base import OperatorAdmin, OperatorInline
from abonent.clients.models import Account, Client, Contract, Delivery, Folder
from abonent.lib import clock
from abonent.lib.search import search_key


class ContractInline(OperatorInline):
    model = Contract
    may_add = may_change = True


class ClientAdmin(OperatorAdmin):
    may_add = may_change = may_delete = True
    client_path = "pk"
    list_display = ("name", "tax_id", "registry_id")
    search_fields = ("tax_id", "search_key")
    inlines = (ContractInline,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By the case-folded key: SQLite compares Cyrillic letters case by case."""
        return super().get_search_results(request, queryset, search_key(search_term))


class ContractAdmin(OperatorAdmin):
    may_add = may_change = may_delete = True
    client_path = "client_id"
    list_display = ("number", "client", "signed")
    list_select_related = ("client",)
    search_fields = ("number",)
    raw_id_fields = ("client",)


class DeliveryInline(OperatorInline):
    """Where invoices go is a history: a row is added while none is in force, and then left alone (S3, L5)."""

    model = Delivery
    fields = ("method", "address", "format", "start", "end")
    readonly_fields = ("end",)

    def has_add_permission(self, request: HttpRequest, obj: Account | None = None) -> bool:
        free = obj is None or obj.delivery_at(clock.now()) is None
        return free and self.has_view_permission(request)

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ANN401  # Django's signature
        if db_field.name == "start":
            kwargs["initial"] = clock.now
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class AccountAdmin(OperatorAdmin):
    may_add = may_change = may_delete = True
    client_path = "contract.client_id"
    list_display = ("number", "client", "kind", "status", "opened")
    list_filter = ("kind", "status")
    list_select_related = ("contract__client",)
    search_fields = ("number",)
    raw_id_fields = ("contract",)
    inlines = (DeliveryInline,)


class FolderAdmin(OperatorAdmin):
    client_path = "client_id"
    list_display = ("name", "client", "parent")
    list_select_related = ("client", "parent")
    search_fields = ("name",)


ADMINS: dict[type[Model], type[OperatorAdmin]] = {
    Client: ClientAdmin,
    Contract: ContractAdmin,
    Account: AccountAdmin,
    Folder: FolderAdmin,
}
