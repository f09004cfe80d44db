"""Forms of «Управление иерархией»: a name, a place, a file (V3)."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from abonent.formats.refusal import MAX_BYTES
from abonent.hierarchy.nodes import Ref

# So many nodes are shown open again after something was done.
MAX_OPEN = 20


class NameForm(forms.Form):
    """What the name may be is judged by the verb, under its lock."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Name"),
        required=True,
        max_length=400,
        error_messages={"required": _("Type the name of the folder.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )


class PlaceForm(forms.Form):
    path = forms.CharField(
        label=_("To which folder"),
        required=False,
        max_length=2000,
        help_text=_("Its path, for example: Minsk / Sales. Empty: to the top, out of all folders."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "list": "folder-paths"}),
    )


class StructureForm(forms.Form):
    use_required_attribute = False

    file = forms.FileField(
        # Translators: «Загрузить файл»
        label=_("Upload a file"),
        help_text=_(
            "Excel: the number in the first column, the path of its folder in the second (Minsk / Sales). Without a "
            "path the number leaves its folder, without a number the folder is made. Download the present structure "
            "to see the form."
        ),
        error_messages={"required": _("Choose the file with the structure.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is too large. Split the list into several files."))
        return file


def open_refs(data: QueryDict) -> list[str]:
    """The nodes that are shown open, as their refs are written."""
    found = (Ref.parse(text.strip()) for text in data.get("open", "").split(",")[:MAX_OPEN])
    return [str(ref) for ref in found if ref is not None]
