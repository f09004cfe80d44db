"""«Регистрация оплаты»: for which account, how much, when, by which payment order (S4)."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.access.models import Seat
from abonent.billing.promises import Paid
from abonent.clients.models import Account, AccountQuerySet
from abonent.lib import clock
from abonent.portal.forms.documents import Data, Initial
from abonent.profile import current as current_profile

LONGEST_AGO = dt.timedelta(days=31)


class RegistrationForm(forms.Form):
    use_required_attribute = False

    account = forms.ModelChoiceField(AccountQuerySet(Account).none(), label=gettext_lazy("Account"), empty_label=None)
    amount = forms.DecimalField(
        label=gettext_lazy("Amount"),
        min_value=Decimal("0.01"),
        max_digits=12,
        decimal_places=2,
        localize=True,
        error_messages={
            "required": gettext_lazy("Say how much was paid."),
            "min_value": gettext_lazy("The amount is more than zero."),
        },
    )
    paid_on = forms.DateField(
        label=gettext_lazy("Paid on"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day.")},
    )
    number = forms.CharField(
        label=gettext_lazy("Number of the payment order"),
        max_length=40,
        error_messages={"required": gettext_lazy("Type the number of the payment order.")},
    )

    def __init__(self, seat: Seat, data: Data = None, initial: Initial = None) -> None:
        super().__init__(data, initial={"paid_on": clock.today(current_profile().zone), **(initial or {})})
        account = self.fields["account"]
        if isinstance(account, forms.ModelChoiceField):
            account.queryset = Account.objects.within(seat).select_related("contract")
            if len(seat.accounts) == 1:
                account.initial, account.widget = seat.accounts[0].pk, forms.HiddenInput()

    def clean_paid_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["paid_on"]
        today = clock.today(current_profile().zone)
        if day > today:
            raise forms.ValidationError(_("This day has not come yet."))
        if day < today - LONGEST_AGO:
            raise forms.ValidationError(_("This was too long ago: such a payment has reached the operator."))
        return day

    def clean_number(self) -> str:
        return " ".join(str(self.cleaned_data["number"]).split())

    @property
    def paid(self) -> Paid:
        return Paid(self.cleaned_data["amount"], self.cleaned_data["paid_on"], self.cleaned_data["number"])
