"""Choosing a new number out of an offer, and a new SIM out of the client's free ones (S13, S14)."""

import uuid
from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.access.models import Seat
from abonent.formats.refusal import MAX_BYTES
from abonent.lib.phones import pretty
from abonent.orders.actions.replace_sim import tidy
from abonent.subscribers.models import PoolNumber, SimCard

# ICCID: at most 22 digits, and what people write between them.
TYPED_LENGTH = 40
# So many are suggested at once.
SUGGESTED = 8


class NumberForm(forms.Form):
    """One of the numbers that are reserved for the line at this moment."""

    use_required_attribute = False

    number = forms.ChoiceField(
        # Translators: «Выберите новый номер»
        label=gettext_lazy("Choose the new number"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one of the numbers."),
            "invalid_choice": gettext_lazy("This number is not reserved for you any more. Choose another one."),
        },
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, offer: Sequence[PoolNumber], data: object = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})  # type: ignore[arg-type]  # a QueryDict or nothing
        field = self.fields["number"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(number.number, pretty(number.number)) for number in offer]
        if len(offer) == 1:
            field.initial = offer[0].number

    def order_key(self) -> uuid.UUID:
        """The same for a form that is sent twice."""
        return uuid.uuid5(self.cleaned_data["key"] or uuid.uuid4(), self.cleaned_data["number"])


class SimForm(forms.Form):
    """The number of one of the client's free SIMs, typed or picked from those suggested."""

    use_required_attribute = False

    iccid = forms.CharField(
        # Translators: «Введите номер новой SIM-карты»
        label=gettext_lazy("Number of the new SIM card"),
        max_length=TYPED_LENGTH,
        help_text=gettext_lazy("It is printed on the card; its last digits are enough to find it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the number of the new SIM card.")},
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, seat: Seat, data: object = None) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})  # type: ignore[arg-type]  # a QueryDict or nothing
        self.seat = seat

    def clean_iccid(self) -> str:
        """The whole number, also where its last digits were typed and only one free SIM ends with them."""
        typed = tidy(self.cleaned_data["iccid"])
        found = suggested(self.seat, typed)[:2]
        exact = [sim.iccid for sim in found if sim.iccid == typed]
        if exact or len(found) == 1:
            return exact[0] if exact else found[0].iccid
        if found:
            raise forms.ValidationError(_("Several of your SIMs end with these digits. Type more of them."))
        raise forms.ValidationError(_("This is not one of your free SIM cards. Check the number on the card."))

    def order_key(self) -> uuid.UUID:
        """The same for a form that is sent twice."""
        return uuid.uuid5(self.cleaned_data["key"] or uuid.uuid4(), self.cleaned_data["iccid"])


class PairsFileForm(forms.Form):
    """Numbers with what each of them gets, side by side; the `file` itself is a subclass's."""

    use_required_attribute = False

    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is too large. Split the list into several files."))
        return file

    def order_key(self, sha256: str) -> uuid.UUID:
        """The same for a form that is sent twice, another one for another file."""
        return uuid.uuid5(self.cleaned_data["key"] or uuid.uuid4(), sha256)


class SimsFileForm(PairsFileForm):
    """Numbers with their new SIMs."""

    file = forms.FileField(
        # Translators: «Загрузить файл»
        label=gettext_lazy("Upload a file"),
        help_text=gettext_lazy("Excel (.xlsx or .xls): number and new SIM, one line a row. The SIMs stand as text."),
        error_messages={"required": gettext_lazy("Choose the file with the numbers and SIMs.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )


class NumbersFileForm(PairsFileForm):
    """Numbers with their new numbers."""

    file = forms.FileField(
        # Translators: «Загрузить файл»
        label=gettext_lazy("Upload a file"),
        help_text=gettext_lazy("Excel (.xlsx or .xls): number and new number, one line a row."),
        error_messages={"required": gettext_lazy("Choose the file with the numbers and their new numbers.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
    )


def suggested(seat: Seat, typed: str) -> list[SimCard]:
    """A few of the client's free SIMs that end with what was typed; the first ones where nothing was."""
    digits = tidy(typed)[:TYPED_LENGTH]
    if digits and not (digits.isascii() and digits.isdigit()):
        return []
    free = SimCard.objects.within(seat).free()
    return list((free.filter(iccid__endswith=digits) if digits else free)[:SUGGESTED])
