"""New names: confirmed in the list, typed for one number, or brought in a file (S11, S15.3, L11)."""

import json
import uuid
from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from abonent.formats.refusal import MAX_BYTES
from abonent.orders.actions.rename import FIELDS, LONGEST
from abonent.subscribers.models import Subscriber

# Rows that one page of the list can send.
MOST_SHOWN = 100
# As the seeds call the columns.
LABELS = {
    # Translators: «Фамилия или название»
    "last_name": _("Surname or title"),
    # Translators: «Имя»
    "first_name": _("First name"),
    # Translators: «Отчество»
    "middle_name": _("Patronymic"),
}


class Sent:
    """What the list sends: which rows it showed, what stands in their fields, and which of these were confirmed."""

    def __init__(self, data: QueryDict) -> None:
        self.shown = [int(pk) for pk in data.get("shown", "").split(",") if _is_id(pk)][:MOST_SHOWN]
        ticked = set(data.getlist("ok"))
        typed = {pk: {field: data.get(f"{field}-{pk}", "") for field in FIELDS} for pk in self.shown}
        self.confirmed = {
            pk: {field: text for field, text in fields.items() if f"{field}-{pk}" in ticked}
            for pk, fields in typed.items()
        }
        self._was = {pk: {field: data.get(f"was-{field}-{pk}") for field in FIELDS} for pk in self.shown}
        self._typed = typed

    def unconfirmed(self) -> int:
        """How many fields differ from what they showed, and were not confirmed."""
        return sum(
            text != self._was[pk][field]
            for pk, fields in self._typed.items()
            for field, text in fields.items()
            if self._was[pk][field] is not None and field not in self.confirmed[pk]
        )


class OneNameForm(forms.Form):
    """The name of one number."""

    use_required_attribute = False

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, line: Subscriber, data: QueryDict | None = None) -> None:
        old = {field: getattr(line, field) for field in FIELDS}
        super().__init__(data, initial={**old, "key": uuid.uuid4()})
        for field, longest in LONGEST.items():
            error = {"max_length": _("The name is too long: at most %(limit_value)d letters.")}
            self.fields[field] = forms.CharField(
                label=LABELS[field], required=False, max_length=longest, error_messages=error
            )

    def clean(self) -> dict[str, object]:
        if not self.errors and not any(self.cleaned_data[field] for field in FIELDS):
            self.add_error("last_name", _("The new name is empty."))
        elif not self.errors and not self.has_changed_names():
            self.add_error(None, _("It has this name already."))
        return self.cleaned_data

    def has_changed_names(self) -> bool:
        return any(field in FIELDS for field in self.changed_data)

    def names(self) -> dict[str, str]:
        """The fields that change; of a valid form."""
        return {field: str(self.cleaned_data[field]) for field in FIELDS if field in self.changed_data}


class NamesFileForm(forms.Form):
    """Numbers with their new names, side by side."""

    use_required_attribute = False

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    file = forms.FileField(
        # Translators: «Загрузить файл»
        label=_("Upload a file"),
        help_text=_(
            "Excel (.xlsx or .xls): number, surname or title, first name, patronymic, one subscriber a row. "
            "An empty cell takes that part of the name away."
        ),
        error_messages={"required": _("Choose the file with the new names.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is too large. Split the list into several files."))
        return file


def key_of(sent: uuid.UUID | None, asked: Mapping[int, Mapping[str, str]] | str) -> uuid.UUID:
    """The same for what is sent twice, another one where something else was typed after going back."""
    return uuid.uuid5(sent or uuid.uuid4(), json.dumps(asked, sort_keys=True))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004  # fits the database
