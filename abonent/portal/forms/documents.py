"""Ordering documents: which account, which period, in what format, to where (S2, S5, V4, V5)."""

import datetime as dt
from collections.abc import Mapping
from typing import TypeAlias

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.clients.models import Account, AccountQuerySet
from abonent.documents.call_params import CallParams, Directions
from abonent.documents.document import Kind
from abonent.documents.kinds import KINDS
from abonent.documents.numbers import Judged
from abonent.documents.ordering import By, Wish, accounts_for
from abonent.documents.texts import month_name
from abonent.formats.workbook import WorkbookRefused, read_column
from abonent.formats.writers import WRITERS
from abonent.hierarchy import selection
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.portal.selected import SELECTION
from abonent.profile import current as current_profile

Data = QueryDict | None
Files: TypeAlias = "MultiValueDict[str, UploadedFile[bytes]] | None"
Initial = Mapping[str, object] | None

_LANGUAGES = [("ru", "Русский"), ("be", "Беларуская"), ("en", "English")]
_MONTH, _DAYS = "month", "days"


class Source(models.TextChoices):
    """Whence the subscribers come."""

    ALL = "all", gettext_lazy("All subscribers of the account")
    # Translators: «Выбрать из списка»
    LIST = "list", gettext_lazy("Choose from the list")
    # Translators: «Ввести свой список абонентов»
    TYPED = "typed", gettext_lazy("Type a list of subscribers")
    # Translators: «Загрузить файл»
    FILE = "file", gettext_lazy("Upload a file")
    # Translators: «Текущая выборка»
    SELECTION = SELECTION, gettext_lazy("Current selection")


def _present() -> Month:
    return Month.at(clock.now(), current_profile().zone)


def _months(first: Month, count: int) -> list[tuple[str, str]]:
    """`count` months back from `first`, by name."""
    return [(str(first.plus(-back)), month_name(first.plus(-back))) for back in range(count)]


