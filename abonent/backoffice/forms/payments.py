"""What the staff send about money that came: a bank statement, an account, a word why not."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.billing.bank.settling import account_with
from abonent.clients.models import Account
from abonent.profile import current

# A browser waits while the file is looked through; a larger one is loaded by the command.
MAX_MB = 10


class BankStatementForm(forms.Form):
    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("Bank statement"),
        help_text=gettext_lazy("1CClientBankExchange (.txt) or camt.053 (.xml), as the bank gives it."),
        error_messages={
            "required": gettext_lazy("Choose the file of the bank."),
            "empty": gettext_lazy("The file is empty. Export it anew."),
        },
        widget=forms.FileInput(attrs={"accept": ".txt,.xml"}),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_MB * 1024 * 1024:
            text = _("The file is larger than %(mb)d MB. Export a shorter period, or use “abonent load-payments”.")
            raise forms.ValidationError(text % {"mb": MAX_MB})
        return file


class AccountForm(forms.Form):
    """`found` is the account, once the form is valid."""

    use_required_attribute = False
    found: Account

    account = forms.CharField(
        label=gettext_lazy("Account number"),
        max_length=20,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the number of the account.")},
    )

    def clean_account(self) -> str:
        number = "".join(str(self.cleaned_data["account"]).split())
        found = account_with(number)
        if found is None:
            text = _("There is no account %(number)s. A number looks like %(example)s.")
            raise forms.ValidationError(text % {"number": number, "example": current().account_example})
        self.found = found
        return number


class AsideForm(forms.Form):
    use_required_attribute = False

    note = forms.CharField(
        label=gettext_lazy("Why it is not booked"),
        max_length=250,
        help_text=gettext_lazy("For example: sent back to the payer on 21 November."),
        error_messages={"required": gettext_lazy("Say why it is not booked.")},
    )
