"""What the operator has in stock: numbers of the pool (`abonent load-numbers` for many), and SIMs given to clients."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.access.rights import Right
from abonent.backoffice.admins.base import ModelForm, OperatorAdmin
from abonent.lib import clock
from abonent.subscribers import pool
from abonent.subscribers.models import PoolNumber, SimCard
from abonent.subscribers.models.sims import SimCardQuerySet


class PoolNumberAdmin(OperatorAdmin):
    right = Right.OPERATOR_CATALOG
    may_add = may_change = True
    list_display = ("number", "category", "state", "free_from")
    list_filter = ("category",)
    list_select_related = ("category",)
    search_fields = ("number",)
    fields = ("number", "category")

    @admin.display(description=gettext_lazy("state"))
    def state(self, number: PoolNumber) -> str:
        return str(number.state_at(clock.now()).label)

    def get_readonly_fields(self, request: HttpRequest, obj: PoolNumber | None = None) -> list[str]:  # noqa: ARG002  # Django's signature
        return ["number"] if obj is not None else []

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:  # noqa: FBT001  # the same
        """What somebody holds, or held not long ago, is not free."""
        if isinstance(obj, PoolNumber) and not change:
            obj.free_from = pool.free_since([obj.number])[obj.number]
        super().save_model(request, obj, form, change)


class SimCardAdmin(OperatorAdmin):
    """A SIM is given to a client; once a line has it, or had it, it stays."""

    right = Right.OPERATOR_CATALOG
    may_add = may_delete = True
    client_path = "client_id"
    list_display = ("iccid", "client", "state")
    list_select_related = ("client", "line")
    search_fields = ("iccid",)
    fields = ("iccid", "client")
    raw_id_fields = ("client",)

    @admin.display(description=gettext_lazy("line"))
    def state(self, sim: SimCard) -> str:
        holder: str | None = getattr(sim, "holder", None)
        return holder or (sim.line.number if sim.line else _("free"))

    def get_queryset(self, request: HttpRequest) -> "QuerySet[SimCard]":
        found = super().get_queryset(request)
        assert isinstance(found, SimCardQuerySet)  # noqa: S101  # the model's own manager
        return found.with_holder()

    def has_delete_permission(self, request: HttpRequest, obj: SimCard | None = None) -> bool:
        return (obj is None or obj.is_free()) and super().has_delete_permission(request, obj)


ADMINS: dict[type[Model], type[OperatorAdmin]] = {PoolNumber: PoolNumberAdmin, SimCard: SimCardAdmin}