class OrderForm(forms.Form):
    """What every order of a document asks."""

    kind: Kind
    account = forms.ModelChoiceField(AccountQuerySet(Account).none(), label=gettext_lazy("Account"), empty_label=None)
    # Translators: «Формат данных»
    format = forms.ChoiceField(label=gettext_lazy("Data format"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the document"), choices=_LANGUAGES)
    # Translators: «Отправить на»
    by = forms.ChoiceField(label=gettext_lazy("Send to"), choices=By.choices, widget=forms.RadioSelect)

    def __init__(self, seat: Seat, data: Data = None, files: Files = None, initial: Initial = None) -> None:
        super().__init__(data, files, initial=dict(initial or {}))
        self.seat = seat
        account, chosen, by = self.fields["account"], self.fields["format"], self.fields["by"]
        if not (
            isinstance(account, forms.ModelChoiceField)
            and isinstance(chosen, forms.ChoiceField)
            and isinstance(by, forms.ChoiceField)
        ):
            raise TypeError("the fields of an order are choices")
        account.queryset = accounts_for(self.kind, seat)
        # One is no choice; a seat with whole accounts has read them already, for the top line.
        known = list(account.queryset) if seat.is_narrow else seat.accounts
        if len(known) == 1:
            account.initial, account.widget = known[0].pk, forms.HiddenInput()
        chosen.choices = [(key, WRITERS[key].label) for key in self.kind.formats]
        # The address of an account is not for who sees single numbers of it.
        mail = [] if seat.is_narrow else [(By.EMAIL.value, _("The e-mail address for invoices"))]
        by.choices = [*mail, (By.LINK.value, _("A link on the page “Documents”"))]
        by.initial = By.LINK if seat.is_narrow else By.EMAIL
        self.fields["language"].initial = (get_language() or "en")[:2]

    def offer_each(self, count: int) -> None:
        """Where the selection spans several accounts, let one choose all of them: a document for each."""
        account = self.fields["account"]
        if count > 1 and isinstance(account, forms.ModelChoiceField):
            text = ngettext("Each of %(n)d account of the selection", "Each of %(n)d accounts of the selection", count)
            account.empty_label = text % {"n": count}

    @property
    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(data["format"], data["language"], By(data["by"]))


class InvoiceForm(OrderForm):
    """«Заказать счет на E-mail»: the month, and how; begun from the current selection, for each of its accounts."""

    kind = KINDS["invoice"]
    # Translators: «Период»
    month = forms.ChoiceField(label=gettext_lazy("Period"))
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("account", "month", "format", "language", "by")

    def __init__(self, seat: Seat, data: Data = None, files: Files = None, initial: Initial = None) -> None:
        super().__init__(seat, data, files, initial)
        month = self.fields["month"]
        if isinstance(month, forms.ChoiceField):
            month.choices = _months(_present().plus(-1), current_profile().documents.invoice_history_months)
        asked = self.initial if data is None else data
        self.of_selection = asked.get("source") == Source.SELECTION
        if self.of_selection:
            self._only_selected(seat)

    def _only_selected(self, seat: Seat) -> None:
        account = self.fields["account"]
        if isinstance(account, forms.ModelChoiceField):
            found = [one.pk for one, _count in selection.summary(seat).accounts]
            account.queryset = Account.objects.within(seat).filter(pk__in=found)
            account.required = False
            self.offer_each(len(found))

    @property
    def accounts(self) -> list[Account]:
        """Those whose invoice is wanted: the one chosen, or each account of the selection."""
        one = self.cleaned_data["account"]
        return [one] if one is not None else list(self._known())

    def clean_account(self) -> Account | None:
        one: Account | None = self.cleaned_data["account"]
        if one is None and not self._known():
            raise forms.ValidationError(_("The current selection is empty."))
        return one

    def _known(self) -> AccountQuerySet:
        account = self.fields["account"]
        if isinstance(account, forms.ModelChoiceField) and isinstance(account.queryset, AccountQuerySet):
            return account.queryset
        return AccountQuerySet(Account).none()


class CallDetailsForm(OrderForm):
    """«Детализация на Email», the first step: when, which way, how, and whose."""

    kind = KINDS["call_details"]
    judged: Judged | None = None
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
    source = forms.ChoiceField(
        label=gettext_lazy("Subscribers"),
        initial=Source.ALL,
        widget=forms.RadioSelect,
        choices=Source.choices,
    )
    typed = forms.CharField(
        label=gettext_lazy("Numbers"),
        widget=forms.Textarea({"rows": 3}),
        max_length=2_000_000,
        error_messages={"required": gettext_lazy("There is no number in the list.")},
    )
    file = forms.FileField(
        label=gettext_lazy("Excel file"),
        help_text=gettext_lazy("Numbers in one column, nothing else."),
        error_messages={"required": gettext_lazy("There is no number in the list.")},
    )
    field_order = (
        *("account", "period", "month", "first", "last", "directions"),
        *("source", "typed", "file", "format", "language", "by"),
    )

    def __init__(self, seat: Seat, data: Data = None, files: Files = None, initial: Initial = None) -> None:
        super().__init__(seat, data, files, initial)
        here = current_profile()
        month, typed = self.fields["month"], self.fields["typed"]
        if isinstance(month, forms.ChoiceField):
            month.choices = _months(_present(), here.documents.call_details_months)
        example = here.numbers.country_code + "x" * (here.numbers.length - len(here.numbers.country_code))
        # Translators: «В данном поле необходимо ввести номера абонентов через разделитель «;», например %(example)s»
        typed.help_text = _("Separate the numbers by “;”, for example %(example)s") % {
            "example": f"{example};{example}"
        }
        source = self.fields["source"]
        if seat.is_narrow and isinstance(source, forms.ChoiceField):
            source.choices = [(Source.ALL.value, _("All your numbers")), *Source.choices[1:]]
        if data is not None:
            self._require(data)

    def _require(self, data: QueryDict) -> None:
        """Only what goes with the choices made has to be there; a file comes with the first step alone."""
        by_day, source = data.get("period") == _DAYS, data.get("source")
        first_step = data.get("step") not in {"pick", "order"}
        needed = {
            "account": source != Source.SELECTION,
            "month": not by_day,
            "first": by_day,
            "last": by_day,
            "typed": source == Source.TYPED and first_step,
            "file": source == Source.FILE and first_step,
        }
        for name, required in needed.items():
            self.fields[name].required = required

    def clean_file(self) -> list[tuple[int, str]]:
        """The rows of the file: its first column, and a refusal for anything beside it."""
        upload = self.cleaned_data["file"]
        return _column(upload) if upload else []

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


def _column(upload: "UploadedFile[bytes]") -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = []
    try:
        for row, cells in read_column(upload.read()):
            if len(cells) > 1:
                raise forms.ValidationError(
                    _("Row %(row)d has more than one column. Keep the numbers in one column.") % {"row": row}
                )
            rows.append((row, cells[0][1]))
    except WorkbookRefused as refused:
        raise forms.ValidationError(refused.message()) from refused
    return rows
