"""Forms about people: what role over what and until when; whom to invite (V8)."""

import datetime as dt

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from abonent.access.codes import Kind
from abonent.access.credentials import normalise
from abonent.access.giving import MAX_TARGETS, givable, givable_reaches
from abonent.access.grants import Grant
from abonent.access.inviting import Guest
from abonent.access.models import Role, Seat
from abonent.clients.models import Account
from abonent.hierarchy.paths import Paths
from abonent.lib.periods import midnight
from abonent.profile import current
from abonent.subscribers.models import Subscriber

Reach = Seat.Reach
# Of more folders than these a list to tick is no help: their paths are typed.
MOST_TICKED = 100
DAY = dt.timedelta(days=1)
MISSING = {
    Reach.ACCOUNTS: ("accounts", gettext_lazy("Choose at least one account.")),
    Reach.FOLDERS: ("folders", gettext_lazy("Choose at least one folder.")),
    Reach.SUBSCRIBERS: ("numbers", gettext_lazy("Write at least one number.")),
}


def _date(label: object, hint: object) -> forms.DateField:
    return forms.DateField(
        label=str(label), required=False, help_text=str(hint), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class TermForm(forms.Form):
    """From which day on, and to which (both inclusive), in the operator's zone."""

    def __init__(self, data: object = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]  # passed on as they came
        at_once = _("From now on, where this is empty.")
        for_good = _("The last day. Without an end, where this is empty.")
        # Translators: «С»
        self.fields["first"] = _date(_("From"), at_once)
        # Translators: «По»
        self.fields["last"] = _date(_("To"), for_good)

    @property
    def since(self) -> dt.datetime | None:
        day = self.cleaned_data["first"]
        return midnight(day, current().zone) if day else None

    @property
    def until(self) -> dt.datetime | None:
        day = self.cleaned_data["last"]
        return midnight(day + DAY, current().zone) if day else None

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
            self.add_error("last", _("The last day is before the first."))
        return cleaned


class GrantForm(TermForm):
    """A role that the giver may give, over what the giver reaches."""

    role: "forms.ModelChoiceField[Role]" = forms.ModelChoiceField(
        label=gettext_lazy("Role"),
        queryset=None,
        empty_label=None,
        error_messages={"required": gettext_lazy("Choose a role."), "invalid_choice": gettext_lazy("Choose a role.")},
    )
    reach = forms.ChoiceField(
        label=gettext_lazy("Over what"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose over what."), "invalid_choice": gettext_lazy("Choose one.")},
    )
    # By text, so that an id that no row can have never comes to the database.
    accounts = forms.MultipleChoiceField(
        label=gettext_lazy("Accounts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    numbers = forms.CharField(
        label=gettext_lazy("Numbers"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("One a line, or separated by “;”."),
    )
    field_order: tuple[str, ...] = ("role", "reach", "accounts", "folders", "numbers", "first", "last")

    def __init__(self, giver: Seat, data: object = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial)
        self.giver = giver
        reach, role, accounts = self.fields["reach"], self.fields["role"], self.fields["accounts"]
        if isinstance(reach, forms.ChoiceField):
            reach.choices = [(found.value, found.label) for found in givable_reaches(giver)]
            # The narrowest: whoever gives more has chosen to.
            reach.initial = reach.choices[-1][0]
        if isinstance(role, forms.ModelChoiceField):
            role.queryset = Role.objects.within(giver).filter(pk__in=[found.pk for found in givable(giver)])
        if isinstance(accounts, forms.MultipleChoiceField):
            accounts.choices = [(str(one.pk), one.number) for one in Account.objects.within(giver)]
        known = Paths.of(giver)
        self.paths = {known.path(pk): pk for pk in known.folders}
        self._add_folders()
        self.order_fields(self.field_order)

    def _add_folders(self) -> None:
        label = _("Folders")
        if len(self.paths) <= MOST_TICKED:
            choices = [(str(pk), path) for path, pk in sorted(self.paths.items())]
            widget = forms.CheckboxSelectMultiple
            self.fields["folders"] = forms.MultipleChoiceField(
                label=label, required=False, choices=choices, widget=widget
            )
            return
        hint = _("One a line, with what is above: “Sales / Minsk”.")
        self.fields["folders"] = forms.CharField(
            label=label, required=False, max_length=20_000, widget=forms.Textarea({"rows": 3}), help_text=hint
        )

    def clean_folders(self) -> list[int]:
        """Ids; a path that is none is said by its text."""
        given = self.cleaned_data["folders"]
        if isinstance(given, list):
            return [int(pk) for pk in given]
        lines = [" / ".join(part.strip() for part in line.split("/")) for line in given.splitlines() if line.strip()]
        unknown = [line for line in lines if line not in self.paths]
        if unknown:
            raise forms.ValidationError(_("There is no folder “%(path)s”.") % {"path": unknown[0]})
        return [self.paths[line] for line in lines]

    def clean_numbers(self) -> list[int]:
        """Ids of the giver's subscribers; the first number that is none of them is said."""
        typed = [text.strip() for text in self.cleaned_data["numbers"].replace(";", "\n").splitlines() if text.strip()]
        if len(typed) > MAX_TARGETS:
            text = ngettext("At most %(count)d number.", "At most %(count)d numbers.", MAX_TARGETS)
            raise forms.ValidationError(text % {"count": MAX_TARGETS})
        wanted = {current().numbers.clean(text) or text: text for text in typed}
        held = Subscriber.objects.within(self.giver).exclude(status=Subscriber.Status.TERMINATED)
        known = dict(held.filter(number__in=wanted).values_list("number", "pk"))
        missing = [text for number, text in wanted.items() if number not in known]
        if missing:
            raise forms.ValidationError(_("There is no number %(number)s here.") % {"number": missing[0]})
        return list(known.values())

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        reach = cleaned.get("reach")
        if reach in MISSING:
            name, text = MISSING[Reach(str(reach))]
            if name not in self.errors and not cleaned.get(name):
                self.add_error(name, str(text))
        return cleaned

    @property
    def grant(self) -> Grant:
        data, reach = self.cleaned_data, Reach(self.cleaned_data["reach"])
        targets: dict[Reach, list[int]] = {
            Reach.CLIENT: [],
            Reach.ACCOUNTS: [int(pk) for pk in data["accounts"]],
            Reach.FOLDERS: data["folders"],
            Reach.SUBSCRIBERS: data["numbers"],
        }
        return Grant(data["role"], reach, tuple(targets[reach]), self.since, self.until)


class InviteForm(GrantForm):
    """Whom: a name, and a number or an address."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        error_messages={"required": gettext_lazy("Write the name.")},
    )
    to = forms.CharField(
        label=gettext_lazy("E-mail address or phone number"),
        max_length=254,
        help_text=gettext_lazy("The invitation goes there, and the person will log in by it."),
        error_messages={"required": gettext_lazy("Write an address or a number.")},
    )
    field_order = ("name", "to", *GrantForm.field_order)

    def clean_to(self) -> Guest:
        typed = self.cleaned_data["to"]
        kind = Kind.EMAIL if "@" in typed else Kind.PHONE
        value = normalise(kind, typed)
        if value is None:
            raise forms.ValidationError(
                _("This is not an e-mail address.")
                if kind == Kind.EMAIL
                else _("This is not a phone number of this operator.")
            )
        return Guest(kind, value, self.cleaned_data.get("name", ""))
