"""Proving again who one is: by a password or by a code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Identifier
from abonent.portal.forms.login import PASSWORD_CHARACTERS


class PasswordAgainForm(forms.Form):
    password = forms.CharField(
        # Translators: «Пароль»
        label=_("Password"),
        max_length=PASSWORD_CHARACTERS,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class CodeTargetForm(forms.Form):
    """Where the code goes: one of the person's own numbers and addresses."""

    to = forms.TypedChoiceField(label=_("Send a code to"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, targets: list[Identifier], *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]  # passed on as they came
        to = self.fields["to"]
        if isinstance(to, forms.TypedChoiceField):
            to.choices = [(target.pk, str(target)) for target in targets]
        if targets:
            to.initial = targets[0].pk
