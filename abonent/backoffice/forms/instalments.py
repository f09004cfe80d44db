"""An instalment plan as the staff agree on it: for which number, of what, from which invoice on."""

import uuid
from typing import TYPE_CHECKING

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.billing.instalments import first_months, line_with, offers
from abonent.catalog.models import InstalmentOffer
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber

if TYPE_CHECKING:
    OffersField = forms.ModelChoiceField[InstalmentOffer]
else:
    OffersField = forms.ModelChoiceField


class OfferField(OffersField):
    def label_from_instance(self, obj: InstalmentOffer) -> str:
        return _("%(name)s: %(price)s in %(months)d payments") % {
            "name": obj.name,
            "price": obj.price,
            "months": obj.months,
        }


class PlanForm(forms.Form):
    """`line` is the subscriber, once the form is valid."""

    use_required_attribute = False
    line: Subscriber

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    number = forms.CharField(
        label=gettext_lazy("Phone number"),
        max_length=40,
        widget=forms.TextInput({"inputmode": "tel", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the number for which the equipment is.")},
    )
    offer = OfferField(
        queryset=None,
        label=gettext_lazy("What"),
        empty_label=gettext_lazy("Choose"),
        error_messages={
            "required": gettext_lazy("Choose what is bought."),
            "invalid_choice": gettext_lazy("This is not on sale. Choose again."),
        },
    )
    first = forms.ChoiceField(
        label=gettext_lazy("First payment in the invoice for"),
        error_messages={"invalid_choice": gettext_lazy("Choose one of the months.")},
    )

    def __init__(self, data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # what a request sent, or nothing
        offer, first = self.fields["offer"], self.fields["first"]
        if isinstance(offer, forms.ModelChoiceField):
            offer.queryset = offers()
        if isinstance(first, forms.ChoiceField):
            first.choices = [(str(month), f"{MONTHS[month.number]} {month.year}") for month in first_months()]

    def clean_number(self) -> str:
        typed = "".join(one for one in str(self.cleaned_data["number"]) if one.isascii() and one.isdigit())
        found = line_with(typed) if typed else None
        if found is None:
            raise forms.ValidationError(_("Nobody has this number now. Write it as 375291234567."))
        self.line = found
        return typed

    def clean_first(self) -> Month:
        return Month.parse(self.cleaned_data["first"])
