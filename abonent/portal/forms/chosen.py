"""Whose document it is: all of an account, ticked in a list, typed, from a file, the selection (S5, L6, P2, V5)."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.access.models import Seat
from abonent.documents.numbers import Judged
from abonent.formats.workbook import WorkbookRefused, read_column
from abonent.portal.forms.documents import Data, Files, Initial, OrderForm, Source
from abonent.profile import current as current_profile

# The step on which numbers are typed, and a file comes: later ones carry what was picked by it.
FIRST_STEPS = frozenset({"", "choose"})


class ChosenForm(OrderForm):
    """The account, and whose numbers of it; `judged` once numbers were typed or uploaded of which none can be taken."""

    judged: Judged | None = None
    source = forms.ChoiceField(
        label=gettext_lazy("Subscribers"),
        initial=Source.ALL,
        widget=forms.RadioSelect,
        choices=Source.choices,
    )
    typed = forms.CharField(
        label=gettext_lazy("Numbers"),
        widget=forms.Textarea({"rows": 3}),
        max_length=2_000_000,
        error_messages={"required": gettext_lazy("There is no number in the list.")},
    )
    file = forms.FileField(
        label=gettext_lazy("Excel file"),
        help_text=gettext_lazy("Numbers in one column, nothing else."),
        error_messages={"required": gettext_lazy("There is no number in the list.")},
    )

    def __init__(self, seat: Seat, data: Data = None, files: Files = None, initial: Initial = None) -> None:
        super().__init__(seat, data, files, initial)
        numbers, typed = current_profile().numbers, self.fields["typed"]
        example = numbers.country_code + "x" * (numbers.length - len(numbers.country_code))
        # Translators: «В данном поле необходимо ввести номера абонентов через разделитель «;», например %(example)s»
        typed.help_text = _("Separate the numbers by “;”, for example %(example)s") % {
            "example": f"{example};{example}"
        }
        source = self.fields["source"]
        if seat.is_narrow and isinstance(source, forms.ChoiceField):
            source.choices = [(Source.ALL.value, _("All your numbers")), *Source.choices[1:]]
        if data is not None:
            for name, required in self.needed(data).items():
                self.fields[name].required = required

    def needed(self, data: QueryDict) -> dict[str, bool]:
        """Only what goes with the choices made has to be there; a file comes with the first step alone."""
        source, first_step = data.get("source"), data.get("step", "") in FIRST_STEPS
        return {
            "typed": source == Source.TYPED and first_step,
            "file": source == Source.FILE and first_step,
        }

    def clean_file(self) -> list[tuple[int, str]]:
        """The rows of the file: its first column, and a refusal for anything beside it."""
        upload = self.cleaned_data["file"]
        return _column(upload) if upload else []


def _column(upload: "UploadedFile[bytes]") -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = []
    try:
        for row, cells in read_column(upload.read()):
            if len(cells) > 1:
                raise forms.ValidationError(
                    _("Row %(row)d has more than one column. Keep the numbers in one column.") % {"row": row}
                )
            rows.append((row, cells[0][1]))
    except WorkbookRefused as refused:
        raise forms.ValidationError(refused.message()) from refused
    return rows
