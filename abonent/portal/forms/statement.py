"""Documents of an account, or of each of them: «Акт сверки», payment history, list of subscribers (S4, S6, S7)."""

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from abonent.access.models import Seat
from abonent.clients.models import Account, AccountQuerySet
from abonent.documents.document import Params
from abonent.documents.kinds import KINDS
from abonent.documents.ordering import accounts_for
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.portal.forms.documents import Data, Initial, OrderForm
from abonent.profile import current as current_profile


class EachAccountForm(OrderForm):
    """An account, or each of them: all or none is ordered (`each_account`)."""

    def __init__(self, seat: Seat, data: Data = None, initial: Initial = None) -> None:
        super().__init__(seat, data, None, initial)
        account, known = self.fields["account"], len(seat.accounts)
        if known > 1 and isinstance(account, forms.ModelChoiceField):
            account.required = False
            account.empty_label = self.of_each(known)

    def of_each(self, count: int) -> str:
        """What the choice of all the accounts is called."""
        return ngettext("For each of %(n)d account", "For each of %(n)d accounts", count) % {"n": count}

    @property
    def accounts(self) -> AccountQuerySet:
        """The one that was chosen, or each that the seat may order for."""
        one: Account | None = self.cleaned_data["account"]
        known = accounts_for(self.kind, self.seat).select_related("contract")
        return known if one is None else known.filter(pk=one.pk)

    @property
    def params(self) -> Params:
        return {}


class DaysForm(EachAccountForm):
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
    field_order = ("account", "first", "last", "format", "language", "by")

    def __init__(self, seat: Seat, data: Data = None, initial: Initial = None) -> None:
        today = clock.today(current_profile().zone)
        super().__init__(seat, data, {"first": Month.of(today).plus(-1).first_day, "last": today, **(initial or {})})

    @property
    def params(self) -> Params:
        return {"first": self.cleaned_data["first"].isoformat(), "last": self.cleaned_data["last"].isoformat()}


class StatementForm(DaysForm):
    kind = KINDS["reconciliation"]

    def of_each(self, count: int) -> str:
        text = ngettext("A statement for each of %(n)d account", "A statement for each of %(n)d accounts", count)
        return text % {"n": count}


class PaymentHistoryForm(DaysForm):
    kind = KINDS["payments"]


class SubscriberListForm(EachAccountForm):
    kind = KINDS["subscriber_list"]
