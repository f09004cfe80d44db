"""Connecting and disconnecting a service: which one, and for whom (S15.1)."""

import json
import uuid
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from abonent.access.guard import SeatRequest
from abonent.catalog.models import Service
from abonent.files.keeping import store
from abonent.formats.refusal import MAX_BYTES
from abonent.hierarchy import selection
from abonent.orders.selection import Filter, Source
from abonent.portal.filters import SubscriberFilter

BY_SELECTION = "selection"
CONNECT, DISCONNECT = "connect_service", "disconnect_service"
ACTIONS = [
    # Translators: «Подключить»
    (CONNECT, _("Connect")),
    # Translators: «Отключить»
    (DISCONNECT, _("Disconnect")),
]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ServiceOrderForm(forms.Form):
    """The action, the service among those offered, and the subscribers: from the list or from a file."""

    # What is missing is said by the page, in its own words.
    use_required_attribute = False

    action = forms.ChoiceField(choices=ACTIONS)
    service = forms.TypedChoiceField(
        # Translators: «Услуга»
        label=_("Service"),
        coerce=int,
        error_messages={"required": _("Choose a service first.")},
    )
    key = forms.UUIDField(required=False)
    by = forms.CharField(required=False)
    file = forms.FileField(
        # Translators: «Загрузить файл»
        label=_("Upload a file"),
        required=False,
        help_text=_("Excel (.xlsx or .xls): numbers alone, in one column, one a row."),
        error_messages={"required": _("Choose the file with the numbers.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )

    def __init__(self, request: SeatRequest, services: Sequence[Service]) -> None:
        sent = request.method == "POST"
        self.seat = request.seat
        self.selection: tuple[int, ...] = ()
        super().__init__(request.POST if sent else None, request.FILES if sent else None)
        self.fields["file"].required = (request.POST if sent else request.GET).get("by") == "file"
        chosen = self.fields["service"]
        assert isinstance(chosen, forms.TypedChoiceField)  # noqa: S101  # declared above
        chosen.choices = [(service.pk, service.name) for service in services]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if cleaned.get("by") == "file":
            if file is not None and file.size > MAX_BYTES:
                self.add_error("file", _("The file is too large. Split the list into several files."))
        elif cleaned.get("by") == BY_SELECTION:
            self.selection = tuple(selection.lines(self.seat).order_by("pk").values_list("pk", flat=True))
            if not self.selection:
                self.add_error(None, _("The current selection is empty."))
        elif not selected(self.data):
            self.add_error(None, _("Choose at least one subscriber."))
        return cleaned

    def order_key(self, source: Source) -> uuid.UUID:
        """The same for a form that is sent twice, another one where something else was chosen after going back."""
        content = source.file.sha256 if source.file else [source.stored(), source.selected]
        asked = [self.cleaned_data["action"], self.cleaned_data["service"], content]
        return uuid.uuid5(self.cleaned_data["key"] or uuid.uuid4(), json.dumps(asked, sort_keys=True))

    def source(self) -> Source:
        """Where the subscribers come from; a file is kept from here on."""
        file = self.cleaned_data["file"]
        if self.cleaned_data["by"] == "file":
            return Source(file=store(file.file, name=file.name, mime=XLSX))
        if self.cleaned_data["by"] == BY_SELECTION:
            return Source(selected=self.selection)
        if self.data.get("all"):
            # The service of the form is what is ordered; its list is not narrowed by services.
            by = SubscriberFilter.of(_parameters(self.data))
            return Source(matching=Filter(by.query, by.tariff or None, by.status, by.account or None))
        return Source(ids=tuple(sorted(selected(self.data))))


def selected(data: object) -> set[int]:
    """The ids that the list sends: ticked on this page, and on others; something for "all that match" too."""
    parameters = _parameters(data)
    if parameters.get("all"):
        return {0}
    texts = [*parameters.getlist("pick"), *parameters.get("picked", "").split(",")]
    return {int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19}  # noqa: PLR2004  # fits


def _parameters(data: object) -> QueryDict:
    return data if isinstance(data, QueryDict) else QueryDict()


class RejectionForm(forms.Form):
    """Why an order is rejected: whoever placed it reads it."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever placed the order reads it."),
        error_messages={"required": _("Say why, so that it can be mended.")},
    )
