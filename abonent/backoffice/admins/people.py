"""Who logs in. Staff may block; what people log in with, and the seats they have, are only read."""

from django.db.models import Model
from django.http import HttpRequest

from abonent.access.models import Identifier, Person, Role, Seat
from abonent.access.sessions import end_sessions
from abonent.backoffice.admins.base import ModelForm, OperatorAdmin, OperatorInline


class IdentifierInline(OperatorInline):
    model = Identifier
    fields = ("kind", "value", "verified")


class SeatInline(OperatorInline):
    model = Seat
    fk_name = "person"
    may_change = True
    fields = ("role", "client", "reach", "valid_from", "valid_to", "blocked")
    readonly_fields = ("role", "client", "reach", "valid_from")


class PersonAdmin(OperatorAdmin):
    may_change = True
    fields = ("name", "language", "is_active")
    list_display = ("name", "is_active", "created")
    list_filter = ("is_active",)
    search_fields = ("=identifiers__value", "name")
    inlines = (IdentifierInline, SeatInline)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:  # noqa: FBT001  # Django's signature
        super().save_model(request, obj, form, change)
        if isinstance(obj, Person) and not obj.is_active:
            end_sessions(obj)


class RoleAdmin(OperatorAdmin):
    list_display = ("name", "client")
    list_select_related = ("client",)


ADMINS: dict[type[Model], type[OperatorAdmin]] = {Person: PersonAdmin, Role: RoleAdmin}
