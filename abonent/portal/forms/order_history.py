"""What the history of orders is narrowed to (S15.6, L12)."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.lib.periods import midnight
from abonent.orders.listing import NAMES, Wanted
from abonent.orders.models import Order
from abonent.portal.forms.planning import DAYS
from abonent.profile import current as current_profile

MAX_QUERY = 100


class OrdersForm(forms.Form):
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
    # Translators: «Действие»
    action = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    # Translators: «Заявка от»
    person = forms.ChoiceField(label=gettext_lazy("Order from"), required=False)
    q = forms.CharField(
        label=gettext_lazy("Order, number or name"),
        required=False,
        max_length=MAX_QUERY,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, data: QueryDict, people: Sequence[str], states: Sequence[str]) -> None:
        super().__init__(data)
        labels = {state.value: state.label for state in Order.State if state in states}
        self._offer("action", [("", _("Any action")), *NAMES.items()])
        self._offer("state", [("", _("Any state")), *labels.items()])
        self._offer("person", [("", _("Everybody")), *((label, label) for label in people)])

    def _offer(self, name: str, choices: Sequence[tuple[str, object]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(value, str(label)) for value, label in choices]

    def clean_q(self) -> str:
        return " ".join(str(self.cleaned_data["q"]).replace("\0", "").split())

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The period ends before it begins."))

    @property
    def wanted(self) -> Wanted:
        """What is asked for, of the fields that are right."""
        self.is_valid()
        found, zone = self.cleaned_data, current_profile().zone
        since, until = found.get("since"), found.get("until")
        return Wanted(
            action=found.get("action", ""),
            state=found.get("state", ""),
            person=found.get("person", ""),
            text=found.get("q", ""),
            since=midnight(since, zone) if since else None,
            until=midnight(until + dt.timedelta(days=1), zone) if until else None,
        )
