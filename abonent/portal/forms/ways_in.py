"""Typing codes that were sent, for whatever they prove."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.access.models import Identifier
from abonent.portal.forms.login import IdentifierForm

CODE_CHARACTERS = 20


def code_field(label: str, *, first: bool = True) -> forms.CharField:
    attributes = {"inputmode": "numeric", "autocomplete": "one-time-code"}
    widget = forms.TextInput(attrs={**attributes, "autofocus": True} if first else attributes)
    return forms.CharField(label=label, max_length=CODE_CHARACTERS, widget=widget)


def only_digits(typed: str) -> str:
    """As it is copied from a message: with blanks or a dash between."""
    return "".join(letter for letter in typed if letter.isdigit())


class AccountForm(IdentifierForm):
    kind = Identifier.Kind.ACCOUNT
    wrong = gettext_lazy("This is not an account number of this operator.")
    value = forms.CharField(
        # Translators: «Лицевой счет»
        label=gettext_lazy("Account number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autofocus": True}),
    )


class TwoCodesForm(forms.Form):
    """A code for each name of `sent_to` (`old_code`, `new_code`), said where it was sent."""

    def __init__(self, sent_to: Mapping[str, str], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # passed on as it came
        for place, (name, where) in enumerate(sent_to.items()):
            self.fields[name] = code_field(_("Code sent to %(where)s") % {"where": where}, first=place == 0)

    def clean(self) -> dict[str, str]:
        return {name: only_digits(value) for name, value in (super().clean() or {}).items()}
