"""«Детализация на Email», the first step: when, which way, how, and whose (S5, P2, V5)."""

import datetime as dt

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from abonent.access.models import Seat
from abonent.documents.call_params import CallParams, Directions
from abonent.documents.kinds import KINDS
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.portal.forms.chosen import ChosenForm
from abonent.portal.forms.documents import Data, Files, Initial, Source, months_back, present
from abonent.profile import current as current_profile

_MONTH, _DAYS = "month", "days"


class CallDetailsForm(ChosenForm):
    """«Детализация на Email», the first step: when, which way, how, and whose."""

    kind = KINDS["call_details"]
    period = forms.ChoiceField(
        label=gettext_lazy("Period"),
        widget=forms.RadioSelect,
        initial=_MONTH,
        choices=[
            (_MONTH, gettext_lazy("A month")),
            # Translators: «Период с … по …»
            (_DAYS, gettext_lazy("From day to day")),
        ],
    )
    month = forms.ChoiceField(label=gettext_lazy("Month"), error_messages={"required": gettext_lazy("Choose a month.")})
    first = forms.DateField(
        # Translators: «С»
        label=gettext_lazy("From"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day.")},
    )
    last = forms.DateField(
        # Translators: «По»
        label=gettext_lazy("To"),
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Choose a day.")},
    )
    directions = forms.ChoiceField(
        # Translators: «Тип детализации»
        label=gettext_lazy("Type of call details"),
        choices=Directions.choices,
        initial=Directions.BOTH,
        widget=forms.RadioSelect,
    )
    field_order = (
        *("account", "period", "month", "first", "last", "directions"),
        *("source", "typed", "file", "format", "language", "by"),
    )

    def __init__(self, seat: Seat, data: Data = None, files: Files = None, initial: Initial = None) -> None:
        super().__init__(seat, data, files, initial)
        month = self.fields["month"]
        if isinstance(month, forms.ChoiceField):
            month.choices = months_back(present(), current_profile().documents.call_details_months)

    def needed(self, data: QueryDict) -> dict[str, bool]:
        by_day = data.get("period") == _DAYS
        return super().needed(data) | {
            "account": data.get("source") != Source.SELECTION,
            "month": not by_day,
            "first": by_day,
            "last": by_day,
        }

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """Both inclusive; the present month ends today."""
        data = self.cleaned_data
        if data["period"] == _DAYS:
            return data["first"], data["last"]
        month = Month.parse(data["month"])
        today = clock.today(current_profile().zone)
        return month.first_day, min(month.last_day, today)

    def asked(self, subscribers: tuple[int, ...] | None) -> CallParams:
        first, last = self.days
        return CallParams(first, last, Directions(self.cleaned_data["directions"]), subscribers)
