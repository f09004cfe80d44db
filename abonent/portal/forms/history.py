"""What the history of actions is narrowed to (V6)."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.documents.history import Wanted
from abonent.documents.journal_words import KINDS
from abonent.lib.periods import midnight
from abonent.portal.forms.planning import DAYS
from abonent.profile import current as current_profile

REFUSED = "refused"
MAX_QUERY = 100


class HistoryForm(forms.Form):
    """Kept in the address; what cannot be a filter is said at its field, and the rest holds."""

    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=DAYS,
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=DAYS,
    )
    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of action"), required=False)
    number = forms.CharField(
        label=gettext_lazy("Subscriber's number"),
        required=False,
        max_length=MAX_QUERY,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, data: QueryDict, people: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        person, kind = self.fields["person"], self.fields["kind"]
        if not (isinstance(person, forms.ChoiceField) and isinstance(kind, forms.ChoiceField)):
            raise TypeError("the fields of the filter are choices")
        person.choices = [("", _("Everybody")), *people]
        kind.choices = [("", _("Everything")), *((kind.key, kind.label) for kind in KINDS), (REFUSED, _("Refused"))]
        if not people:
            del self.fields["person"]

    def clean_number(self) -> str:
        """The number as it is stored; one that nobody can have finds nothing."""
        typed = str(self.cleaned_data["number"]).strip()
        return (current_profile().numbers.clean(typed) or typed).replace("\0", "")

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The period ends before it begins."))

    @property
    def wanted(self) -> Wanted:
        """What is asked for, of the fields that are right."""
        self.is_valid()
        found, zone = self.cleaned_data, current_profile().zone
        since, until, kind = found.get("since"), found.get("until"), found.get("kind", "")
        return Wanted(
            since=midnight(since, zone) if since else None,
            until=midnight(until + dt.timedelta(days=1), zone) if until else None,
            person=found.get("person", ""),
            number=found.get("number", ""),
            kind="" if kind == REFUSED else kind,
            refused=kind == REFUSED,
        )
