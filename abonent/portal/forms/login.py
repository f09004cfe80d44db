"""The four ways of logging in (S0.1, S0.2)."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from abonent import profile
from abonent.access.credentials import normalise
from abonent.access.models import Identifier

MOST_CHARACTERS = 254
PASSWORD_CHARACTERS = 128


class IdentifierForm(forms.Form):
    """One identifier as a person types it; cleaned to its normal form."""

    kind: ClassVar[Identifier.Kind]
    wrong: ClassVar[object]

    def clean_value(self) -> str:
        found = normalise(self.kind, self.cleaned_data["value"])
        if found is None:
            raise forms.ValidationError(str(self.wrong))
        return found


class PhoneForm(IdentifierForm):
    kind = Identifier.Kind.PHONE
    wrong = _("This is not a phone number of this operator.")
    # Translators: «Номер телефона»
    value = forms.CharField(label=_("Phone number"), max_length=40)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        attributes = {"inputmode": "tel", "autocomplete": "tel", "autofocus": True}
        self.fields["value"].widget.attrs |= attributes | {"placeholder": f"+{profile.current().numbers.country_code}"}


class EmailForm(IdentifierForm):
    kind = Identifier.Kind.EMAIL
    wrong = _("This is not an e-mail address.")
    value = forms.CharField(
        label=_("E-mail address"),
        max_length=MOST_CHARACTERS,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


def _password() -> forms.CharField:
    return forms.CharField(
        # Translators: «Пароль»
        label=_("Password"),
        max_length=PASSWORD_CHARACTERS,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PhonePasswordForm(PhoneForm):
    password = _password()


class AccountPasswordForm(IdentifierForm):
    kind = Identifier.Kind.ACCOUNT
    wrong = _("This is not an account number of this operator.")
    value = forms.CharField(
        # Translators: «Лицевой счет»
        label=_("Account number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "username", "autofocus": True}),
    )
    password = _password()


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )

    def clean_code(self) -> str:
        """As it is copied from a message: with blanks or a dash between."""
        return "".join(letter for letter in self.cleaned_data["code"] if letter.isdigit())
