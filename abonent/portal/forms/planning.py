"""When an order is to be done: at once, or on a day to come (S17)."""

import datetime as dt

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.lib.periods import midnight
from abonent.orders.models import Order
from abonent.profile import current
from abonent.profile.calendar import Answer

# Beyond them a day has no moment of beginning in every zone.
DAYS = [MinValueValidator(dt.date(1900, 1, 1)), MaxValueValidator(dt.date(2999, 12, 31))]


class PlanForm(forms.Form):
    """`due` is the beginning of the day that was chosen, in the operator's zone; no day is at once."""

    day = forms.DateField(label=gettext_lazy("Day"), required=False, validators=DAYS)

    @property
    def due(self) -> dt.datetime | None:
        chosen = self.cleaned_data.get("day")
        return midnight(chosen, current().zone) if chosen else None


def day_of(order: Order) -> dt.date | None:
    """The day that it is planned for; none is at once."""
    return order.starts.astimezone(current().zone).date() if order.starts else None


def closed_words(answer: Answer) -> str:
    """Why it cannot be done then, and from when it can."""
    if answer.possible_from is None:
        return answer.reason
    possible = answer.possible_from.astimezone(current().zone)
    return _("%(why)s It is possible from %(day)s.") % {"why": answer.reason, "day": f"{possible:%d.%m.%Y}"}


def closed_day(answer: Answer) -> str:
    """The first open day, as the form takes it; empty where there is none."""
    return answer.possible_from.astimezone(current().zone).date().isoformat() if answer.possible_from else ""
