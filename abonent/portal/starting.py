"""What can be begun for the numbers of the current selection: every order, every document (V2, V4, V5)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.portal.ordering import begin_url, screens_for

_FINANCE = frozenset({Right.ORDER_DOCUMENTS, Right.SEE_FINANCE})


@dataclass(frozen=True, slots=True)
class Start:
    """A screen on which a document is ordered; `rights` are all those that it takes.

    One that `selects` can begin with the current selection; one `by_number` is for a seat that sees single numbers too.
    """

    label: Promise
    page: str
    rights: frozenset[Right] = _FINANCE
    selects: bool = False
    by_number: bool = False

    @property
    def url(self) -> str:
        return reverse(self.page)

    def is_for(self, seat: Seat) -> bool:
        return self.rights <= seat.rights and (self.by_number or not seat.is_narrow)


DOCUMENTS: tuple[Start, ...] = (
    Start(
        # Translators: «Детализация разговоров»
        _("Call details"),
        "call_details",
        frozenset({Right.ORDER_DOCUMENTS, Right.SEE_CALLS}),
        selects=True,
        by_number=True,
    ),
    # Translators: «Сформированные счета закрытых расчётных периодов»
    Start(_("Formed invoices of closed periods"), "invoice_order", selects=True),
    # Translators: «Загрузить счет по ссылке»
    Start(_("Load an invoice by link"), "invoice_link"),
    # Translators: «Начисления за текущий период»
    Start(_("Charges of the current period"), "current_charges", selects=True, by_number=True),
    # Translators: «Акт сверки»
    Start(_("Reconciliation statement"), "reconciliation"),
    Start(_("Payment history"), "payments_order"),
    Start(_("List of subscribers"), "subscribers_order", frozenset({Right.ORDER_DOCUMENTS, Right.SEE_SUBSCRIBERS})),
)


@dataclass(frozen=True, slots=True)
class Begin:
    """Where an order is begun for numbers chosen already."""

    label: Promise
    url: str
    main: bool = False


def orders_for(seat: Seat, **query: str | int) -> list[Begin]:
    """The orders that a seat may begin; `query` goes into their addresses (`by="selection"`, `for` of one number)."""
    deeds = [deed for screen in screens_for(seat) for deed in screen.deeds]
    return [Begin(deed.begin, begin_url(deed.action, **query)) for deed in deeds]


def documents_for(seat: Seat) -> list[Begin]:
    """The documents that a seat may order of the current selection."""
    asked = urlencode({"source": "selection"})
    return [Begin(one.label, f"{one.url}?{asked}") for one in DOCUMENTS if one.selects and one.is_for(seat)]


def orderable(seat: Seat) -> list[Begin]:
    """Every document that a seat may order."""
    return [Begin(one.label, one.url) for one in DOCUMENTS if one.is_for(seat)]
