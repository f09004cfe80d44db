"""Ordering documents: which account, which period, in what format, to where (S2, S5, V4, V5)."""

from collections.abc import Mapping
from typing import TypeAlias

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from abonent.access.models import ProvenAddress, Seat
from abonent.clients.addresses import LONGEST, why_not
from abonent.clients.models import Account, AccountQuerySet
from abonent.documents.document import Kind
from abonent.documents.kinds import KINDS
from abonent.documents.ordering import By, Wish, accounts_for, address_now
from abonent.documents.texts import month_name
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
OTHER = "other"
_OTHER = (OTHER, gettext_lazy("Another e-mail address"))


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


def present() -> Month:
    return Month.at(clock.now(), current_profile().zone)


def months_back(first: Month, count: int) -> list[tuple[str, str]]:
    """`count` months back from `first`, by name."""
    return [(str(first.plus(-back)), month_name(first.plus(-back))) for back in range(count)]


def _hint(seat: Seat) -> str:
    """Which other addresses take no code any more."""
    known = ", ".join(str(address) for address in ProvenAddress.objects.within(seat)[:5])
    once = _("The first time, a code is sent there.")
    return " ".join([once, _("Confirmed already: %(addresses)s.") % {"addresses": known}]) if known else once


class OrderForm(forms.Form):
    """What every order of a document asks."""

    # What is required depends on what else is chosen, and may be out of sight.
    use_required_attribute = False
    kind: Kind
    account = forms.ModelChoiceField(AccountQuerySet(Account).none(), label=gettext_lazy("Account"), empty_label=None)
    # Translators: «Формат данных»
    format = forms.ChoiceField(label=gettext_lazy("Data format"))
    language = forms.ChoiceField(label=gettext_lazy("Language of the document"), choices=_LANGUAGES)
    # Translators: «Отправить на»
    by = forms.ChoiceField(label=gettext_lazy("Send to"), choices=By.choices, widget=forms.RadioSelect)
    other = forms.CharField(
        label=gettext_lazy("Another e-mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Write the address.")},
    )

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
        mail = [] if seat.is_narrow else [(By.EMAIL.value, _("The e-mail address for invoices")), _OTHER]
        by.choices = [*mail, (By.LINK.value, _("A link on the page “Documents”"))]
        by.initial = By.LINK if seat.is_narrow else By.EMAIL
        if seat.is_narrow:
            del self.fields["other"]
        else:
            self.fields["other"].help_text = _hint(seat)
            self.fields["other"].required = data is None or data.get("by") == OTHER
        self.fields["language"].initial = (get_language() or "en")[:2]

    def offer_each(self, count: int) -> None:
        """Where the selection spans several accounts, let one choose all of them: a document for each."""
        account = self.fields["account"]
        if count > 1 and isinstance(account, forms.ModelChoiceField):
            text = ngettext("Each of %(n)d account of the selection", "Each of %(n)d accounts of the selection", count)
            account.empty_label = text % {"n": count}

    def clean(self) -> dict[str, object]:
        """Another address, where one is chosen, is one; whether it is proven is asked when the order is placed."""
        cleaned = super().clean() or {}
        if cleaned.get("by") == OTHER and "other" not in self.errors:
            cleaned["other"] = address = str(cleaned["other"]).lower()
            if reason := why_not(address):
                self.add_error("other", reason)
        return cleaned

    @property
    def other_address(self) -> str:
        """The address that was given instead of the account's own; empty where none was."""
        return str(self.cleaned_data["other"]) if self.cleaned_data["by"] == OTHER else ""

    @property
    def by_mail(self) -> bool:
        return bool(self.cleaned_data["by"] != By.LINK)

    def goes_to(self, account: Account) -> str:
        """Where a letter about `account` will go; empty for a link, or where its documents are collected in person."""
        if not self.by_mail:
            return ""
        return self.other_address or address_now(account)

    @property
    def wish(self) -> Wish:
        data = self.cleaned_data
        by = By.EMAIL if self.by_mail else By.LINK
        return Wish(data["format"], data["language"], by, self.other_address)


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
            month.choices = months_back(present().plus(-1), current_profile().documents.invoice_history_months)
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


class InvoiceLinkForm(OrderForm):
    """«Загрузить счет по ссылке»: of which account and month (L4)."""

    kind = KINDS["invoice"]
    # Translators: «Период»
    month = forms.ChoiceField(label=gettext_lazy("Period"))
    field_order = ("account", "month", "format", "language", "by")

    def __init__(self, seat: Seat, data: Data = None, initial: Initial = None) -> None:
        super().__init__(seat, data, None, {**(initial or {}), "by": By.LINK})
        month, by = self.fields["month"], self.fields["by"]
        if isinstance(month, forms.ChoiceField) and isinstance(by, forms.ChoiceField):
            month.choices = months_back(present().plus(-1), current_profile().documents.invoice_link_months)
            by.choices, by.widget = [(By.LINK.value, By.LINK.label)], forms.HiddenInput()
        self.fields.pop("other", None)
