"""«Изменить способ/адрес доставки»: of which accounts, how, to which addresses, in which format (S3, L5)."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from abonent.access.models import Seat
from abonent.clients.addresses import MOST, addresses_in, why_not
from abonent.clients.deliveries import Way
from abonent.clients.models import Account, Delivery

MAIL = Delivery.Method.EMAIL


class DeliveryForm(forms.Form):
    """Several accounts at once where the seat has several; what each address lacks is said by name."""

    # Addresses are out of sight where the invoices are collected in person.
    use_required_attribute = False

    accounts = forms.MultipleChoiceField(
        label=gettext_lazy("Accounts"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one account.")},
    )
    method = forms.ChoiceField(
        # Translators: «Способ доставки»
        label=gettext_lazy("Way of delivery"),
        choices=Delivery.Method.choices,
        widget=forms.RadioSelect,
    )
    addresses = forms.CharField(
        # Translators: «Email адрес»
        label=gettext_lazy("E-mail address"),
        max_length=4000,
        error_messages={"required": gettext_lazy("Write at least one address.")},
        help_text=gettext_lazy("One a line. A code is sent to each that is new: it counts once the code is typed."),
        widget=forms.Textarea({"rows": 3, "inputmode": "email", "autocomplete": "email", "spellcheck": "false"}),
    )
    # Translators: «Формат»
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=Delivery.Format.choices, widget=forms.RadioSelect)

    def __init__(self, seat: Seat, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial or {})
        self.fields["addresses"].required = data is None or data.get("method") == MAIL
        self.known = {str(account.pk): account for account in seat.accounts}
        accounts = self.fields["accounts"]
        if not isinstance(accounts, forms.MultipleChoiceField):
            raise TypeError("accounts are chosen")
        if len(self.known) == 1:
            accounts.initial, accounts.widget = list(self.known), forms.MultipleHiddenInput()
        accounts.choices = [(key, account.number) for key, account in self.known.items()]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("method") == MAIL and "addresses" not in self.errors:
            found = addresses_in(str(cleaned["addresses"]))
            for reason in [reason for address in found if (reason := why_not(address))][:MOST]:
                self.add_error("addresses", reason)
            if not found:
                self.add_error("addresses", _("Write at least one address."))
            elif len(found) > MOST:
                text = ngettext("At most %(count)d address.", "At most %(count)d addresses.", MOST)
                self.add_error("addresses", text % {"count": MOST})
        return cleaned

    @property
    def chosen(self) -> list[Account]:
        """Those that were chosen."""
        return [self.known[key] for key in self.cleaned_data["accounts"]]

    @property
    def way(self) -> Way:
        data = self.cleaned_data
        found = addresses_in(data["addresses"]) if data["method"] == MAIL else ()
        return Way(data["method"], found, data["format"])
