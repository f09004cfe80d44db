"""Django's admin, entered through a seat of the operator instead of Django's staff flag."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext_lazy as _

from abonent.access.guard import Guarded, needs
from abonent.access.rights import Right
from abonent.access.staff import may_enter
from abonent.backoffice.admins import billing, catalog, clients, people, stock, usage
from abonent.backoffice.admins.base import OperatorAdmin

View = Callable[..., HttpResponseBase]

ADMINS: dict[type[Model], type[OperatorAdmin]] = {
    **clients.ADMINS,
    **catalog.ADMINS,
    **stock.ADMINS,
    **people.ADMINS,
    **usage.ADMINS,
    **billing.ADMINS,
}


class OperatorSite(AdminSite):
    site_header = _("Clients and catalog")
    site_title = "Abonent"
    index_title = _("Clients and catalog")
    site_url = "/"
    index_template = "backoffice/index.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter(request)

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]  # noqa: FBT001, FBT002  # Django's signature; the stubs bind the result's type to the view's
        behind: View = super().admin_view(view, cacheable)
        door = needs(Right.OPERATOR_SUPPORT)(view)

        def entered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            return behind(request, *args, **kwargs) if self.has_permission(request) else turned_away(door, request)

        return update_wrapper(entered, view)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Only what is used: people log in, log out and change their password on the pages of everybody."""
        labels = sorted({model._meta.app_label for model in self._registry})  # noqa: SLF001  # Django's documented name
        return [
            path("", self.admin_view(self.index), name="index"),
            path("jsi18n/", self.admin_view(self.i18n_javascript, cacheable=True), name="jsi18n"),
            *(_of_model(model, registered) for model, registered in self._registry.items()),
            re_path(f"^(?P<app_label>{'|'.join(labels)})/$", self.admin_view(self.app_index), name="app_list"),
        ]


def turned_away(door: Guarded[Any], request: HttpRequest) -> HttpResponseBase:
    """To the log-in, to the choice of seats, or 403 (journaled)."""
    refusal = door.refusal(request)
    if refusal is None:
        raise PermissionDenied
    return refusal


def _of_model(model: type[Model], registered: Any) -> URLResolver:  # noqa: ANN401  # the stubs' registry is of any admin
    names = model._meta  # noqa: SLF001  # Django's documented name
    resolver: URLResolver = path(f"{names.app_label}/{names.model_name}/", include(registered.urls))
    return resolver


site = OperatorSite(name="admin")
for registered_model, model_admin in ADMINS.items():
    site.register(registered_model, model_admin)
