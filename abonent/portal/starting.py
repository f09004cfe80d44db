"""What can be begun for the numbers of the current selection: every order, every document (V2, V4, V5)."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.portal.ordering import begin_url, screens_for


@dataclass(frozen=True, slots=True)
class Start:
    """A screen that takes the current selection as its numbers; `rights` are all those that it takes."""

    label: Promise
    page: str
    query: dict[str, str]
    rights: frozenset[Right]

    @property
    def url(self) -> str:
        return f"{reverse(self.page)}?{urlencode(self.query)}"


DOCUMENTS: tuple[Start, ...] = (
    Start(
        # Translators: «Детализация разговоров»
        _("Call details"),
        "call_details",
        {"source": "selection"},
        frozenset({Right.ORDER_DOCUMENTS, Right.SEE_CALLS}),
    ),
    Start(
        # Translators: «Сформированные счета закрытых расчётных периодов»
        _("Formed invoices of closed periods"),
        "invoice_order",
        {"source": "selection"},
        frozenset({Right.ORDER_DOCUMENTS, Right.SEE_FINANCE}),
    ),
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


def documents_for(seat: Seat) -> list[Start]:
    """The documents that a seat may order: for one that sees no account as a whole, those by number."""
    allowed = [start for start in DOCUMENTS if start.rights <= seat.rights]
    return [start for start in allowed if not (seat.is_narrow and Right.SEE_FINANCE in start.rights)]
