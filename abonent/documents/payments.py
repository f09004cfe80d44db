"""Payment history: what reached the operator in some days, on a page, as a file, as an ordered document (S4, L2)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from abonent.access.rights import Right
from abonent.billing.models import Payment
from abonent.clients.models import Account
from abonent.documents.document import Document, Kind, Ordered, Params
from abonent.documents.texts import days
from abonent.formats.report import Column, Fact, Report, Row, Section
from abonent.formats.report import Kind as Cells
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import midnight
from abonent.lib.search import search_key
from abonent.profile import current as current_profile
from abonent.profile.calendar import Answer, may_see_payments

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Days `first` to `last`, both inclusive; `text` is looked for in payer and reference, amounts are bounds."""

    first: dt.date
    last: dt.date
    account: int = 0
    text: str = ""
    least: Decimal | None = None
    most: Decimal | None = None

    @classmethod
    def read(cls, params: Params) -> "Wanted":
        """From what a request keeps: the days alone."""
        return cls(dt.date.fromisoformat(str(params["first"])), dt.date.fromisoformat(str(params["last"])))


def narrowed(payments: "QuerySet[Payment]", wanted: Wanted) -> "QuerySet[Payment]":
    """Those of `payments` that are wanted, the latest first; a day is the operator's."""
    zone = current_profile().zone
    start, end = midnight(wanted.first, zone), midnight(wanted.last + dt.timedelta(days=1), zone)
    found = payments.filter(received_at__gte=start, received_at__lt=end).select_related("account")
    if wanted.account:
        found = found.filter(account=wanted.account)
    if wanted.least is not None:
        found = found.filter(amount__gte=wanted.least)
    if wanted.most is not None:
        found = found.filter(amount__lte=wanted.most)
    return found.filter(pk__in=_with(found, wanted.text)) if wanted.text else found


def _with(payments: "QuerySet[Payment]", text: str) -> list[int]:
    """Those with `text` in payer or reference. The few of some months are read: SQLite knows no case of Cyrillic."""
    sought = search_key(text)
    rows = payments.order_by().values_list("pk", "payer", "reference").iterator(_CHUNK)
    return [pk for pk, payer, reference in rows if sought in search_key(f"{payer} {reference}")]


def total_of(payments: "QuerySet[Payment]") -> Decimal:
    return payments.order_by().aggregate(sum=Sum("amount"))["sum"] or ZERO


def report(payments: "QuerySet[Payment]", wanted: Wanted, accounts: Iterable[Account]) -> Report:
    """The payments in their order, read in chunks, with their sum; texts are in the language then active."""
    here, language = current_profile(), get_language() or "en"
    known = list(accounts)
    facts = (
        Fact("period", _("Period"), days(wanted.first, wanted.last)),
        *(Fact("client", _("Client"), known[0].client.name) for _one in known[:1]),
        Fact("account", _("Account"), ", ".join(account.number for account in known)),
        Fact("currency", _("Currency"), here.currency),
    )
    totals = (None, None, None, _("Total"), total_of(payments))
    section = Section("payments", "", _columns(), _rows(payments), totals)
    # Translators: «Платежи»
    return Report("payments", _("Payments"), language, facts, (section,), clock.now().astimezone(here.zone))


def _columns() -> tuple[Column, ...]:
    return (
        Column("received", _("Received"), Cells.DATE, 12),
        Column("account", _("Account"), Cells.TEXT, 16),
        Column("payer", _("Payer"), Cells.TEXT, 36),
        Column("reference", _("Reference"), Cells.TEXT, 28),
        Column("amount", _("Amount"), Cells.AMOUNT, 14),
    )


def _rows(payments: "QuerySet[Payment]") -> Iterator[Row]:
    zone = current_profile().zone
    for payment in payments.iterator(chunk_size=_CHUNK):
        day = payment.received_at.astimezone(zone).date()
        yield day, payment.account.number, payment.payer or None, payment.reference, payment.amount


def may_order(_account: Account, params: Params) -> Answer:
    wanted = Wanted.read(params)
    return may_see_payments(current_profile(), clock.now(), wanted.first, wanted.last)


@contextmanager
def _collect(request: Ordered) -> Iterator[Document]:
    wanted = Wanted.read(request.params)
    found = narrowed(Payment.objects.as_system().filter(account=request.account), wanted)
    yield Document(report(found, wanted, [request.account]), found.count())


def _describe(request: Ordered) -> str:
    wanted = Wanted.read(request.params)
    return _("Payments for %(days)s") % {"days": days(wanted.first, wanted.last)}


def _file_name(request: Ordered) -> str:
    wanted = Wanted.read(request.params)
    return f"payments-{request.account.number}-{wanted.first}-{wanted.last}"


def _subject(request: Ordered) -> str:
    return _("Payments of account %(number)s") % {"number": request.account.number}


KIND = Kind(
    key="payments",
    label=gettext_lazy("Payment history"),
    right=Right.SEE_FINANCE,
    formats=("pdf", "xlsx", "txt", "xml", "html", "csv"),
    why_not=may_order,
    collect=_collect,
    describe=_describe,
    file_name=_file_name,
    subject=_subject,
)
