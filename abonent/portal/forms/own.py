"""Forms about one's own log-in: name, password, phone number and e-mail address."""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from abonent.access.codes import Kind
from abonent.access.models import Identifier, Person
from abonent.access.own import CODED
from abonent.portal.forms.login import PASSWORD_CHARACTERS, EmailForm, IdentifierForm, PhoneForm


def _rules() -> str:
    return " ".join(password_validators_help_texts())


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )


class NewPasswordForm(forms.Form):
    """A password twice; `person` is whose it is to be (perhaps not saved yet): it must not be like their name."""

    password = forms.CharField(
        label=_("New password"),
        max_length=PASSWORD_CHARACTERS,
        strip=False,
        help_text=lazy(_rules, str)(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=PASSWORD_CHARACTERS,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, data: object = None, *, person: Person | None = None, **more: object) -> None:
        super().__init__(data, **more)  # type: ignore[arg-type]  # passed on as they came
        self.person = person

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            self._check_strength(str(password), str(cleaned.get("name") or ""))
        return cleaned

    def _check_strength(self, password: str, name: str) -> None:
        try:
            validate_password(password, self.person or Person(name=name))
        except ValidationError as weak:
            self.add_error("password", weak)


class PersonForm(NameForm, NewPasswordForm):
    """Somebody new: name and password."""

    field_order = ("name", "password", "again")


class OwnPasswordForm(NewPasswordForm):
    old = forms.CharField(
        label=_("Present password"),
        max_length=PASSWORD_CHARACTERS,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password", "again")


class ChangeForm(IdentifierForm):
    """What one will log in by, and where the proof that one is who one is goes; `old` is offered first."""

    proof: "forms.ModelChoiceField[Identifier]" = forms.ModelChoiceField(
        label=_("Where the code that proves you goes"),
        queryset=None,
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )

    def __init__(self, person: Person, old: Identifier | None, data: object = None) -> None:
        super().__init__(data, initial={"proof": old})  # type: ignore[arg-type]  # passed on as it came
        proof = self.fields["proof"]
        if isinstance(proof, forms.ModelChoiceField):
            proof.queryset = person.identifiers.filter(verified=True, kind__in=CODED).order_by("kind", "pk")
        self.fields["value"].widget.attrs.pop("autofocus", None)


class NewPhoneForm(ChangeForm, PhoneForm):
    field_order = ("value", "proof")


class NewEmailForm(ChangeForm, EmailForm):
    field_order = ("value", "proof")


CHANGES: dict[str, type[ChangeForm]] = {Kind.PHONE: NewPhoneForm, Kind.EMAIL: NewEmailForm}
