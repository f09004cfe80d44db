"""What the page of payments is narrowed to (S4)."""

import datetime as dt
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.clients.models import Account
from abonent.documents.payments import Wanted
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.portal.forms.planning import DAYS
from abonent.profile import current as current_profile
from abonent.profile.calendar import may_see_payments

MAX_QUERY = 100


class PaymentsForm(forms.Form):
    """Kept in the address; what cannot be a filter is said at its field, and the rest holds."""

    first = forms.DateField(
        # Translators: «С»
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        validators=DAYS,
    )
    last = forms.DateField(
        # Translators: «По»
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        validators=DAYS,
    )
    account = forms.ChoiceField(label=gettext_lazy("Account"), required=False)
    least = forms.DecimalField(
        label=gettext_lazy("Amount from"), max_digits=12, decimal_places=2, min_value=0, required=False, localize=True
    )
    most = forms.DecimalField(
        label=gettext_lazy("Amount to"), max_digits=12, decimal_places=2, min_value=0, required=False, localize=True
    )
    q = forms.CharField(
        label=gettext_lazy("Payer or reference"),
        required=False,
        max_length=MAX_QUERY,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, query: QueryDict, accounts: Sequence[Account]) -> None:
        """Begin with the days of `?months=` where the address names none."""
        days = _days(_months(query.get("months", "")))
        given = query.copy()
        for name, day in zip(("first", "last"), days, strict=True):
            given.setdefault(name, day.isoformat())
        super().__init__(given)
        self.usual = days
        self.months = 0 if "first" in query or "last" in query else _months(query.get("months", ""))
        account = self.fields["account"]
        if isinstance(account, forms.ChoiceField):
            account.choices = [("", _("All accounts")), *((str(one.pk), one.number) for one in accounts)]
        if len(accounts) < 2:  # noqa: PLR2004  # one is no choice
            del self.fields["account"]

    def clean_q(self) -> str:
        return " ".join(str(self.cleaned_data["q"]).replace("\0", "").split())

    def clean(self) -> None:
        """A period outside is no filter: why is said at its end, and the usual one is shown."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last:
            answer = may_see_payments(current_profile(), clock.now(), first, last)
            if not answer:
                self.add_error("last", answer.reason)
        least, most = self.cleaned_data.get("least"), self.cleaned_data.get("most")
        if least is not None and most is not None and least > most:
            self.add_error("most", _("This is less than the amount from which it is looked for."))

    @property
    def wanted(self) -> Wanted:
        """What is asked for, of the fields that are right."""
        self.is_valid()
        found = self.cleaned_data
        right = {"first", "last"}.isdisjoint(self.errors) and found.get("first") and found.get("last")
        first, last = (found["first"], found["last"]) if right else self.usual
        return Wanted(
            first,
            last,
            int(found.get("account") or 0),
            found.get("q", ""),
            found.get("least"),
            found.get("most"),
        )

    @property
    def narrows(self) -> bool:
        """Whether more is asked for than a period."""
        wanted = self.wanted
        return bool(wanted.account or wanted.text or wanted.least is not None or wanted.most is not None)


def _months(text: str) -> int:
    """How many months back, this one included; this month alone where the address says nothing sensible."""
    longest = current_profile().documents.payments_months
    months = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(longest)) else 0
    return months if 0 < months <= longest else 1


def _days(months: int) -> tuple[dt.date, dt.date]:
    today = clock.today(current_profile().zone)
    return Month.of(today).plus(1 - months).first_day, today
