"""Second factors: a code, a passkey as the browser says it, and its name."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_CREDENTIAL = 20_000
MOST_NAME = 60


class FactorCodeForm(forms.Form):
    """A code of the app or, for somebody who has lost the device, a recovery code."""

    code = forms.CharField(
        label=_("Code from your app, or a recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


class AppCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code that the app shows"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


class CredentialForm(forms.Form):
    """What the browser answers about a passkey, as JSON."""

    credential = forms.CharField(max_length=MOST_CREDENTIAL, widget=forms.HiddenInput)

    def clean_credential(self) -> dict[str, object]:
        try:
            found = json.loads(self.cleaned_data["credential"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("The browser did not say what was asked. Try again.")) from error
        if not isinstance(found, dict):
            raise forms.ValidationError(_("The browser did not say what was asked. Try again."))
        return found


class NewPasskeyForm(CredentialForm):
    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=MOST_NAME,
        help_text=_("So that you know it again, for example “Work laptop”."),
    )


class PasskeyNameForm(forms.Form):
    name = forms.CharField(label=_("Name of the passkey"), max_length=MOST_NAME)


class NoFieldsForm(forms.Form):
    """A step that asks for nothing but to be confirmed."""
