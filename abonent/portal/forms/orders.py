"""For whom an order is, and why one is rejected (S15.1, S17)."""

import json
import uuid

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from abonent.access.guard import SeatRequest
from abonent.files.keeping import store
from abonent.formats.refusal import MAX_BYTES
from abonent.hierarchy import selection
from abonent.orders.selection import Source
from abonent.portal.filters import SubscriberFilter
from abonent.portal.forms.wanted import Wanted
from abonent.profile import current as current_profile

BY_LIST, BY_FILE, BY_TYPED, BY_SELECTION, BY_ONE = "list", "file", "typed", "selection", "one"
MOST_TYPED = 2_000_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WhomForm(forms.Form):
    """The subscribers that an order is for: from the list, a file, the current selection, or one number.

    `status` is the only one from which lines are offered, empty where any that is served is.
    """

    # What is missing is said by the page, in its own words.
    use_required_attribute = False

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    by = forms.CharField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        # Translators: «Загрузить файл»
        label=_("Upload a file"),
        required=False,
        help_text=_("Excel (.xlsx or .xls): numbers alone, in one column, one a row."),
        error_messages={"required": _("Choose the file with the numbers.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )

    typed = forms.CharField(
        label=_("Numbers"),
        required=False,
        max_length=MOST_TYPED,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("There is no number in the list.")},
    )

    def __init__(self, request: SeatRequest, wanted: Wanted, status: str) -> None:
        sent = request.method == "POST"
        self.seat, self.wanted, self.status = request.seat, wanted, status
        self.selection: tuple[int, ...] = ()
        super().__init__(request.POST if sent else None, request.FILES if sent else None)
        by = (request.POST if sent else request.GET).get("by")
        for name in (BY_FILE, BY_TYPED):
            self.fields[name].required = by == name
        # Translators: «В данном поле необходимо ввести номера абонентов через разделитель «;», например %(example)s»
        typed = _("Separate the numbers by “;”, for example %(example)s") % {"example": ";".join([example()] * 2)}
        self.fields["typed"].help_text = typed

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if cleaned.get("by") == BY_FILE:
            if file is not None and file.size > MAX_BYTES:
                self.add_error("file", _("The file is too large. Split the list into several files."))
        elif cleaned.get("by") == BY_SELECTION:
            self.selection = tuple(selection.lines(self.seat).order_by("pk").values_list("pk", flat=True))
            if not self.selection:
                self.add_error(None, _("The current selection is empty."))
        elif cleaned.get("by") != BY_TYPED and self.wanted.line is None and not selected(self.data):
            self.add_error(None, _("Choose at least one subscriber."))
        return cleaned

    def order_key(self, source: Source) -> uuid.UUID:
        """The same for a form that is sent twice, another one where something else was chosen after going back."""
        content = source.file.sha256 if source.file else [source.stored(), source.selected]
        asked = [self.wanted.doing, self.wanted.params(), content]
        return uuid.uuid5(self.cleaned_data["key"] or uuid.uuid4(), json.dumps(asked, sort_keys=True))

    def source(self) -> Source:
        """Where the subscribers come from; a file is kept from here on."""
        line, file = self.wanted.line, self.cleaned_data["file"]
        if line is not None:
            return Source(ids=(line.pk,), data={line.pk: row} if (row := self.wanted.row()) else None)
        if self.cleaned_data["by"] == BY_FILE:
            return Source(file=store(file.file, name=file.name, mime=XLSX))
        if self.cleaned_data["by"] == BY_SELECTION:
            return Source(selected=self.selection)
        if self.cleaned_data["by"] == BY_TYPED:
            return Source(typed=self.cleaned_data["typed"])
        if self.data.get("all"):
            by = narrowing(_parameters(self.data), self.wanted, self.status)
            return Source(matching=by.narrowing)
        return Source(ids=tuple(sorted(selected(self.data))))


def narrowing(parameters: QueryDict, wanted: Wanted, status: str) -> SubscriberFilter:
    """What the list to choose from is narrowed to; what is wanted, of the same name, does not narrow it."""
    asked = parameters.copy()
    for name in wanted.fields:
        asked.pop(name, None)
    if status:
        asked["status"] = status
    return SubscriberFilter.of(asked, wanted.seat)


def example() -> str:
    """How a number is written, in letters that nobody takes for one."""
    numbers = current_profile().numbers
    return numbers.country_code + "x" * (numbers.length - len(numbers.country_code))


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
