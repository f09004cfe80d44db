"""What every page of the admin has in common: the seat's right decides, and each change is in the journal."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import DataError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from abonent.access.address import origin_of
from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.access.staff import may
from abonent.audit.journal import record

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    Formset = forms.BaseModelFormSet[Any, Any]
    ModelForm = forms.ModelForm[Any]
else:
    ModelAdmin, TabularInline = admin.ModelAdmin, admin.TabularInline
    Formset, ModelForm = forms.BaseModelFormSet, forms.ModelForm


class ByRight:
    """Who has `right` may see; and change, unless these rows are only to be read."""

    right: ClassVar[Right] = Right.OPERATOR_SUPPORT
    may_add: ClassVar[bool] = False
    may_change: ClassVar[bool] = False
    may_delete: ClassVar[bool] = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request, self.right)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002  # Django's signature
        return may(request, self.right)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002  # the same
        return self.may_add and may(request, self.right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002  # the same
        return self.may_change and may(request, self.right)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ANN401, ARG002  # the same
        return self.may_delete and may(request, self.right)


class OperatorInline(ByRight, TabularInline):
    extra = 0
    show_change_link = False


class OperatorAdmin(ByRight, ModelAdmin):
    """`client_path` leads from a row to the id of its client, on whose chain the journal's entry goes."""

    client_path: ClassVar[str] = ""
    actions = None
    list_per_page = 50
    show_full_result_count = False
    change_form_template = "backoffice/change_form.html"
    delete_confirmation_template = "backoffice/delete.html"

    def get_urls(self) -> list[URLPattern]:
        """Without Django's own log, the address of old links, and what these rows do not allow."""
        verbs = {"changelist": True, "change": True, "add": self.may_add, "delete": self.may_delete}
        return [url for url in super().get_urls() if url.name and verbs.get(url.name.rpartition("_")[2])]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """A filter that no row can have, such as an id beyond what the database counts to, is dropped as others are."""
        try:
            return super().changelist_view(request, extra_context)
        except (OverflowError, DataError):
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:  # noqa: FBT001  # Django's signature
        super().save_model(request, obj, form, change)
        before = _plain({name: form.initial.get(name) for name in form.changed_data})
        after = _plain({name: form.cleaned_data.get(name) for name in form.changed_data})
        # Django takes an empty JSON object for changed, whatever was typed.
        names = [name for name in form.changed_data if not change or before[name] != after[name]]
        was = {name: before[name] for name in names} if change else {}
        self.journal(request, "change" if change else "add", obj, was, {name: after[name] for name in names})

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Formset, change: bool) -> None:  # noqa: FBT001  # the same
        super().save_formset(request, form, formset, change)
        for obj in formset.new_objects:
            self.journal(request, "add", obj, {}, _fields(obj))
        for obj, changed in formset.changed_objects:
            self.journal(request, "change", obj, {}, _fields(obj, changed))
        for obj in formset.deleted_objects:
            self.journal(request, "delete", obj, _fields(obj), {})

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.journal(request, "delete", obj, _fields(obj), {})
        super().delete_model(request, obj)

    def journal(
        self, request: HttpRequest, verb: str, obj: Model, before: Mapping[str, object], after: Mapping[str, object]
    ) -> None:
        """Write down a change, in its transaction."""
        seat: Seat = request.seat  # type: ignore[attr-defined]  # set by the middleware; the door asked for one
        kind = obj._meta  # noqa: SLF001  # Django's documented name
        record(
            seat.actor(),
            f"{kind.app_label}.{verb}",
            target=(str(kind.model_name), obj.pk, str(obj)),
            client_id=self._client_id(obj),
            before=_plain(before),
            after=_plain(after),
            origin=origin_of(request),
        )

    def _client_id(self, obj: Model) -> int | None:
        """Of a row in an inline: by way of the row that it belongs to."""
        if not self.client_path:
            return None
        found = obj
        if not isinstance(obj, self.model):
            parents = [field for field in obj._meta.get_fields() if field.related_model is self.model]  # noqa: SLF001  # the same
            found = getattr(obj, parents[0].name)
        value: int | None = attrgetter(self.client_path)(found)
        return value

    def log_addition(self, *_args: object) -> None:  # type: ignore[override]  # the journal has it
        """Nothing: Django's own log is not kept."""

    def log_change(self, *_args: object) -> None:  # type: ignore[override]  # the same
        """Nothing: the same."""

    def log_deletions(self, *_args: object) -> None:  # type: ignore[override]  # the same
        """Nothing: the same."""


def _fields(obj: Model, names: Iterable[str] | None = None) -> dict[str, object]:
    listed = [field for field in obj._meta.concrete_fields if names is None or field.name in names]  # noqa: SLF001  # Django's documented name
    return {field.name: getattr(obj, field.attname) for field in listed}


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _value(value() if callable(value) else value) for name, value in values.items()}


def _value(value: object) -> object:
    """A row as its key, several as theirs; the rest as it is."""
    if isinstance(value, Model):
        return value.pk
    return [_value(one) for one in value] if isinstance(value, list | QuerySet) else value
